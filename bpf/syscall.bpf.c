/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * System calls: how many, how long, how they ended. Attached at the *calls* level only, for the
 * tracepoints slow every call of the machine.
 *
 * What a futex call was and how it ended is known from the same two events, which are raised in the
 * task's own context and do not nest. Where the kernel permits programs at the return of its
 * functions, these count the futex calls instead, and the events vouch for their number.
 */
#include "futex.bpf.h"
#include "reason.bpf.h"
#include "stretch.bpf.h"

#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

#define EINTR 4
#define EAGAIN 11
#define ETIMEDOUT 110
/* include/linux/errno.h: interrupted by a signal, what user space sees is decided later. */
#define FIRST_ERESTART 512 /* ERESTARTSYS */
#define LAST_ERESTART 516 /* ERESTART_RESTARTBLOCK */
#define MAX_ERRNO 4095

/* include/uapi/linux/io_uring.h of Linux 6.7. */
#define IORING_OP_FUTEX_WAIT 51
#define IORING_OP_FUTEX_WAKE 52
#define IORING_OP_FUTEX_WAITV 53

/* User space knows from the kernel's BTF: its third argument is a completion, not user_data. */
const volatile bool completes_with_cqe = false;

/* Futex calls are counted by the programs at the end of this file. */
const volatile bool futex_by_fexit = false;

static __always_inline bool is_error(long result)
{
	return result < 0 && result >= -MAX_ERRNO;
}

static __always_inline void count_futex(struct tb_slot *slot, __u32 way, long result, bool slept)
{
	struct tb_futex_calls *calls;

	if (way >= TB_FUTEX_WAYS)
		return;
	calls = &slot->calls.futex[way];
	calls->calls++;
	calls->slept += slept;
	if (result == 0)
		calls->zero++;
	else if (!is_error(result))
		calls->sum += result;
	else if (result == -EAGAIN)
		calls->eagain++;
	else if (result == -ETIMEDOUT)
		calls->timedout++;
	else if (result == -EINTR || (result <= -FIRST_ERESTART && result >= -LAST_ERESTART))
		calls->interrupted++;
	else
		calls->failed++;
}

/* The number's entry in this task's table, made when it is new; TB_SYSCALLS when full. */
static __always_inline __u32 syscall_entry(struct tb_slot *slot, __u64 number)
{
	struct tb_calls *calls = &slot->calls;
	__u32 known = calls->entry[number % TB_SYSCALL_NUMBERS];
	__u64 next = calls->n_syscalls;

	if (known)
		return known - 1;
	if (next >= TB_SYSCALLS) {
		slot->lost[TB_LOST_CALLS]++;
		return TB_SYSCALLS;
	}
	calls->syscalls[next].number = number;
	calls->entry[number % TB_SYSCALL_NUMBERS] = next + 1;
	calls->n_syscalls = next + 1;
	return next;
}

static __always_inline void returns(struct tb_slot *slot, long result, __u64 now)
{
	struct tb_calls *calls = &slot->calls;
	__u64 took_ns = now - calls->since_ns;
	__u32 entry = syscall_entry(slot, calls->number);

	calls->since_ns = 0;
	calls->returned++;
	calls->system_ns += took_ns - (slot->off_cpu_ns - calls->off_cpu_ns);
	if (entry >= TB_SYSCALLS)
		return;
	calls->syscalls[entry].count++;
	calls->syscalls[entry].errors += is_error(result);
	calls->syscalls[entry].time_ns += took_ns;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_sys_enter, struct pt_regs *regs, long number)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tb_slot *slot = slot_of(task);
	__u64 now;

	if (!slot)
		return 0;
	now = bpf_ktime_get_ns();
	catch_up(slot, task, now);
	slot->calls.entered++;
	slot->calls.number = (__u64)number < TB_SYSCALL_NUMBERS ? number : TB_SYSCALL_UNKNOWN;
	slot->calls.off_cpu_ns = slot->off_cpu_ns;
	slot->calls.voluntary = slot->voluntary;
	slot->calls.since_ns = now;
	return 0;
}

/* A new task returns from a call that it did not enter. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *regs, long result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tb_slot *slot = slot_of(task);
	__u32 way;
	__u64 now;

	if (!slot || !slot->calls.since_ns)
		return 0;
	now = bpf_ktime_get_ns();
	catch_up(slot, task, now);
	returns(slot, result, now);
	if (futex_by_fexit)
		return 0;
	way = futex_way(slot->calls.number, regs);
	if (way < TB_FUTEX_WAYS)
		count_futex(slot, way, result, slot->voluntary != slot->calls.voluntary);
	return 0;
}

static __always_inline __u32 uring_way(void *request)
{
	__u8 operation = BPF_CORE_READ((struct io_kiocb *)request, opcode);

	switch (operation) {
	case IORING_OP_FUTEX_WAIT:
		return TB_URING_FUTEX_WAIT;
	case IORING_OP_FUTEX_WAKE:
		return TB_URING_FUTEX_WAKE;
	case IORING_OP_FUTEX_WAITV:
		return TB_URING_FUTEX_WAITV;
	default:
		return TB_FUTEX_WAYS;
	}
}

/* Completions are made by the task that submitted the request, which does not sleep in it. */
SEC("tp_btf/io_uring_complete")
int on_uring_complete(__u64 *ctx)
{
	struct tb_slot *slot = slot_of(bpf_get_current_task_btf());
	void *request = (void *)ctx[1];
	int result;

	/* Without a request it is a message from another ring. */
	if (!slot || !request)
		return 0;
	if (completes_with_cqe)
		result = BPF_CORE_READ((struct io_uring_cqe *)ctx[2], res);
	else
		result = (int)ctx[3];
	count_futex(slot, uring_way(request), result, false);
	return 0;
}

/*
 * The functions that the system-call table points to, one a call. Their only argument is the
 * registers (CONFIG_ARCH_HAS_SYSCALL_WRAPPER), so they differ in name alone between kernels; user
 * space sees in BTF which there are. Calls of 32-bit programs have others and are not counted.
 */
#if defined(__TARGET_ARCH_x86)
#define SYS(call) "fexit/__x64_sys_" #call
#elif defined(__TARGET_ARCH_arm64)
#define SYS(call) "fexit/__arm64_sys_" #call
#endif

static __always_inline int futex_returns(__u64 number, struct pt_regs *regs, long result)
{
	struct tb_slot *slot = slot_of(bpf_get_current_task_btf());

	if (slot)
		count_futex(slot, futex_way(number, regs), result,
			    slot->voluntary != slot->calls.voluntary);
	return 0;
}

#define ON_RETURN_OF(call, name, number) \
	SEC(SYS(call)) \
	int BPF_PROG(name, struct pt_regs *regs, long result) \
	{ \
		return futex_returns(number, regs, result); \
	}

ON_RETURN_OF(futex, on_futex, __NR_futex)
ON_RETURN_OF(futex_waitv, on_futex_waitv, __NR_futex_waitv)
ON_RETURN_OF(futex_wake, on_futex_wake, NR_FUTEX_WAKE)
ON_RETURN_OF(futex_wait, on_futex_wait, NR_FUTEX_WAIT)
ON_RETURN_OF(futex_requeue, on_futex_requeue, NR_FUTEX_REQUEUE)
