/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events of the timeline that no slot counts: who wakes whom, and calls into futexes. Loaded for a
 * timeline only. All other events are emitted where their slots are written.
 */
#include "stretch.bpf.h"
#include "timeline.bpf.h"
#include "waker.bpf.h"

#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* Before Linux 5.16, on some architectures. */
struct task_struct___with_cpu {
	unsigned int cpu;
} __attribute__((preserve_access_index));

/* Where it ran last: it has not been given another CPU yet. */
static __always_inline __u16 cpu_of(struct task_struct *task)
{
	struct task_struct___with_cpu *older = (void *)task;

	if (bpf_core_field_exists(task->thread_info.cpu))
		return (__u16)BPF_CORE_READ(task, thread_info.cpu);
	if (bpf_core_field_exists(older->cpu))
		return (__u16)BPF_CORE_READ(older, cpu);
	return 0;
}

/* A function of its own, for clang makes an OR of two pointers of it where it is inlined twice, and
 * the verifier refuses that. */
static __noinline bool has_slot(struct task_struct *task)
{
	return slot_of(task) != NULL;
}

SEC("tp_btf/sched_waking")
int BPF_PROG(on_waking_shown, struct task_struct *wakee)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tb_event event = { .kind = TB_EVENT_WAKING };
	bool wakee_traced = has_slot(wakee);
	bool task_traced = has_slot(task);

	if (!wakee_traced && !task_traced)
		return 0;
	if (is_interrupt(ctx, task, &event.waking.word)) {
		/* It has nothing to do with a task of the race that it came upon. */
		if (!wakee_traced)
			return 0;
		event.flags = TB_EVENT_INTERRUPT;
	}
	event.ns = bpf_ktime_get_ns();
	event.task = (__u32)task->pid;
	event.waking.wakee = (__u32)wakee->pid;
	event.waking.target_cpu = cpu_of(wakee);
	event.waking.priority = (__u8)wakee->prio;
	if (!is_known(task, task_traced))
		introduce(task, event.ns);
	if (!is_known(wakee, wakee_traced))
		introduce(wakee, event.ns);
	emit(&event);
	return 0;
}

/* The first argument of some is a list of words and none itself. */
static __always_inline __u64 word_of(__u32 way, struct pt_regs *regs)
{
	return way == TB_FUTEX_WAITV || way == TB_FUTEX2_REQUEUE ? 0 : registers_in(regs).first;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_futex_enter, struct pt_regs *regs, long number)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u32 way = futex_way((__u64)number, regs);
	struct tb_slot *slot;
	__u64 now;

	if (way >= TB_FUTEX_WAYS)
		return 0;
	slot = slot_of(task);
	if (!slot)
		return 0;
	now = bpf_ktime_get_ns();
	catch_up(slot, task, now);
	slot->open_call.word = word_of(way, regs);
	slot->open_call.way = way;
	slot->open_call.since_ns = now;
	return 0;
}

/* The registers still say which call it was; on some architectures not with which word. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_futex_exit, struct pt_regs *regs, long result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tb_event events[2] = { { .kind = TB_EVENT_RETURN, .task = (__u32)task->pid } };
	__u32 way = futex_way((__u64)registers_in(regs).syscall, regs);
	struct tb_slot *slot;

	if (way >= TB_FUTEX_WAYS)
		return 0;
	slot = slot_of(task);
	if (!slot)
		return 0;
	events->ns = bpf_ktime_get_ns();
	catch_up(slot, task, events->ns);
	events->call.operation = way;
	events->call.result = (__s32)result;
	if (take_call(&events[1], slot, events->task))
		emit_two(events);
	else
		emit(events);
	return 0;
}
