/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the processor counted, task by task and in all. */
#include <errno.h>
#include <stdlib.h>

#include "session/fields.h"
#include "session/merge.h"

/* Null where a task has no value in some race: a sum without it would be too small. */
static int64_t value_of(const struct hardware_task_sum *task, enum hardware_event event)
{
	return task->missing & 1U << event ? NO_INT : (int64_t)task->values[event];
}

static int merge_task(const struct record *record, unsigned int index, struct hardware_task *to)
{
	const struct hardware_task_sum *task = &record->hardware.tasks[index];

	*to = (struct hardware_task){
		.worker = index,
		.ops = (int64_t)task->ops,
		.cycles = value_of(task, HARDWARE_CYCLES),
		.instructions = value_of(task, HARDWARE_INSTRUCTIONS),
		.cache_references = value_of(task, HARDWARE_CACHE_REFERENCES),
		.cache_misses = value_of(task, HARDWARE_CACHE_MISSES),
		.branch_misses = value_of(task, HARDWARE_BRANCH_MISSES),
	};
	return merge_text(&to->role, index < record->entry->workers ? "worker" : "owner");
}

static int64_t add(int64_t a, int64_t b)
{
	return a == NO_INT || b == NO_INT ? NO_INT : a + b;
}

static void add_task(struct hardware *sum, const struct hardware_task *task)
{
	sum->cycles = add(sum->cycles, task->cycles);
	sum->instructions = add(sum->instructions, task->instructions);
	sum->cache_references = add(sum->cache_references, task->cache_references);
	sum->cache_misses = add(sum->cache_misses, task->cache_misses);
	sum->branch_misses = add(sum->branch_misses, task->branch_misses);
}

static int merge_tasks(const struct record *record, struct hardware *hardware)
{
	int err = 0;

	hardware->per_worker = calloc(record->n_tasks + 1, sizeof(*hardware->per_worker));
	if (!hardware->per_worker)
		return -ENOMEM;
	hardware->cycles = 0;
	hardware->instructions = 0;
	hardware->cache_references = 0;
	hardware->cache_misses = 0;
	hardware->branch_misses = 0;
	for (unsigned int i = 0; i < record->n_tasks && !err; i++) {
		struct hardware_task *task = &hardware->per_worker[hardware->n_per_worker++];

		err = merge_task(record, i, task);
		add_task(hardware, task);
	}
	return err;
}

int merge_hardware(const struct merge_input *input, const struct record *record,
		   struct result *result)
{
	const struct hardware_sum *sum = &record->hardware;
	struct hardware *hardware;

	if (sum->repeats == 0)
		return 0;
	hardware = calloc(1, sizeof(*hardware));
	if (!hardware)
		return -ENOMEM;
	fields_clear(&hardware_shape, hardware);
	result->hardware = hardware;
	hardware->repeats = (int64_t)sum->repeats;
	hardware->kernel_included = input->machine->hardware.with_kernel;
	hardware->multiplexed = sum->multiplexed;
	hardware->ops = 0;
	for (unsigned int i = 0; i < record->n_tasks; i++)
		hardware->ops += (int64_t)sum->tasks[i].ops;
	if (*sum->reason)
		return merge_text(&hardware->reason, sum->reason);
	return merge_tasks(record, hardware);
}
