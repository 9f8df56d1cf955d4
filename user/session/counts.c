/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/counts.h"

/* On-CPU time up to the moment of the snapshot, whose task was running: finished stretches, and
 * the one that began with its last switch-in. */
static uint64_t on_cpu_until(const struct snapshot *snapshot)
{
	return snapshot->slot.on_cpu_ns + (snapshot->clock_ns - snapshot->slot.since_ns);
}

static void slot_difference(struct counts *window, const struct tb_slot *from,
			    const struct tb_slot *to)
{
	struct tb_histogram histogram;

	window->voluntary = to->voluntary - from->voluntary;
	window->involuntary = to->involuntary - from->involuntary;
	window->wakeups = to->wakeups - from->wakeups;
	window->gave_way = to->gave_way - from->gave_way;
	window->migrations = to->migrations - from->migrations;
	window->run_queue_ns = to->run_queue_ns - from->run_queue_ns;
	window->recovered = to->recovered - from->recovered;
	window->preempted_by_race = to->preempted_by_race - from->preempted_by_race;
	window->preempted_by_idle = to->preempted_by_idle - from->preempted_by_idle;
	window->preempted_by_others = to->preempted_by_others - from->preempted_by_others;
	for (int i = 0; i < TB_REASONS; i++) {
		window->blocked_ns[i] = to->blocked_ns[i] - from->blocked_ns[i];
		window->slept[i] = to->slept[i] - from->slept[i];
	}
	for (int i = 0; i < TB_LOSSES; i++)
		window->lost[i] = to->lost[i] - from->lost[i];
	for (int i = 0; i < TB_LOCK_TYPES; i++) {
		window->contention[i].count = to->contention[i].count - from->contention[i].count;
		window->contention[i].wait_ns =
			to->contention[i].wait_ns - from->contention[i].wait_ns;
	}
	histogram_window(&from->run_queue, &to->run_queue, &histogram);
	histogram_add(&window->run_queue, &histogram);
	histogram_window(&from->off_cpu, &to->off_cpu, &histogram);
	histogram_add(&window->off_cpu, &histogram);
}

void counts_of_window(struct counts *window, const struct task_report *report)
{
	const struct snapshot *start = &report->start;
	const struct snapshot *end = &report->end;

	*window = (struct counts){
		.ops = report->done,
		.wall_ns = end->clock_ns - start->clock_ns,
		.cpu_clock_ns = end->cpu_ns - start->cpu_ns,
		.rusage_voluntary = end->voluntary - start->voluntary,
		.rusage_involuntary = end->involuntary - start->involuntary,
	};
	if (!report->has_slot)
		return;
	window->on_cpu_ns = on_cpu_until(end) - on_cpu_until(start);
	slot_difference(window, &start->slot, &end->slot);
}

static void add_histogram(struct histogram *sum, const struct histogram *more)
{
	for (int i = 0; i < TB_HIST_BUCKETS; i++)
		sum->count[i] += more->count[i];
}

void counts_add(struct counts *sum, const struct counts *more)
{
	sum->ops += more->ops;
	sum->wall_ns += more->wall_ns;
	sum->cpu_clock_ns += more->cpu_clock_ns;
	sum->rusage_voluntary += more->rusage_voluntary;
	sum->rusage_involuntary += more->rusage_involuntary;
	sum->voluntary += more->voluntary;
	sum->involuntary += more->involuntary;
	sum->wakeups += more->wakeups;
	sum->gave_way += more->gave_way;
	sum->migrations += more->migrations;
	sum->on_cpu_ns += more->on_cpu_ns;
	sum->run_queue_ns += more->run_queue_ns;
	sum->recovered += more->recovered;
	sum->preempted_by_race += more->preempted_by_race;
	sum->preempted_by_idle += more->preempted_by_idle;
	sum->preempted_by_others += more->preempted_by_others;
	for (int i = 0; i < TB_REASONS; i++) {
		sum->blocked_ns[i] += more->blocked_ns[i];
		sum->slept[i] += more->slept[i];
	}
	for (int i = 0; i < TB_LOSSES; i++)
		sum->lost[i] += more->lost[i];
	for (int i = 0; i < TB_LOCK_TYPES; i++) {
		sum->contention[i].count += more->contention[i].count;
		sum->contention[i].wait_ns += more->contention[i].wait_ns;
	}
	add_histogram(&sum->run_queue, &more->run_queue);
	add_histogram(&sum->off_cpu, &more->off_cpu);
}

uint64_t counts_switch_ins(const struct counts *counts)
{
	uint64_t sum = 0;

	for (int i = 0; i < TB_HIST_BUCKETS; i++)
		sum += counts->run_queue.count[i];
	return sum;
}

uint64_t counts_ready(const struct counts *counts)
{
	return counts->wakeups + counts->involuntary + counts->gave_way;
}

uint64_t counts_blocked_ns(const struct counts *counts)
{
	uint64_t sum = 0;

	for (int i = 0; i < TB_REASONS; i++)
		sum += counts->blocked_ns[i];
	return sum;
}

int64_t counts_unaccounted_ns(const struct counts *counts)
{
	return (int64_t)(counts->wall_ns - counts->on_cpu_ns - counts->run_queue_ns -
			 counts_blocked_ns(counts));
}
