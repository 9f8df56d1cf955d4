/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/record.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/condition.h"
#include "session/stats.h"

int record_init(struct record *record, const struct entry *entry)
{
	unsigned int n = entry->n_cpus;
	int err;

	*record = (struct record){ .entry = entry, .n_tasks = n };
	record->cpus = calloc(n, sizeof(*record->cpus));
	record->untraced = calloc(n, sizeof(*record->untraced));
	record->shares = calloc(n, sizeof(*record->shares));
	record->runs = calloc(n, sizeof(*record->runs));
	if (!record->cpus || !record->untraced || !record->shares || !record->runs)
		return -ENOMEM;
	err = traced_init(&record->sleeps, n);
	if (!err)
		err = traced_init(&record->calls, n);
	if (!err)
		err = traced_init(&record->wakers, n);
	if (!err)
		err = traced_init(&record->stacks, n);
	if (!err)
		err = traced_init(&record->timeline, n);
	return err ? err : hardware_sum_init(&record->hardware, n);
}

void record_free(struct record *record)
{
	free(record->cpus);
	free(record->untraced);
	free(record->shares);
	free(record->runs);
	free(record->latency);
	traced_free(&record->sleeps);
	traced_free(&record->calls);
	traced_free(&record->wakers);
	traced_free(&record->timeline);
	traced_free(&record->stacks);
	hardware_sum_free(&record->hardware);
	conditions_free(record->conditions, record->n_conditions);
	free(record->totals);
	free(record->ns_per_op.values);
	free(record->ops_per_s.values);
	free(record->wall_ns.values);
	free(record->cpu_ns_per_op.values);
	free(record->overlap.values);
	free(record->jain.values);
	free(record->min_share.values);
	free(record->max_share.values);
}

/* The extent of a race in time, over its tasks. */
struct extent {
	uint64_t first_start, last_start, first_end, last_end;
};

static struct extent extent_of(const struct task_report *tasks, unsigned int n)
{
	struct extent extent = { .first_start = UINT64_MAX, .first_end = UINT64_MAX };

	for (unsigned int i = 0; i < n; i++) {
		uint64_t start = tasks[i].start.clock_ns;
		uint64_t end = tasks[i].end.clock_ns;

		extent.first_start = start < extent.first_start ? start : extent.first_start;
		extent.last_start = start > extent.last_start ? start : extent.last_start;
		extent.first_end = end < extent.first_end ? end : extent.first_end;
		extent.last_end = end > extent.last_end ? end : extent.last_end;
	}
	return extent;
}

/* The share of the race's wall time in which all workers were at it; the owner is none. */
static double overlap_of(const struct record *record, const struct race_outcome *outcome,
			 double wall_ns)
{
	struct extent extent = extent_of(outcome->tasks, record->entry->workers);

	if (extent.first_end <= extent.last_start)
		return 0;
	return (double)(extent.first_end - extent.last_start) / wall_ns;
}

static uint64_t ops_of(const struct race_outcome *outcome)
{
	uint64_t ops = 0;

	for (unsigned int i = 0; i < outcome->n_tasks; i++)
		ops += outcome->tasks[i].done;
	return ops;
}

/* Those that the counter has to show. */
static uint64_t increments_of(const struct race_outcome *outcome)
{
	uint64_t reads = 0;

	for (unsigned int i = 0; i < outcome->n_tasks; i++)
		reads += outcome->tasks[i].reads;
	return ops_of(outcome) - reads;
}

static uint64_t cpu_ns_of(const struct race_outcome *outcome)
{
	uint64_t cpu_ns = 0;

	for (unsigned int i = 0; i < outcome->n_tasks; i++)
		cpu_ns += outcome->tasks[i].end.cpu_ns - outcome->tasks[i].start.cpu_ns;
	return cpu_ns;
}

static void add_usage(struct record *record, const struct race_outcome *outcome)
{
	struct counts window;

	for (unsigned int i = 0; i < outcome->n_tasks; i++) {
		const struct task_report *task = &outcome->tasks[i];

		counts_of_window(&window, task);
		counts_add(&record->untraced[i], &window);
		record->shares[i].ops += task->done;
		record->shares[i].cpu_ns += task->end.cpu_ns - task->start.cpu_ns;
		record->minor_faults += task->end.minor_faults - task->start.minor_faults;
		record->major_faults += task->end.major_faults - task->start.major_faults;
	}
}

