/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/spawn_kernel.h"

#include <math.h>

static uint64_t blocked_ns_of(const struct tb_slot *slot)
{
	uint64_t sum = 0;

	for (int i = 0; i < TB_REASONS; i++)
		sum += slot->blocked_ns[i];
	return sum;
}

/*
 * When a dead task was on a CPU for the first time: its slot says when it left it for the last time,
 * and the stretches between these two moments leave no gap.
 */
static uint64_t first_moment_ns(const struct tb_slot *slot)
{
	return slot->since_ns - slot->on_cpu_ns - slot->run_queue_ns - blocked_ns_of(slot);
}

static void add_life(struct spawn_kernel *kernel, const struct tb_slot *slot)
{
	kernel->tasks++;
	kernel->voluntary += slot->voluntary;
	kernel->involuntary += slot->involuntary;
	kernel->on_cpu_ns += slot->on_cpu_ns;
	kernel->run_queue_ns += slot->run_queue_ns;
	kernel->blocked_ns += blocked_ns_of(slot);
	kernel->migrations += slot->migrations;
	for (int i = 0; i < TB_LOSSES; i++)
		kernel->lost[i] += slot->lost[i];
}

/* Slots are taken in the order of birth. */
static const struct tb_slot *next_child(const struct spawn_repeat *repeat, unsigned int *at)
{
	while (*at < repeat->n_slots) {
		const struct tb_slot *slot = &repeat->slots[(*at)++];

		if (slot->tid && slot->tid != (uint32_t)repeat->spawner->tid)
			return slot;
	}
	return NULL;
}

/* The same of a creation: that of its process, or whichever is next where nobody knows its tid. */
static const struct tb_slot *next_of(const struct spawn_repeat *repeat,
				     const struct spawn_child *child, unsigned int *at)
{
	const struct tb_slot *slot;

	do
		slot = next_child(repeat, at);
	while (slot && child->pid && slot->tid != (uint32_t)child->pid);
	return slot;
}

/* A process: all that its own count may lack is the end, the last switch and some before it. */
static bool process_agrees(const struct tb_slot *slot, const struct spawn_child *child)
{
	uint64_t late = slot->voluntary - child->voluntary;

	if (late == 0)
		return slot->involuntary == child->involuntary;
	return late == 1 && slot->involuntary >= child->involuntary;
}

/* Of all threads at once: what they have of their own is only known as a sum. */
static bool threads_agree(const struct spawn_kernel *before, const struct spawn_kernel *after,
			  const struct spawn_use *use, uint64_t n)
{
	return after->voluntary - before->voluntary == use->voluntary + n &&
	       after->involuntary - before->involuntary >= use->involuntary;
}

/* One by one. Returns how many agree; *sum_ns: from all calls to the first moments on a CPU. */
static uint64_t compare_children(const struct spawn_repeat *repeat, double *sum_ns)
{
	unsigned int at = 0;
	uint64_t agree = 0;

	*sum_ns = 0;
	for (uint64_t i = 0; i < repeat->n; i++) {
		const struct spawn_child *child = &repeat->memory->child[i];
		const struct tb_slot *slot = next_of(repeat, child, &at);

		if (!slot) {
			*sum_ns = NAN;
			break;
		}
		*sum_ns += (double)(first_moment_ns(slot) - child->called_ns);
		agree += process_agrees(slot, child);
	}
	return agree;
}

static void add_lives(struct spawn_kernel *kernel, const struct spawn_repeat *repeat)
{
	const struct tb_slot *slot;
	unsigned int at = 0;

	while ((slot = next_child(repeat, &at)))
		add_life(kernel, slot);
	kernel->repeats++;
	kernel->creations += repeat->n;
	kernel->rusage_voluntary += repeat->memory->children.voluntary;
	kernel->rusage_involuntary += repeat->memory->children.involuntary;
}

static void add_spawner(struct spawn_kernel *kernel, const struct task_report *report)
{
	struct counts window;

	counts_of_window(&window, report);
	counts_add(&kernel->spawner, &window);
	kernel->spawners_agree += report->has_slot && window.voluntary == window.rusage_voluntary &&
				  window.involuntary == window.rusage_involuntary;
}

double spawn_kernel_add(struct spawn_kernel *kernel, const struct spawn_repeat *repeat)
{
	const struct spawn_kernel before = *kernel;
	double sum_ns;
	uint64_t agree = compare_children(repeat, &sum_ns);

	add_lives(kernel, repeat);
	if (repeat->makes == MAKES_THREAD)
		agree = threads_agree(&before, kernel, &repeat->memory->children, repeat->n) ?
				repeat->n :
				0;
	kernel->agree += agree;
	add_spawner(kernel, repeat->spawner);
	return sum_ns / (double)repeat->n;
}

uint64_t spawn_strangers(const struct spawn_kernel *kernel)
{
	return kernel->tasks + kernel->lost[TB_LOST_SLOTS] - kernel->creations;
}

bool spawn_is_reconciled(const struct spawn_kernel *kernel)
{
	for (int i = 0; i < TB_LOSSES; i++)
		if (kernel->lost[i])
			return false;
	return kernel->agree == kernel->creations && kernel->tasks == kernel->creations &&
	       kernel->spawners_agree == kernel->repeats;
}
