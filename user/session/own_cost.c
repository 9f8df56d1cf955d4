/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/own_cost.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "race/engine.h"
#include "strategy/registry.h"

#define RACE_NS (20 * NS_PER_MS)
#define DEADLINE_NS (10 * NS_PER_S) /* a race that is not over by then hangs */

static int race(struct probe *probe, const struct own_cost_pass *pass, char reason[OWN_COST_REASON])
{
	const int cpus[OWN_COST_TASKS] = { pass->cpu, pass->cpu };
	struct race_spec spec = {
		.strategy = strategy_find("turn-futex"),
		.mode = MODE_THREADS,
		.workers = OWN_COST_TASKS,
		.duration_ns = RACE_NS,
		.iterations = RACE_NO_LIMIT,
		.load = { .batch = 1, .permits = 1, .message = RACE_MESSAGE_MIN },
		.deadline_ns = DEADLINE_NS,
		.cpus = cpus,
		.keep_root = pass->keep_root,
		.before_start = probe_target,
		.context = probe,
		.interrupt_fd = pass->interrupt_fd,
	};
	struct race_outcome outcome;
	bool ok;

	spec.slots = probe_slots(probe, &spec.n_slots);
	race_run(&spec, &outcome);
	ok = outcome.status == RACE_OK;
	if (!ok)
		snprintf(reason, OWN_COST_REASON, "the race for it failed: %s", outcome.reason);
	race_outcome_free(&outcome);
	return ok ? 0 : -ECANCELED;
}

/* Both lists are of the same attachment, so they name the same programs in the same order. */
static int add_runs(struct own_cost *cost, enum level level, const struct program_cost *before,
		    const struct program_cost *after, size_t n)
{
	struct program_runs *grown =
		reallocarray(cost->programs, cost->n_programs + n + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	cost->programs = grown;
	for (size_t i = 0; i < n; i++)
		cost->programs[cost->n_programs++] = (struct program_runs){
			.level = level,
			.name = after[i].name,
			.runs = after[i].runs - before[i].runs,
			.run_ns = after[i].run_ns - before[i].run_ns,
		};
	return 0;
}

static int clock_attached(struct probe *probe, const struct own_cost_pass *pass, enum level level,
			  struct own_cost *cost)
{
	struct program_cost *before = NULL, *after = NULL;
	size_t n = 0;
	int err = probe_programs(probe, &before, &n);

	if (!err)
		err = race(probe, pass, cost->reason);
	if (!err)
		err = probe_programs(probe, &after, &n);
	if (!err)
		err = add_runs(cost, level, before, after, n);
	free(before);
	free(after);
	return err;
}

/* Wake-ups are watched even here, on one CPU, so that the program for them is clocked as well. */
static int clock_level(struct probe *probe, const struct own_cost_pass *pass, enum level level,
		       struct own_cost *cost)
{
	int err = probe_attach(probe, level, false);

	if (err)
		return err;
	err = clock_attached(probe, pass, level, cost);
	probe_detach(probe);
	return err;
}

static void explain(int err, char reason[OWN_COST_REASON])
{
	if (*reason)
		return;
	if (err == -EPERM)
		snprintf(reason, OWN_COST_REASON,
			 "the kernel's statistics of BPF programs need CAP_SYS_ADMIN (or root)");
	else if (err == -EINVAL)
		snprintf(reason, OWN_COST_REASON,
			 "this kernel keeps no statistics of BPF programs on demand (Linux 5.8 or "
			 "later does)");
	else
		snprintf(reason, OWN_COST_REASON, "BPF programs cannot be clocked: %s",
			 strerror(-err));
}

/* All levels or none: a part would pass for the whole. */
static int clock_programs(struct probe *probe, const struct own_cost_pass *pass,
			  struct own_cost *cost)
{
	int statistics = cost_statistics_open();
	int err = statistics < 0 ? statistics : 0;

	for (enum level level = 0; level < LEVELS && !err; level++)
		if (pass->levels & 1U << level)
			err = clock_level(probe, pass, level, cost);
	if (statistics >= 0)
		close(statistics);
	if (err) {
		explain(err, cost->reason);
		cost->n_programs = 0;
	}
	return err == -ENOMEM ? err : 0;
}

int own_cost_measure(struct probe *probe, const struct own_cost_pass *pass, struct own_cost *cost)
{
	int err = probe_maps(probe, &cost->maps, &cost->n_maps);

	if (err) {
		explain(err, cost->reason);
		return err == -ENOMEM ? err : 0;
	}
	return clock_programs(probe, pass, cost);
}

void own_cost_free(struct own_cost *cost)
{
	free(cost->maps);
	free(cost->programs);
	*cost = (struct own_cost){ 0 };
}

uint64_t own_cost_maps_bytes(const struct own_cost *cost)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < cost->n_maps; i++)
		bytes += cost->maps[i].bytes;
	return bytes;
}
