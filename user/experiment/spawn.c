/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/spawn.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "experiment/spawn_kernel.h"
#include "experiment/spawn_work.h"
#include "plan/order.h"
#include "session/stats.h"
#include "session/traced_race.h"

/* The samples of a row in the making. */
struct series {
	struct samples create_ns;
	struct samples whole_ns;
	struct samples traced_whole_ns;
	struct samples starts_ns;
};

struct measurement {
	const struct spawn_options *options;
	struct spawn_memory *memory;
	size_t memory_bytes;
	struct spawn_row *rows;
	struct series *series; /* by row */
};

unsigned int spawn_slots(const struct spawn_options *options)
{
	return (unsigned int)options->iterations + 1;
}

static int map_memory(struct measurement *measurement)
{
	const struct spawn_options *options = measurement->options;
	struct spawn_memory *memory;

	measurement->memory_bytes =
		sizeof(*memory) + options->iterations * sizeof(memory->child[0]);
	memory = mmap(NULL, measurement->memory_bytes, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return -ENOMEM;
	measurement->memory = memory;
	return 0;
}

/* ---- One repeat ---- */

static void race(const struct measurement *measurement, const struct spawn_method *method,
		 enum level level, struct race_outcome *outcome)
{
	static const int unpinned[] = { -1 };
	const struct spawn_options *options = measurement->options;
	struct spawn_memory *memory = measurement->memory;
	struct race_spec spec = {
		.strategy = &spawn_strategy,
		.mode = MODE_PROCESSES,
		.workers = 1,
		.iterations = options->iterations,
		.load.batch = 1,
		.deadline_ns = options->timeout_ns,
		.cpus = unpinned,
		.keep_root = options->keep_root,
		.object = memory,
		.interrupt_fd = options->interrupt_fd,
	};

	memset(memory, 0, measurement->memory_bytes);
	memory->method = method;
	memory->program = options->program;
	if (level != LEVEL_SLEEPS) {
		race_run(&spec, outcome);
		return;
	}
	memory->slots = probe_slots(options->probe, &memory->n_slots);
	race_run_traced(options->probe, level, &spec, outcome);
}

static void add_spawner_use(struct spawn_use *sum, const struct task_report *spawner)
{
	const struct snapshot *start = &spawner->start;
	const struct snapshot *end = &spawner->end;

	sum->cpu_ns += end->cpu_ns - start->cpu_ns;
	sum->minor_faults += end->minor_faults - start->minor_faults;
	sum->major_faults += end->major_faults - start->major_faults;
	sum->voluntary += end->voluntary - start->voluntary;
	sum->involuntary += end->involuntary - start->involuntary;
}

static void add_children_use(struct spawn_use *sum, const struct spawn_use *more)
{
	sum->cpu_ns += more->cpu_ns;
	sum->minor_faults += more->minor_faults;
	sum->major_faults += more->major_faults;
	sum->voluntary += more->voluntary;
	sum->involuntary += more->involuntary;
}

static int add_untraced(struct spawn_row *row, struct series *series,
			const struct spawn_memory *memory, uint64_t n,
			const struct task_report *spawner)
{
	int err = samples_append(&series->create_ns, (double)memory->create_ns / (double)n);

	if (!err)
		err = samples_append(&series->whole_ns, (double)memory->whole_ns / (double)n);
	row->creations += n;
	add_spawner_use(&row->spawner, spawner);
	add_children_use(&row->children, &memory->children);
	return err;
}

static int add_traced(struct spawn_row *row, struct series *series,
		      const struct measurement *measurement, uint64_t n,
		      const struct task_report *spawner)
{
	struct spawn_repeat repeat = {
		.makes = row->method->makes,
		.memory = measurement->memory,
		.spawner = spawner,
		.n = n,
	};
	double starts_ns;
	int err;

	repeat.slots = probe_slots(measurement->options->probe, &repeat.n_slots);
	starts_ns = spawn_kernel_add(&row->kernel, &repeat);
	probe_add_losses(measurement->options->probe, row->kernel.lost);
	row->traced = true;
	err = samples_append(&series->traced_whole_ns,
			     (double)measurement->memory->whole_ns / (double)n);
	return err ? err : samples_append(&series->starts_ns, starts_ns);
}

/* A repeat that failed has its own words for it where the spawner found out. */
static void keep_reason(struct spawn_row *row, const struct spawn_memory *memory,
			const struct race_outcome *outcome)
{
	const char *reason = outcome->status == RACE_FAILED && *memory->failure ? memory->failure :
										  outcome->reason;

	row->status = outcome->status;
	snprintf(row->reason, sizeof(row->reason), "%s", reason);
}

static int take_step(const struct measurement *measurement, const struct step *step)
{
	const struct spawn_memory *memory = measurement->memory;
	struct series *series = &measurement->series[step->entry];
	struct spawn_row *row = &measurement->rows[step->entry];
	uint64_t n = measurement->options->iterations;
	struct race_outcome outcome;
	int err = 0;

	race(measurement, row->method, step->level, &outcome);
	if (memory->resident_bytes > row->resident_bytes)
		row->resident_bytes = memory->resident_bytes;
	if (outcome.status != RACE_OK)
		keep_reason(row, memory, &outcome);
	else if (step->level == LEVEL_UNTRACED)
		err = add_untraced(row, series, memory, n, &outcome.tasks[0]);
	else if (step->level == LEVEL_SLEEPS)
		err = add_traced(row, series, measurement, n, &outcome.tasks[0]);
	race_outcome_free(&outcome);
	return err;
}

/* ---- All of them ---- */

static bool interrupted(const struct spawn_options *options)
{
	struct pollfd polled = { .fd = options->interrupt_fd, .events = POLLIN };

	return poll(&polled, 1, 0) > 0;
}

static int take_steps(const struct measurement *measurement, const struct step *steps,
		      size_t n_steps)
{
	const struct spawn_options *options = measurement->options;
	int err = 0;

	for (size_t i = 0; i < n_steps && !err && !interrupted(options); i++) {
		const struct spawn_row *row = &measurement->rows[steps[i].entry];

		if (row->status != RACE_OK)
			continue;
		if (options->progress)
			options->progress(i, n_steps, row->method->name);
		err = take_step(measurement, &steps[i]);
	}
	return err;
}

static int race_all(const struct measurement *measurement, const size_t *entries, size_t n_entries)
{
	static const enum level levels[] = { LEVEL_UNTRACED, LEVEL_SLEEPS };
	const struct spawn_options *options = measurement->options;
	const struct rounds rounds = {
		.entries = entries,
		.n_entries = n_entries,
		.warmup = options->warmup,
		.repeats = options->repeats,
		.levels = levels,
		.n_levels = options->probe ? 2 : 1,
		.seed = options->seed,
	};
	struct step *steps = NULL;
	size_t n_steps;
	int err = order_rounds(&rounds, &steps, &n_steps);

	if (!err)
		err = take_steps(measurement, steps, n_steps);
	free(steps);
	return err;
}

static int estimate(const struct samples *samples, uint64_t seed, struct estimate *estimate)
{
	return estimate_median(samples->values, samples->n, seed, estimate);
}

static int estimate_all(struct spawn_row *row, const struct series *series, uint64_t seed)
{
	int err = estimate(&series->create_ns, seed, &row->create_ns);

	if (!err)
		err = estimate(&series->whole_ns, seed, &row->whole_ns);
	if (!err)
		err = estimate(&series->starts_ns, seed, &row->kernel.starts_ns);
	if (!err)
		err = estimate_ratio(series->traced_whole_ns.values, series->traced_whole_ns.n,
				     series->whole_ns.values, series->whole_ns.n, seed,
				     &row->kernel.slowdown);
	return err;
}

static void series_free(struct series *series)
{
	free(series->create_ns.values);
	free(series->whole_ns.values);
	free(series->traced_whole_ns.values);
	free(series->starts_ns.values);
}

/* Notes those that can be measured here in entries[]. Returns how many. */
static size_t make_rows(const struct spawn_method *const *methods, size_t n_methods,
			struct spawn_row *rows, size_t *entries)
{
	size_t n = 0;

	for (size_t i = 0; i < n_methods; i++) {
		rows[i] = (struct spawn_row){ .method = methods[i] };
		if (methods[i]->unsupported)
			rows[i].unsupported = methods[i]->unsupported();
		if (!rows[i].unsupported)
			entries[n++] = i;
	}
	return n;
}

int spawn_measure(const struct spawn_options *options, const struct spawn_method *const *methods,
		  size_t n_methods, struct spawn_row *rows, bool *complete)
{
	struct measurement measurement = {
		.options = options,
		.rows = rows,
		.series = calloc(n_methods, sizeof(struct series)),
	};
	size_t *entries = calloc(n_methods, sizeof(*entries));
	int err = measurement.series && entries ? map_memory(&measurement) : -ENOMEM;

	*complete = false;
	if (err)
		goto out;
	err = race_all(&measurement, entries, make_rows(methods, n_methods, rows, entries));
	*complete = !interrupted(options);
	munmap(measurement.memory, measurement.memory_bytes);
	for (size_t i = 0; i < n_methods; i++) {
		if (!err)
			err = estimate_all(&rows[i], &measurement.series[i], options->seed);
		series_free(&measurement.series[i]);
	}
out:
	free(entries);
	free(measurement.series);
	return err;
}

void spawn_free(struct spawn_row *rows, size_t n_rows)
{
	for (size_t i = 0; i < n_rows; i++) {
		free(rows[i].create_ns.samples);
		free(rows[i].whole_ns.samples);
		free(rows[i].kernel.starts_ns.samples);
	}
}