/* With fixed work all shares are equal, and say nothing. */
static int add_fairness(struct record *record, const struct race_outcome *outcome)
{
	unsigned int n = record->entry->workers;
	double *shares = calloc(n, sizeof(*shares));
	double least = INFINITY, most = 0;
	int err = shares ? 0 : -ENOMEM;

	if (err || record->entry->iterations != RACE_NO_LIMIT) {
		free(shares);
		return err;
	}
	for (unsigned int i = 0; i < n; i++) {
		shares[i] = (double)outcome->tasks[i].done / (double)ops_of(outcome);
		least = fmin(least, shares[i]);
		most = fmax(most, shares[i]);
	}
	err = samples_append(&record->jain, stats_jain(shares, n));
	if (!err)
		err = samples_append(&record->min_share, least);
	if (!err)
		err = samples_append(&record->max_share, most);
	free(shares);
	return err;
}

static int add_untraced(struct record *record, const struct race_outcome *outcome, double ops,
			double wall_ns)
{
	int err = samples_append(&record->ns_per_op, wall_ns / ops);

	if (!err)
		err = samples_append(&record->ops_per_s, ops * 1e9 / wall_ns);
	if (!err)
		err = samples_append(&record->wall_ns, wall_ns);
	if (!err)
		err = samples_append(&record->cpu_ns_per_op, (double)cpu_ns_of(outcome) / ops);
	if (!err)
		err = samples_append(&record->overlap, overlap_of(record, outcome, wall_ns));
	if (!err)
		err = add_fairness(record, outcome);
	add_usage(record, outcome);
	return err;
}

static int add_latency(struct record *record, const struct race_outcome *outcome)
{
	if (!record->latency)
		record->latency = calloc(1, sizeof(*record->latency));
	if (!record->latency)
		return -ENOMEM;
	latency_merge(record->latency, outcome->latency);
	record->latency_repeats++;
	record->latency_ops += ops_of(outcome);
	record->latency_missed += outcome->missed;
	for (unsigned int i = 0; i < outcome->n_tasks; i++) {
		const struct task_report *task = &outcome->tasks[i];
		struct section_runs *runs = &record->runs[i];

		runs->passes += task->passes;
		runs->runs += task->runs;
		if (task->longest_run > runs->longest)
			runs->longest = task->longest_run;
	}
	return 0;
}

struct traced *record_traced(struct record *record, enum level level)
{
	return level == LEVEL_SLEEPS   ? &record->sleeps :
	       level == LEVEL_CALLS    ? &record->calls :
	       level == LEVEL_WAKERS   ? &record->wakers :
	       level == LEVEL_STACKS   ? &record->stacks :
	       level == LEVEL_TIMELINE ? &record->timeline :
					 NULL;
}

bool record_is_traced(const struct record *record)
{
	return record->sleeps.ns_per_op.n || record->calls.ns_per_op.n ||
	       record->timeline.ns_per_op.n;
}

static int add_total(struct record *record, uint64_t final)
{
	uint64_t *grown = realloc(record->totals, (record->n_totals + 1) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	grown[record->n_totals++] = final;
	record->totals = grown;
	record->final += final;
	return 0;
}

int record_add(struct record *record, enum level level, const struct race_outcome *outcome,
	       const struct found *found)
{
	struct extent extent;
	double wall_ns, ops;

	if (outcome->status != RACE_OK) {
		record->status = outcome->status;
		snprintf(record->reason, sizeof(record->reason), "%s", outcome->reason);
		return 0;
	}
	/* The machine was too busy to start anybody in time. */
	if (ops_of(outcome) == 0) {
		record->status = RACE_FAILED;
		snprintf(record->reason, sizeof(record->reason),
			 "no worker made an increment before the time was up (longer --duration?)");
		return 0;
	}
	for (unsigned int i = 0; i < outcome->n_tasks; i++)
		record->cpus[i] = outcome->tasks[i].cpu;
	if (level == LEVEL_WARMUP)
		return 0;
	extent = extent_of(outcome->tasks, outcome->n_tasks);
	wall_ns = (double)(extent.last_end - extent.first_start);
	ops = (double)ops_of(outcome);
	record->expected += increments_of(outcome);
	if (add_total(record, outcome->final))
		return -ENOMEM;
	if (level == LEVEL_LATENCY)
		return add_latency(record, outcome);
	if (level == LEVEL_COUNTERS) {
		hardware_sum_add(&record->hardware, outcome);
		return 0;
	}
	if (record_traced(record, level))
		return traced_add(record_traced(record, level), outcome, record->entry->workers,
				  found, wall_ns / ops);
	return add_untraced(record, outcome, ops, wall_ns);
}
