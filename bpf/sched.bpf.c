/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Switches and wake-ups: which stretch of a task's time ends and which begins, and why it sleeps.
 *
 * All events of one task are serialised by the lock of its run queue, so its slot has one writer
 * at a time and needs no atomic instruction.
 */
#include "preempt.bpf.h"
#include "reason.bpf.h"
#include "stretch.bpf.h"

#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* include/linux/sched.h */
#define TASK_STOPPED_OR_TRACED (0x4 | 0x8)
#define TASK_DEAD 0x80

/*
 * Faults that the tests inject. Zero, none, is a constant by the time the verifier sees it, and
 * the code for it is gone.
 */
const volatile __u64 switch_to_miss = 0; /* the so-manieth switch of a traced task is not counted */
const volatile __u64 hide_every = 0; /* every so-manieth switch-in and wake-up is not shown */
static __u64 switches_seen;
static __u64 arrivals_seen;

static __always_inline bool is_missed(void)
{
	return switch_to_miss && __sync_add_and_fetch(&switches_seen, 1) == switch_to_miss;
}

static __always_inline bool is_hidden(void)
{
	return hide_every && __sync_add_and_fetch(&arrivals_seen, 1) % hide_every == 0;
}

static __always_inline void sleeps_on_futex(struct tb_slot *slot, __u64 address)
{
	slot->futex = address;
	if (!slot->in_window)
		return;
	slot->lock = futex_entry(slot, address);
	if (slot->looks_for_wakers)
		note_owner(slot, address);
}

static __always_inline void falls_asleep(struct tb_slot *slot, struct task_struct *task,
					 unsigned int task_state)
{
	struct entry_registers entry;

	slot->futex = 0;
	slot->lock = TB_NO_LOCK;
	if (slot->sleeping_lock.lock) {
		slot->reason = TB_KERNEL_LOCK;
		return;
	}
	if (task_state & TASK_STOPPED_OR_TRACED) {
		slot->reason = TB_OTHER;
		sleeps_in_other(slot, TB_OTHER_STOPPED);
		return;
	}
	entry = entry_registers(task);
	slot->reason = reason_of(task, entry);
	if (slot->reason == TB_OTHER)
		sleeps_in_other(slot, entry.syscall);
	/* The first argument of futex_waitv(2) is a list of words and none itself. */
	if (slot->reason == TB_FUTEX && entry.syscall != __NR_futex_waitv)
		sleeps_on_futex(slot, entry.first);
}

/* The task will not run again, and somebody else may be given its pid. */
static __always_inline void forget(struct task_struct *task)
{
	struct tb_bucket *bucket = bucket_of(task);

	for (int i = 0; bucket && i < TB_WAYS; i++)
		if (bucket->way[i].pid == (__u32)task->pid)
			bucket->way[i].pid = 0;
}

/*
 * Voluntary by the kernel's own rule: not preempted, and about to sleep. One case does not show in
 * the state: who is about to sleep and has a signal pending (or io_uring's task work, which looks
 * like one) goes on running, but the switch is counted as voluntary. Then the task's own count
 * says so. Returns whether it was.
 */
static __always_inline bool switched_out(void *ctx, struct tb_slot *slot, struct task_struct *task,
					 struct task_struct *next, bool preempted,
					 unsigned int task_state, __u64 now)
{
	bool voluntary = true;

	if (slot->state == TB_BLOCKED || slot->state == TB_RUNNABLE)
		arrives_unseen(slot, task, now);
	if (slot->state == TB_UNSEEN) {
		slot->since_ns = now;
		if (timeline)
			show_arrival(task, now);
	}
	slot->run_delay_ns = run_delay_of(task);
	/* Before Linux 6.15 or so the event still shows the state that a pending signal has undone. */
	if (!preempted && task_state && state_of(task)) {
		slot->voluntary++;
		falls_out(slot, TB_BLOCKED, now);
		falls_asleep(slot, task, task_state);
		if (traces_stacks && slot->stacks.on)
			sleeps_at(ctx, slot, task, task_state);
	} else {
		bool gave_way = !preempted && task->nvcsw != slot->nvcsw;

		slot->voluntary += gave_way;
		slot->gave_way += gave_way;
		slot->involuntary += !gave_way;
		if (!gave_way)
			preempted_by(slot, next);
		falls_out(slot, TB_RUNNABLE, now);
		voluntary = gave_way;
	}
	slot->nvcsw = task->nvcsw;
	return voluntary;
}

