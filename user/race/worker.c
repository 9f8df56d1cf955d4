/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One task of a race: takes its place, lines up, races between two snapshots of itself. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "race/arena.h"

const char *task_name(const struct arena *arena, unsigned int index, char name[32])
{
	if (index == arena->spec->workers)
		snprintf(name, 32, "the owner");
	else
		snprintf(name, 32, "worker %u", index);
	return name;
}

static int pin(int cpu)
{
	size_t bytes = CPU_ALLOC_SIZE((size_t)cpu + 1);
	cpu_set_t *set;
	int err;

	if (cpu < 0)
		return 0;
	/* Not the fixed kind, which ends at CPU 1023. */
	set = CPU_ALLOC((size_t)cpu + 1);
	if (!set)
		return -ENOMEM;
	CPU_ZERO_S(bytes, set);
	CPU_SET_S((size_t)cpu, bytes, set);
	err = sched_setaffinity(0, bytes, set) ? -errno : 0;
	CPU_FREE(set);
	return err;
}

static int race(struct arena *arena, unsigned int index)
{
	const struct strategy *strategy = arena->spec->strategy;
	struct worker *worker = &arena->tasks[index].worker;

	if (index == arena->spec->workers)
		return strategy->own(worker);
	return strategy->work(worker);
}

void task_main(struct arena *arena, unsigned int index)
{
	struct task *task = &arena->tasks[index];
	struct task_report *report = &task->report;
	const struct tb_slot *slot;
	char name[32];
	int err;

	task_name(arena, index, name);
	err = pin(arena->spec->cpus[index]);
	if (err)
		arena_fail(arena, "%s cannot be pinned to CPU %d: %s", name,
			   arena->spec->cpus[index], strerror(-err));
	/* Touches the pages, so that no snapshot is charged with the faults. */
	*report = (struct task_report){ .tid = gettid() };
	slot = window_slot(arena->spec->slots, arena->spec->n_slots, report->tid);
	report->has_slot = slot != NULL;
	report->crossing_ns = window_crossing_ns(slot);
	err = start_line_up(&arena->start, arena->n_tasks, arena->bell);
	if (err)
		arena_fail(arena, "%s cannot line up: %s", name, strerror(-err));
	report->cpu = sched_getcpu();

	window_open(&report->start, slot);
	err = race(arena, index);
	window_close(&report->end, slot);

	if (err)
		arena_fail(arena, "%s: %s", name, strerror(-err));
	report->done = task->worker.done;
	report->reads = task->worker.reads;
	report->finished = true;
}
