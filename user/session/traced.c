/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/traced.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

int traced_init(struct traced *traced, unsigned int n_tasks)
{
	*traced = (struct traced){ .n_tasks = n_tasks };
	traced->tasks = calloc(n_tasks, sizeof(*traced->tasks));
	traced->tids = calloc(n_tasks, sizeof(*traced->tids));
	return traced->tasks && traced->tids ? 0 : -ENOMEM;
}

void traced_free(struct traced *traced)
{
	free(traced->ns_per_op.values);
	free(traced->tasks);
	free(traced->tids);
	waits_free(&traced->waits);
	free(traced->preemptors);
	other_sums_free(&traced->others);
	stack_sums_free(&traced->stacks);
}

static struct preemptor_sum *preemptor_of(struct traced *traced, const struct tb_preemptor *seen)
{
	struct preemptor_sum *sum;

	for (size_t i = 0; i < traced->n_preemptors; i++)
		if (traced->preemptors[i].pid == seen->pid &&
		    memcmp(traced->preemptors[i].comm, seen->comm, TB_COMM) == 0)
			return &traced->preemptors[i];
	sum = array_append(&traced->preemptors, &traced->n_preemptors, sizeof(*sum));
	if (!sum)
		return NULL;
	sum->pid = seen->pid;
	memcpy(sum->comm, seen->comm, TB_COMM);
	return sum;
}

/* A neighbour keeps its place in a slot's table, too. */
static int add_preemptors(struct traced *traced, const struct task_report *task)
{
	for (int i = 0; i < TB_PREEMPTORS; i++) {
		const struct tb_preemptor *from = &task->start.slot.preemptors[i];
		const struct tb_preemptor *to = &task->end.slot.preemptors[i];
		struct preemptor_sum *sum;

		if (to->count == from->count)
			continue;
		sum = preemptor_of(traced, to);
		if (!sum)
			return -ENOMEM;
		sum->count += to->count - from->count;
	}
	return 0;
}

/* Task by task: one that lacks time must not be made up for by another that has too much. */
static bool is_accounted(const struct counts *window)
{
	return fabs((double)counts_unaccounted_ns(window)) <=
	       COUNTS_TOLERANCE * (double)window->wall_ns;
}

int traced_add(struct traced *traced, const struct race_outcome *outcome, unsigned int workers,
	       const struct found *found, double ns_per_op)
{
	struct counts window;
	int err = samples_append(&traced->ns_per_op, ns_per_op);

	for (unsigned int i = 0; i < outcome->n_tasks && !err; i++) {
		const struct task_report *task = &outcome->tasks[i];

		counts_of_window(&window, task);
		counts_add(&traced->tasks[i], &window);
		traced->tids[i] = task->tid;
		traced->windows++;
		traced->voluntary_agree += window.voluntary == window.rusage_voluntary;
		traced->involuntary_agree += window.involuntary == window.rusage_involuntary;
		traced->accounted += is_accounted(&window);
		traced->ins_agree += counts_switch_ins(&window) ==
				     window.rusage_voluntary + window.rusage_involuntary;
		traced->ready_agree += counts_switch_ins(&window) == counts_ready(&window);
		call_totals_add(&traced->calls, &task->start.slot.calls, &task->end.slot.calls,
				task->crossing_ns);
		err = add_preemptors(traced, task);
		if (!err)
			err = other_sums_add(&traced->others, task->start.slot.others,
					     task->end.slot.others);
	}
	if (!err)
		err = waits_add(&traced->waits, outcome, workers, found);
	return err ? err : stack_sums_add(&traced->stacks, &found->findings, found->symbols);
}

void traced_sum(const struct traced *traced, struct counts *total)
{
	*total = (struct counts){ 0 };
	for (unsigned int i = 0; i < traced->n_tasks; i++)
		counts_add(total, &traced->tasks[i]);
}
