/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/cost.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hint.h"
#include "race/engine.h"
#include "session/stats.h"
#include "session/traced_race.h"
#include "strategy/registry.h"

#define DEADLINE_NS (10 * NS_PER_S) /* a race that is not over by then hangs */
#define SEED 1 /* of the resamples: the same times have the same interval */

static const struct {
	const char *name;
	enum level level;
	bool floor;
} kinds[COST_KINDS] = {
	[COST_UNTRACED] = { "untraced", LEVEL_UNTRACED, false },
	[COST_FLOOR_OF_SLEEPS] = { "sleeps, empty programs", LEVEL_SLEEPS, true },
	[COST_SLEEPS] = { "sleeps", LEVEL_SLEEPS, false },
	[COST_FLOOR_OF_CALLS] = { "calls, empty programs", LEVEL_CALLS, true },
	[COST_CALLS] = { "calls", LEVEL_CALLS, false },
	[COST_WAKERS] = { "wakers", LEVEL_WAKERS, false },
};

const char *cost_name(enum cost_kind kind)
{
	return kinds[kind].name;
}

static double ns_per_op(const struct race_outcome *outcome)
{
	uint64_t first_ns = UINT64_MAX, last_ns = 0, done = 0;

	for (unsigned int i = 0; i < outcome->n_tasks; i++) {
		const struct task_report *task = &outcome->tasks[i];

		if (task->start.clock_ns < first_ns)
			first_ns = task->start.clock_ns;
		if (task->end.clock_ns > last_ns)
			last_ns = task->end.clock_ns;
		done += task->done;
	}
	return (double)(last_ns - first_ns) / (double)done;
}

static void race_on_floor(struct floor *floor, enum level level, const struct race_spec *spec,
			  struct race_outcome *outcome)
{
	int err = floor_attach(floor, level, race_is_on_one_cpu(spec));

	if (err) {
		*outcome = (struct race_outcome){ .status = RACE_FAILED };
		snprintf(outcome->reason, sizeof(outcome->reason),
			 "empty programs cannot be attached: %s%s", strerror(-err),
			 limit_hint(-err));
		return;
	}
	race_run(spec, outcome);
	floor_detach(floor);
}

static void race(const struct cost_options *options, enum cost_kind kind,
		 struct race_outcome *outcome)
{
	const int cpus[COST_TASKS] = { options->cpu, options->cpu };
	struct race_spec spec = {
		.strategy = strategy_find("turn-futex"),
		.mode = MODE_THREADS,
		.workers = COST_TASKS,
		.duration_ns = options->race_ns,
		.iterations = RACE_NO_LIMIT,
		.load = { .batch = 1, .permits = 1, .message = RACE_MESSAGE_MIN },
		.deadline_ns = DEADLINE_NS,
		.cpus = cpus,
		.interrupt_fd = options->interrupt_fd,
	};

	if (kinds[kind].level == LEVEL_UNTRACED)
		race_run(&spec, outcome);
	else if (kinds[kind].floor)
		race_on_floor(options->floor, kinds[kind].level, &spec, outcome);
	else
		race_run_traced(options->probe, kinds[kind].level, &spec, outcome);
}

static int measure_one(const struct cost_options *options, enum cost_kind kind, double *ns,
		       char reason[COST_REASON])
{
	struct race_outcome outcome;
	int err = 0;

	race(options, kind, &outcome);
	if (outcome.status == RACE_OK) {
		*ns = ns_per_op(&outcome);
	} else {
		err = outcome.status == RACE_INTERRUPTED ? -EINTR : -ECANCELED;
		snprintf(reason, COST_REASON, "turn-futex, %s: %s", kinds[kind].name,
			 outcome.reason);
	}
	race_outcome_free(&outcome);
	return err;
}

int cost_measure(const struct cost_options *options, struct cost_finding *finding,
		 char reason[COST_REASON])
{
	double warmup;
	int err = measure_one(options, COST_UNTRACED, &warmup, reason);

	for (enum cost_kind kind = 0; kind < COST_KINDS; kind++)
		finding->has[kind] = kinds[kind].level != LEVEL_CALLS ||
				     probe_sees_calls(options->probe);
	for (unsigned int i = 0; i < COST_REPEATS && !err; i++)
		for (unsigned int turn = i; turn < i + COST_KINDS && !err; turn++) {
			enum cost_kind kind = turn % COST_KINDS;

			if (finding->has[kind])
				err = measure_one(options, kind, &finding->ns_per_op[kind][i],
						  reason);
		}
	return err;
}

int cost_ratio(const struct cost_finding *finding, enum cost_kind above, enum cost_kind below,
	       struct estimate *ratio)
{
	return estimate_ratio(finding->ns_per_op[above], COST_REPEATS, finding->ns_per_op[below],
			      COST_REPEATS, SEED, ratio);
}
