/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where wakers are when they end a sleep. Attached only where stacks are looked for. See wake.bpf.c for
 * which waking is the one that counts.
 */
#include "stack.bpf.h"

#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* Of whom the mappings of user space are known: the race's own tasks, and the arena that made them. */
static __always_inline bool is_mapped(struct task_struct *task, __u32 waker)
{
	return waker != TB_WAKER_OTHERS && !(task->flags & (PF_KTHREAD | PF_IO_WORKER));
}

SEC("tp_btf/sched_waking")
int BPF_PROG(on_waking_stack, struct task_struct *wakee)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tb_slot *slot = slot_of(wakee);
	struct tb_place place = { .kind = TB_PLACE_WAKER };
	__u64 word;
	__u32 waker;

	if (!traces_stacks || !slot || !slot->in_window)
		return 0;
	waker = waker_now(ctx, task, &word);
	if (waker == TB_WAKER_INTERRUPT) {
		slot->stacks.waking = 1 + TB_PLACE_INTERRUPT;
		return 0;
	}
	place.task = waker == TB_WAKER_ARENA || waker == TB_WAKER_OTHERS ? waker : 1 + waker;
	if (is_mapped(task, waker)) {
		locate(task, &place);
	} else {
		/* No address without an instruction pointer: whose it is, and in which call. */
		place.sp = (__u32)task->tgid;
		if (!(task->flags & (PF_KTHREAD | PF_IO_WORKER)))
			place.call = (__u32)entry_registers(task).syscall;
	}
	slot->stacks.waking = place_of(ctx, task, &place, TB_PLACE_LOST_WAKER);
	return 0;
}
