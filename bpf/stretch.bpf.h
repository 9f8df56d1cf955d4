/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a task's time goes: each stretch between two switches or wake-ups is added to one sum, on
 * CPU, run queue or blocked by reason. Neighbouring stretches share one time stamp, so the sums
 * add up to the wall clock unless an event was missed.
 */
#ifndef BPF_STRETCH_H
#define BPF_STRETCH_H

#include "lock.bpf.h"
#include "other.bpf.h"
#include "stack.bpf.h"
#include "timeline.bpf.h"
#include "unseen.bpf.h"
#include "wake.bpf.h"

#include <tracebench/histogram.h>

static __always_inline void count(struct tb_histogram *histogram, __u64 ns)
{
	__u32 index = tb_hist_index(ns);

	if (index < TB_HIST_BUCKETS)
		histogram->count[index]++;
}

static __always_inline void falls_out(struct tb_slot *slot, __u32 state, __u64 now)
{
	slot->on_cpu_ns += now - slot->since_ns;
	slot->state = state;
	slot->since_ns = now;
	slot->out_ns = now;
}

static __always_inline void wakes_up(struct tb_slot *slot, __u64 now)
{
	__u64 slept_ns = now - slot->since_ns;
	__u32 reason = slot->reason;

	if (reason < TB_REASONS) {
		slot->blocked_ns[reason] += slept_ns;
		slot->slept[reason]++;
	}
	if (reason == TB_OTHER)
		wakes_from_other(slot, slept_ns);
	if (slot->lock != TB_NO_LOCK)
		lock_waited(slot->lock, slept_ns, true);
	if (slot->looks_for_wakers && !slot->waking_ns)
		waking_unseen(slot, now);
	if (traces_stacks)
		wakes_at(slot, slept_ns);
	slot->wakeups++;
	slot->woken = 1;
	slot->state = TB_RUNNABLE;
	slot->since_ns = now;
}

static __always_inline void gets_cpu(struct tb_slot *slot, __u64 now)
{
	__u32 cpu = bpf_get_smp_processor_id();

	slot->run_queue_ns += now - slot->since_ns;
	count(&slot->run_queue, now - slot->since_ns);
	count(&slot->off_cpu, now - slot->out_ns);
	slot->off_cpu_ns += now - slot->out_ns;
	if (slot->waking_ns && slot->woken)
		edge_ends(slot, now);
	slot->woken = 0;
	/* What woke it, if it slept, was counted. */
	if (traces_stacks)
		slot->stacks.waking = 0;
	slot->migrations += cpu != slot->cpu;
	slot->cpu = cpu;
	slot->state = TB_RUNNING;
	slot->since_ns = now;
}

/* The task runs, or did until now, and was not seen to be switched in. */
static __always_inline void arrives_unseen(struct tb_slot *slot, struct task_struct *task,
					   __u64 now)
{
	struct arrival arrival = unseen_arrival(slot, task, now);

	if (slot->state == TB_BLOCKED)
		wakes_up(slot, arrival.queued_ns);
	gets_cpu(slot, arrival.on_cpu_ns);
	if (timeline)
		show_arrival(task, arrival.on_cpu_ns);
}

static __always_inline void first_arrives(struct tb_slot *slot, __u64 now)
{
	slot->state = TB_RUNNING;
	slot->cpu = bpf_get_smp_processor_id();
	slot->since_ns = now;
}

/* For the running task itself: puts its slot right where that has it waiting, or not yet born. */
static __always_inline void catch_up(struct tb_slot *slot, struct task_struct *task, __u64 now)
{
	if (slot->state == TB_RUNNING)
		return;
	if (slot->state != TB_UNSEEN) {
		arrives_unseen(slot, task, now);
		return;
	}
	first_arrives(slot, now);
	if (timeline)
		show_arrival(task, now);
}

#endif
