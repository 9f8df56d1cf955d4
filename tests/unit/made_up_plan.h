/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plans made from a registry and a machine of the test's own: defining all of registry.h here keeps
 * the linker from taking the real one out of the library. For one source file of a program.
 */
#ifndef TRACEBENCH_TESTS_MADE_UP_PLAN_H
#define TRACEBENCH_TESTS_MADE_UP_PLAN_H

#include <errno.h>
#include <string.h>

#include "lib/check_main.h"
#include "plan/machine.h"
#include "plan/plan.h"
#include "strategy/registry.h"
#include "unit/option_lines.h"

static int own(struct worker *owner)
{
	(void)owner;
	return 0;
}

static const char *not_here(void)
{
	return "this needs another kernel";
}

static const char *too_long(uint64_t bytes)
{
	return bytes > 1000 ? "1000 bytes are all it carries" : NULL;
}

static const struct strategy sequential = { .name = "sequential",
					    .family = FAMILY_PLAIN,
					    .modes = IN_BOTH,
					    .one_worker = true,
					    .in_default = true };
static const struct strategy mutex = { .name = "mutex",
				       .family = FAMILY_LOCK,
				       .modes = IN_BOTH,
				       .in_default = true,
				       .batches = true };
static const struct strategy spin = { .name = "spin",
				      .family = FAMILY_LOCK,
				      .modes = IN_THREADS,
				      .batches = true,
				      .takes_permits = true };
static const struct strategy uring = {
	.name = "uring", .family = FAMILY_LOCK, .modes = IN_BOTH, .unsupported = not_here
};
static const struct strategy queue = { .name = "queue",
				       .family = FAMILY_MESSAGE,
				       .modes = IN_PROCESSES,
				       .in_default = true,
				       .own = own,
				       .takes_message = true,
				       .message_obstacle = too_long };

const struct strategy *const strategies[] = { &sequential, &mutex, &spin, &uring, &queue };
const size_t n_strategies = sizeof(strategies) / sizeof(strategies[0]);

const struct strategy *strategy_find(const char *name)
{
	(void)name;
	return NULL;
}

const char *family_name(enum family family)
{
	static const char *const names[FAMILIES] = { "plain", "lock", "message", "local", "turn" };

	return names[family];
}

const char *mode_name(enum mode mode)
{
	return mode == MODE_THREADS ? "threads" : "processes";
}

static int spread_cpus[] = { 4, 6, 5 };
static int siblings[] = { 4, 5 };
static int l3_cpus[] = { 6, 4 };
static const struct machine machine = {
	.cpus = spread_cpus,
	.n_cpus = 3,
	.siblings = siblings,
	.n_siblings = 2,
	.l3_cpus = l3_cpus,
	.n_l3_cpus = 2,
	.cpus_online = 8,
};

/* Options and the plan made of them. */
struct planned {
	struct options options;
	bool done;
	int err;
	struct plan plan;
	char said[CAPTURE_BYTES];
};

/* Of a command line. Its names are gone with the next call; only plan_make() needs them. */
static inline struct planned plan_for(const char *words, bool traced)
{
	static char text[256];
	static struct planned planned;
	char *argv[32] = { (char *)"tracebench" }, *rest = text, *word;
	struct capture capture;
	int argc = 1;

	snprintf(text, sizeof(text), "%s", words);
	while ((word = strsep(&rest, " ")))
		if (*word)
			argv[argc++] = word;
	ck_assert_int_eq(options_parse(argc, argv, &planned.options, &planned.done), 0);
	capture = capture_start(STDERR_FILENO);
	planned.err = plan_make(&planned.options, &machine, traced, &planned.plan);
	capture_end(&capture, planned.said);
	return planned;
}

/* Declares `name`, whose plan has to point to the options beside it, not to those copied from. */
#define PLANNED(name, words, traced) \
	struct planned name = plan_for((words), (traced)); \
	(name).plan.options = &(name).options

static inline void done_with(struct planned *planned)
{
	plan_free(&planned->plan);
	options_free(&planned->options);
}

static inline size_t steps_of(const struct plan *plan, size_t entry, enum level level, size_t from,
			      size_t to)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += plan->steps[i].entry == entry && plan->steps[i].level == level;
	return n;
}

#endif
