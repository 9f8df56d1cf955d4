/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who it is that wakes somebody just now, and on which futex word. */
#ifndef BPF_WAKER_H
#define BPF_WAKER_H

#include "futex.bpf.h"
#include "reason.bpf.h"

/* include/linux/sched.h */
#define PF_KTHREAD 0x00200000

/* x86-64 and arm64 with pages of 4 KiB. */
#define THREAD_SIZE (16 * 1024)

/*
 * Whether an interrupt has come over what the current task was doing in the kernel: such ones run
 * on a stack of their own, and the arguments of this program lie on the stack that it was called
 * on. Pointers cannot be compared in BPF, so it takes a detour through memory.
 */
static __always_inline bool on_other_stack(void *ctx, struct task_struct *task)
{
	void *volatile place = ctx;
	__u64 at = 0;

	bpf_probe_read_kernel(&at, sizeof(at), (const void *)&place);
	return at - (__u64)task->stack >= THREAD_SIZE;
}

static __always_inline bool is_in_call(struct task_struct *task, long *syscall, __u64 *first)
{
	struct entry_registers entry = entry_registers(task);

	*syscall = entry.syscall;
	*first = entry.first;
	return entry.syscall != NO_SYSCALL;
}

static __always_inline bool wakes_futexes(long syscall)
{
	return syscall == __NR_futex || syscall == NR_FUTEX_WAKE;
}

/*
 * For a program on sched_waking: an interrupt wakes, which came upon this task. `word`: that the
 * task's call names; 0: none, or it does not wake by futex.
 */
static __always_inline bool is_interrupt(void *ctx, struct task_struct *task, __u64 *word)
{
	long syscall = NO_SYSCALL;
	__u64 first = 0;

	*word = 0;
	if (!task->pid || on_other_stack(ctx, task))
		return true;
	if (!(task->flags & PF_KTHREAD) && !is_in_call(task, &syscall, &first))
		return true;
	if (wakes_futexes(syscall))
		*word = first;
	return false;
}

static __always_inline __u32 waker_of_race(struct task_struct *task)
{
	struct tb_slot *slot = slot_of(task);

	if (slot)
		return slot->index;
	return mark_of(task) ? TB_WAKER_ARENA : TB_WAKER_OTHERS;
}

/* The index of its slot, or TB_WAKER_...; `word` as above. */
static __always_inline __u32 waker_now(void *ctx, struct task_struct *task, __u64 *word)
{
	return is_interrupt(ctx, task, word) ? TB_WAKER_INTERRUPT : waker_of_race(task);
}

#endif
