/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/hardware_sum.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hint.h"

int hardware_sum_init(struct hardware_sum *sum, unsigned int n_tasks)
{
	*sum = (struct hardware_sum){ .n_tasks = n_tasks };
	sum->tasks = calloc(n_tasks, sizeof(*sum->tasks));
	return sum->tasks ? 0 : -ENOMEM;
}

void hardware_sum_free(struct hardware_sum *sum)
{
	free(sum->tasks);
}

/* The first reason stays. */
static void give_reason(struct hardware_sum *sum, const struct perf_reading *reading)
{
	if (*sum->reason)
		return;
	if (reading->error)
		snprintf(sum->reason, sizeof(sum->reason), "a task cannot count: %s%s",
			 strerror(-reading->error), limit_hint(-reading->error));
	else
		snprintf(sum->reason, sizeof(sum->reason),
			 "a task was never on the counters: others have them all");
}

static void add_reading(struct hardware_sum *sum, struct hardware_task_sum *task,
			const struct perf_reading *reading)
{
	if (reading->error || reading->running_ns == 0) {
		give_reason(sum, reading);
		return;
	}
	sum->multiplexed = sum->multiplexed || reading->running_ns < reading->enabled_ns;
	task->missing |= ~reading->counted;
	for (unsigned int i = 0; i < HARDWARE_EVENTS; i++)
		task->values[i] += perf_scaled(reading, i);
}

void hardware_sum_add(struct hardware_sum *sum, const struct race_outcome *outcome)
{
	sum->repeats++;
	for (unsigned int i = 0; i < sum->n_tasks; i++) {
		sum->tasks[i].ops += outcome->tasks[i].done;
		add_reading(sum, &sum->tasks[i], &outcome->tasks[i].counted);
	}
}
