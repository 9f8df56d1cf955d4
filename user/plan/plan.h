/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plan: what will be raced, on which CPUs and in which order. Made once from the options and
 * the machine, then only read. plan_free() frees all it points to but the strategies.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/level.h"
#include "plan/options.h"
#include "strategy/strategy.h"

/* A row of the report: one strategy in one mode with so many workers, at one point of the scan. */
struct entry {
	const struct strategy *strategy;
	enum mode mode;
	unsigned int workers;
	uint64_t duration_ns; /* OPTION_UNSET with fixed work */
	uint64_t each; /* iterations asked of each worker; OPTION_UNSET with a duration */
	uint64_t iterations; /* per worker, or RACE_NO_LIMIT: one who races alone does those of all */
	struct load load; /* the message of a strategy that takes none is the smallest */
	int *cpus; /* one per task, the owner last; -1: not pinned */
	unsigned int n_cpus; /* workers, and 1 more where there is an owner */
	const char *unsupported; /* why it is not raced, or NULL */
};

/* One race of the session. */
struct step {
	size_t entry;
	enum level level;
};

struct plan {
	const struct options *options; /* as resolved: no default is left open */
	struct entry *entries; /* in the registry's order, which is by family */
	size_t n_entries;
	unsigned int modes; /* IN_THREADS | IN_PROCESSES: all that were asked for */
	struct step *steps; /* in the order they are raced; no steps for unsupported entries */
	size_t n_steps;
};

struct machine;

/*
 * Resolves what the options leave open (worker count, seed) in `options` itself, and lays out the
 * races. `traced`: with steps at the levels of options->detail, and
 * for a timeline. Where the machine counts for workers,
 * there are steps for that, too. Returns 0 or a negative errno, logged; -EINVAL is
 * a mistake of the user's (an unknown strategy, a CPU that is not there).
 */
int plan_make(struct options *options, const struct machine *machine, bool traced,
	      struct plan *plan);
void plan_free(struct plan *plan);

/* Repeats of each entry in which stacks are taken, where tracing works. */
uint64_t plan_stack_repeats(const struct options *options);

/* Whether any of its races has work in it. */
bool plan_has_work(const struct plan *plan);

/* Seconds that all races take together at least: fixed work may take no time. */
double plan_least_s(const struct plan *plan);

/* Nanoseconds after which a race of this entry is taken for hung. */
uint64_t plan_deadline_ns(const struct plan *plan, const struct entry *entry);

#endif
