/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/record.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/stats.h"

int record_init(struct record *record, const struct entry *entry)
{
	unsigned int n = entry->n_cpus;

	*record = (struct record){ .entry = entry, .n_tasks = n };
	record->cpus = calloc(n, sizeof(*record->cpus));
	record->tids = calloc(n, sizeof(*record->tids));
	record->untraced = calloc(n, sizeof(*record->untraced));
	record->traced = calloc(n, sizeof(*record->traced));
	return record->cpus && record->tids && record->untraced && record->traced ? 0 : -ENOMEM;
}

void record_free(struct record *record)
{
	free(record->cpus);
	free(record->tids);
	free(record->untraced);
	free(record->traced);
	free(record->futexes);
	free(record->ns_per_op.values);
	free(record->ops_per_s.values);
	free(record->wall_ns.values);
	free(record->cpu_ns_per_op.values);
	free(record->overlap.values);
	free(record->jain.values);
	free(record->min_share.values);
	free(record->max_share.values);
	free(record->traced_ns_per_op.values);
}

static int append(struct samples *samples, double value)
{
	double *grown = realloc(samples->values, (samples->n + 1) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	grown[samples->n++] = value;
	samples->values = grown;
	return 0;
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
	err = append(&record->jain, stats_jain(shares, n));
	if (!err)
		err = append(&record->min_share, least);
	if (!err)
		err = append(&record->max_share, most);
	free(shares);
	return err;
}

static int add_untraced(struct record *record, const struct race_outcome *outcome, double ops,
			double wall_ns)
{
	int err = append(&record->ns_per_op, wall_ns / ops);

	if (!err)
		err = append(&record->ops_per_s, ops * 1e9 / wall_ns);
	if (!err)
		err = append(&record->wall_ns, wall_ns);
	if (!err)
		err = append(&record->cpu_ns_per_op, (double)cpu_ns_of(outcome) / ops);
	if (!err)
		err = append(&record->overlap, overlap_of(record, outcome, wall_ns));
	if (!err)
		err = add_fairness(record, outcome);
	add_usage(record, outcome);
	return err;
}

/* The same name in every run, whatever addresses the memory was given. */
static void name_futex(char name[32], const struct race_outcome *outcome, uint64_t address)
{
	if (address - outcome->object < outcome->object_bytes)
		snprintf(name, 32, "object+0x%llx",
			 (unsigned long long)(address - outcome->object));
	else
		snprintf(name, 32, "0x%llx", (unsigned long long)address);
}

static struct futex_sum *futex_of(struct record *record, const char *name)
{
	struct futex_sum *grown;

	for (size_t i = 0; i < record->n_futexes; i++)
		if (strcmp(record->futexes[i].name, name) == 0)
			return &record->futexes[i];
	grown = realloc(record->futexes, (record->n_futexes + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	record->futexes = grown;
	grown += record->n_futexes++;
	*grown = (struct futex_sum){ 0 };
	snprintf(grown->name, sizeof(grown->name), "%s", name);
	return grown;
}

/* A word keeps its place in a slot's table, so entries of two snapshots pair by index. */
static int add_futexes(struct record *record, const struct race_outcome *outcome,
		       const struct task_report *task)
{
	for (int i = 0; i < TB_FUTEXES; i++) {
		const struct tb_futex *from = &task->start.slot.futexes[i];
		const struct tb_futex *to = &task->end.slot.futexes[i];
		struct futex_sum *sum;
		char name[32];

		if (to->slept == from->slept)
			continue;
		name_futex(name, outcome, to->address);
		sum = futex_of(record, name);
		if (!sum)
			return -ENOMEM;
		sum->slept += to->slept - from->slept;
		sum->wait_ns += to->wait_ns - from->wait_ns;
	}
	return 0;
}

/* Task by task: one that lacks time must not be made up for by another that has too much. */
static bool is_accounted(const struct counts *window)
{
	return fabs((double)counts_unaccounted_ns(window)) <=
	       COUNTS_TOLERANCE * (double)window->wall_ns;
}

static int add_traced(struct record *record, const struct race_outcome *outcome, double ops,
		      double wall_ns)
{
	struct counts window;
	int err = append(&record->traced_ns_per_op, wall_ns / ops);

	for (unsigned int i = 0; i < outcome->n_tasks && !err; i++) {
		const struct task_report *task = &outcome->tasks[i];

		counts_of_window(&window, task);
		counts_add(&record->traced[i], &window);
		record->tids[i] = task->tid;
		record->windows++;
		record->voluntary_agree += window.voluntary == window.rusage_voluntary;
		record->involuntary_agree += window.involuntary == window.rusage_involuntary;
		record->accounted += is_accounted(&window);
		err = add_futexes(record, outcome, task);
	}
	return err;
}

int record_add(struct record *record, enum level level, const struct race_outcome *outcome)
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
			 "no worker got the CPU before the time was up (longer --duration?)");
		return 0;
	}
	for (unsigned int i = 0; i < outcome->n_tasks; i++)
		record->cpus[i] = outcome->tasks[i].cpu;
	if (level == LEVEL_WARMUP)
		return 0;
	extent = extent_of(outcome->tasks, outcome->n_tasks);
	wall_ns = (double)(extent.last_end - extent.first_start);
	ops = (double)ops_of(outcome);
	record->expected += ops_of(outcome);
	record->final += outcome->final;
	if (level == LEVEL_SLEEPS)
		return add_traced(record, outcome, ops, wall_ns);
	return add_untraced(record, outcome, ops, wall_ns);
}
