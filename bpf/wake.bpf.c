/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who wakes whom. Attached only where wakers are looked for: it is one program more on every
 * wake-up of the machine.
 *
 * sched_waking fires in the waker's context, before the wake-up takes effect; the last one before
 * the wakee leaves its sleep is the one that ended it. It may fire when the wakee is still on its
 * way to sleep, so it says nothing of the wakee's state.
 */
#include "reason.bpf.h"
#include "wake.bpf.h"

#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

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

static __always_inline __u32 waker_of_race(struct task_struct *task)
{
	struct tb_slot *slot = slot_of(task);

	if (slot)
		return slot->index;
	return mark_of(task) ? TB_WAKER_ARENA : TB_WAKER_OTHERS;
}

static __always_inline bool wakes_futexes(long syscall)
{
	return syscall == __NR_futex || syscall == 454; /* futex_wake, Linux 6.7 */
}

SEC("tp_btf/sched_waking")
int BPF_PROG(on_waking, struct task_struct *wakee)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tb_slot *slot = slot_of(wakee);
	long syscall = NO_SYSCALL;
	__u64 first = 0;

	if (!slot)
		return 0;
	if (!task->pid || on_other_stack(ctx, task))
		slot->waker = TB_WAKER_INTERRUPT;
	else if (!(task->flags & PF_KTHREAD) && !is_in_call(task, &syscall, &first))
		slot->waker = TB_WAKER_INTERRUPT;
	else
		slot->waker = waker_of_race(task);
	/* Compared when the wakee has gone to sleep for certain, and its word is known. */
	slot->waker_futex = slot->waker != TB_WAKER_INTERRUPT && wakes_futexes(syscall) ? first : 0;
	slot->waking_ns = bpf_ktime_get_ns();
	return 0;
}
