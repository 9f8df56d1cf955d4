/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/traced.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	free(traced->futexes);
	free(traced->preemptors);
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

static struct futex_sum *futex_of(struct traced *traced, const char *name)
{
	struct futex_sum *grown;

	for (size_t i = 0; i < traced->n_futexes; i++)
		if (strcmp(traced->futexes[i].name, name) == 0)
			return &traced->futexes[i];
	grown = realloc(traced->futexes, (traced->n_futexes + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	traced->futexes = grown;
	grown += traced->n_futexes++;
	*grown = (struct futex_sum){ 0 };
	snprintf(grown->name, sizeof(grown->name), "%s", name);
	return grown;
}

/* A word keeps its place in a slot's table, so entries of two snapshots pair by index. */
static int add_futexes(struct traced *traced, const struct race_outcome *outcome,
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
		sum = futex_of(traced, name);
		if (!sum)
			return -ENOMEM;
		sum->slept += to->slept - from->slept;
		sum->wait_ns += to->wait_ns - from->wait_ns;
	}
	return 0;
}

static struct preemptor_sum *preemptor_of(struct traced *traced, const struct tb_preemptor *seen)
{
	struct preemptor_sum *grown;

	for (size_t i = 0; i < traced->n_preemptors; i++)
		if (traced->preemptors[i].pid == seen->pid &&
		    memcmp(traced->preemptors[i].comm, seen->comm, TB_COMM) == 0)
			return &traced->preemptors[i];
	grown = realloc(traced->preemptors, (traced->n_preemptors + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	traced->preemptors = grown;
	grown += traced->n_preemptors++;
	*grown = (struct preemptor_sum){ .pid = seen->pid };
	memcpy(grown->comm, seen->comm, TB_COMM);
	return grown;
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

int traced_add(struct traced *traced, const struct race_outcome *outcome, double ns_per_op)
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
		call_totals_add(&traced->calls, &task->start.slot.calls, &task->end.slot.calls,
				task->crossing_ns);
		err = add_futexes(traced, outcome, task);
		if (!err)
			err = add_preemptors(traced, task);
	}
	return err;
}

void traced_sum(const struct traced *traced, struct counts *total)
{
	*total = (struct counts){ 0 };
	for (unsigned int i = 0; i < traced->n_tasks; i++)
		counts_add(total, &traced->tasks[i]);
}
