/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel counted of one traced task's system calls. A part of its slot, compiled by both
 * sides of the kernel boundary like that.
 *
 * All counters only grow. A call is counted when it returns; one that never does (exit, the wait
 * in which a task is killed) is not.
 */
#ifndef TRACEBENCH_CALLS_H
#define TRACEBENCH_CALLS_H

#include <linux/types.h>

/* Numbers from there on (x32's, and nonsense) are counted together, under the last below. */
#define TB_SYSCALL_NUMBERS 512
#define TB_SYSCALL_UNKNOWN (TB_SYSCALL_NUMBERS - 1)

#define TB_SYSCALLS 64 /* system calls told apart per task */

struct tb_syscall {
	__u64 number;
	__u64 count;
	__u64 errors; /* returned a negative errno, those that are restarted included */
	__u64 time_ns; /* from entry to return, asleep or not */
};

/*
 * The ways into a futex: the operations of futex(2) by their number, the system calls of its
 * successor, and io_uring's operations.
 */
enum tb_futex_way {
	TB_FUTEX_FIRST_OP, /* FUTEX_WAIT is 0 */
	TB_FUTEX_LAST_OP = 13, /* FUTEX_LOCK_PI2 */
	TB_FUTEX_UNKNOWN_OP,
	TB_FUTEX_WAITV, /* futex_waitv(2) */
	TB_FUTEX2_WAKE, /* futex_wake(2) */
	TB_FUTEX2_WAIT,
	TB_FUTEX2_REQUEUE,
	TB_URING_FUTEX_WAIT, /* counted when the request completes */
	TB_URING_FUTEX_WAKE,
	TB_URING_FUTEX_WAITV,
	TB_FUTEX_WAYS,
};

/* How calls by one way ended. */
struct tb_futex_calls {
	__u64 calls;
	__u64 slept; /* a voluntary switch fell inside */
	__u64 eagain; /* the word had another value, or the lock could not be had at once */
	__u64 timedout;
	__u64 interrupted; /* by a signal, whether or not the call is restarted */
	__u64 failed; /* another error */
	__u64 zero; /* returned 0: of a wake, nobody was there to be woken */
	__u64 sum; /* of what the others returned: of a wake, the tasks woken */
};

struct tb_calls {
	__u64 entered;
	__u64 returned; /* as many, whenever the task looks */
	__u64 system_ns; /* on CPU inside calls */

	/* The call that has not returned. */
	__u64 since_ns; /* 0: none */
	__u64 off_cpu_ns; /* the slot's, when it was entered */
	__u64 voluntary; /* likewise */
	__u64 number;

	__u8 entry[TB_SYSCALL_NUMBERS]; /* by number: 1 + index below; 0: none yet */
	struct tb_syscall syscalls[TB_SYSCALLS];
	__u64 n_syscalls;
	struct tb_futex_calls futex[TB_FUTEX_WAYS];
};

#endif