static __always_inline void switched_in(struct tb_slot *slot, struct task_struct *task, __u64 now)
{
	switch (slot->state) {
	case TB_RUNNING:
		/* Its switch-out was not seen, and nothing tells when it was. */
		slot->lost[TB_LOST_ORDER]++;
		slot->since_ns = now;
		return;
	case TB_UNSEEN:
		first_arrives(slot, now);
		return;
	case TB_BLOCKED:
		wakes_up(slot, unseen_wakeup(slot, task, now));
	}
	gets_cpu(slot, now);
}

/* The two tasks are handled one after the other: a test of both at once is merged by clang into
 * an OR of pointers, which the verifier refuses. */
static __always_inline void switches(void *ctx, bool preempted, struct task_struct *prev,
				     struct task_struct *next, unsigned int prev_state)
{
	struct tb_slot *slot = slot_of(prev);
	struct tb_event events[2];
	__u64 now = 0;
	bool voluntary;

	if (slot && is_missed())
		return;
	if (timeline)
		switch_begins(events, prev, next, preempted, prev_state);
	if (slot) {
		now = bpf_ktime_get_ns();
		voluntary = switched_out(ctx, slot, prev, next, preempted, prev_state, now);
		if (timeline)
			switch_leaves(events, slot, prev, voluntary);
		if (prev_state & TASK_DEAD)
			forget(prev);
	}
	slot = slot_of(next);
	if (slot && !is_hidden()) {
		now = now ? now : bpf_ktime_get_ns();
		switched_in(slot, next, now);
		if (timeline)
			events->flags |= TB_EVENT_TRACED_NEXT;
	} else if (timeline && slot) {
		/* As if somebody had come in between who is not shown. */
		events->of_switch.next = 0;
	}
	if (timeline)
		switch_ends(events, prev, next, now);
}

/*
 * The tracepoint has had three signatures, and distributions backport: user space sees in BTF which
 * is this kernel's (probe/tracepoint.h) and loads the one program for it.
 */

/* Since Linux 5.18: 9c2136be0878 moved the state to the end. */
SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempted, struct task_struct *prev, struct task_struct *next,
	     unsigned int prev_state)
{
	switches(ctx, preempted, prev, next, prev_state);
	return 0;
}

/*
 * For a short time before that, from fbe8d3a1f7a6 on. No packaged kernel has it: what chooses it is
 * proven with a BTF that is made up (tests/unit/test_tracepoint.c), what it does by the others.
 */
SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch_state_second, bool preempted, unsigned int prev_state,
	     struct task_struct *prev, struct task_struct *next)
{
	switches(ctx, preempted, prev, next, prev_state);
	return 0;
}

/*
 * Before: the state is read from the task. Somebody may have begun to wake it meanwhile, and then it
 * is TASK_WAKING, but it cannot have become runnable: that takes the lock of this run queue, or
 * the end of this switch (on_cpu, try_to_wake_up() in kernel/sched/core.c). So a sleep is known as
 * one; only a task that was stopped may be taken for one that slept.
 */
SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch_stateless, bool preempted, struct task_struct *prev,
	     struct task_struct *next)
{
	switches(ctx, preempted, prev, next, state_of(prev));
	return 0;
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *task)
{
	struct tb_slot *slot = slot_of(task);

	if (!slot || is_hidden())
		return 0;
	if (slot->state != TB_BLOCKED) {
		/* It had not gone to sleep yet: nothing ends by this. */
		slot->waking_ns = 0;
		if (traces_stacks)
			slot->stacks.waking = 0;
		return 0;
	}
	wakes_up(slot, bpf_ktime_get_ns());
	return 0;
}

static __always_inline bool says(const char *name, const char *what)
{
	char said[TB_WINDOW_BYTES] = {};

	bpf_probe_read_kernel(said, sizeof(said), name);
	for (int i = 0; i < TB_WINDOW_BYTES; i++)
		if (said[i] != what[i])
			return false;
	return true;
}

/*
 * A task that finds itself running, but not in its slot, sets its name to say so, and it says that
 * its window opens or closes: this fires in its own context, costs nobody else anything, and
 * switches nothing.
 */
SEC("tp_btf/task_rename")
int BPF_PROG(on_rename, struct task_struct *task, const char *name)
{
	struct tb_slot *slot = slot_of(task);

	if (!slot)
		return 0;
	if (slot->state != TB_RUNNING)
		catch_up(slot, task, bpf_ktime_get_ns());
	if (says(name, TB_WINDOW_OPENS)) {
		slot->in_window = 1;
		if (timeline)
			show_window(task, TB_EVENT_OPENS);
	} else if (says(name, TB_WINDOW_CLOSES)) {
		slot->in_window = 0;
		if (timeline)
			show_window(task, TB_EVENT_CLOSES);
	}
	return 0;
}

/* For user space to run once: whether wake-ups can be left to the scheduler's account. */
SEC("syscall")
int keeps_account(void *ctx)
{
	return has_account();
}
