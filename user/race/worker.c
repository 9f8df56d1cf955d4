/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One task of a race: takes its place, lines up, races between two snapshots of itself. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "race/arena.h"
#include "race/pin.h"

const char *task_name(const struct arena *arena, unsigned int index, char name[32])
{
	if (index == arena->spec->workers)
		snprintf(name, 32, "the owner");
	else
		snprintf(name, 32, "worker %u", index);
	return name;
}

/* Work and pace of the task; a shaped race has it ready before anybody starts. */
static void shape(struct arena *arena, unsigned int index)
{
	const struct race_spec *spec = arena->spec;
	struct race_shape *shape = &arena->race.shapes[index];
	int cpu = spec->cpus[index];

	if (spec->load.critical_ns)
		shape->critical = work_steps(spec->rates, cpu, spec->load.critical_ns, true);
	if (spec->load.think_ns)
		shape->think = work_steps(spec->rates, cpu, spec->load.think_ns,
					  spec->load.critical_ns == 0);
	if (spec->load.pace)
		shape->interval_ns =
			(double)spec->workers * (double)NS_PER_S / (double)spec->load.pace;
	shape->every = spec->sample_every;
	shape->clock_ns = spec->clock_ns;
	shape->seed = spec->sample_seed;
	shape->counts_runs = strategy_excludes(spec->strategy, &spec->load);
}

/*
 * Makes the task's own way to each page, for who touches one first has to wait for the kernel, and
 * that would be in the latency of a pass. Adds nothing, in one step: others have it as it was.
 */
static void touch(void *memory, size_t bytes)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t at = (uintptr_t)memory, end = at + bytes;

	for (; at < end; at = (at / page + 1) * page)
		__atomic_fetch_add((uint64_t *)at, 0, __ATOMIC_RELAXED);
}

/* All that the task reads or writes while it races; the owner also what its senders tell. */
static void touch_shapes(struct arena *arena, unsigned int index)
{
	struct race_shape *shapes = arena->race.shapes;

	touch(&shapes[index], sizeof(shapes[index]));
	for (unsigned int i = 0; index == arena->spec->workers && i < index; i++) {
		touch(&shapes[i].first_ns, sizeof(shapes[i].first_ns));
		touch(shapes[i].sent_ns, sizeof(shapes[i]) - offsetof(struct race_shape, sent_ns));
	}
}

/* Workers are meant to begin evenly spread over the first interval. */
static void shape_from(struct arena *arena, unsigned int index)
{
	struct race_shape *shape = &arena->race.shapes[index];
	double part = (double)index / arena->spec->workers;

	__atomic_store_n(&shape->first_ns,
			 arena->start.at_ns + (uint64_t)(part * shape->interval_ns),
			 __ATOMIC_RELAXED);
	shape_begin(&arena->tasks[index].worker);
}

static int race(struct arena *arena, unsigned int index)
{
	const struct strategy *strategy = arena->spec->strategy;
	struct worker *worker = &arena->tasks[index].worker;

	if (index == arena->spec->workers)
		return strategy->own(worker);
	return strategy->work(worker);
}

static void report_runs(struct task_report *report, const struct race_shape *shape)
{
	report->passes = shape->passes;
	report->runs = shape->runs;
	report->longest_run = shape->longest_run;
}

static void open_counters(const struct arena *arena, struct perf_group *group,
			  struct perf_reading *reading)
{
	*group = (struct perf_group){ 0 };
	if (arena->spec->counted)
		reading->error = perf_group_open(arena->spec->counted, group);
}

static void read_counters(struct perf_group *group, int err, struct perf_reading *reading)
{
	if (!err)
		err = perf_group_read(group, reading);
	if (err)
		reading->error = err;
	perf_group_close(group);
}

/* The race between its two snapshots. What is counted besides lies inside of them. */
static int race_timed(struct arena *arena, unsigned int index, const struct tb_slot *slot,
		      struct perf_group *group)
{
	struct task_report *report = &arena->tasks[index].report;
	int enabled, disabled, err;

	window_open(&report->start, slot);
	enabled = perf_group_enable(group);
	err = race(arena, index);
	disabled = perf_group_disable(group);
	window_close(&report->end, slot);
	read_counters(group, enabled ? enabled : disabled, &report->counted);
	return err;
}

void task_main(struct arena *arena, unsigned int index)
{
	struct task *task = &arena->tasks[index];
	struct task_report *report = &task->report;
	const struct tb_slot *slot;
	struct perf_group group;
	char name[32];
	int err;

	task_name(arena, index, name);
	err = pin_to(arena->spec->cpus[index]);
	if (err)
		arena_fail(arena, "%s cannot be pinned to CPU %d: %s", name,
			   arena->spec->cpus[index], strerror(-err));
	/* Touches the pages, so that no snapshot is charged with the faults. */
	*report = (struct task_report){ .tid = gettid() };
	slot = window_slot(arena->spec->slots, arena->spec->n_slots, report->tid);
	report->has_slot = slot != NULL;
	report->crossing_ns = window_crossing_ns(slot);
	if (arena->race.shapes) {
		touch_shapes(arena, index);
		shape(arena, index);
	}
	open_counters(arena, &group, &report->counted);
	err = start_line_up(&arena->start, arena->n_tasks, arena->bell);
	if (err)
		arena_fail(arena, "%s cannot line up: %s", name, strerror(-err));
	report->cpu = sched_getcpu();
	if (arena->race.shapes)
		shape_from(arena, index);

	err = race_timed(arena, index, slot, &group);
	if (err)
		arena_fail(arena, "%s: %s", name, strerror(-err));
	report->done = task->worker.done;
	report->reads = task->worker.reads;
	if (arena->race.shapes)
		report_runs(report, &arena->race.shapes[index]);
	report->finished = true;
}
