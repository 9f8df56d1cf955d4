/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A slot: what the kernel counted for one traced task.
 *
 * The BPF programs write it, the task reads its own through a read-only mapping of the map. Both
 * sides compile this header, so it may use nothing of libc.
 *
 * The scheduler's counters of a task change only when that task is switched out, switched in or
 * woken, and those of its calls when it enters the kernel or returns. So a running task that reads its own slot sees no change unless it was switched out in
 * between, and then tb_slot_switches() has moved: read it before and after, and try again when it
 * differs. (Only waits for spinning kernel locks may be counted meanwhile, by an interrupt; they
 * fall to one side of the reading or to the other.)
 *
 * All counters only grow, from the task's birth on. A window is the difference of two copies.
 * Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef TRACEBENCH_SLOT_H
#define TRACEBENCH_SLOT_H

#include <linux/types.h>
#include <tracebench/calls.h>
#include <tracebench/lock.h>
#include <tracebench/stack.h>
#include <tracebench/wake.h>

/* A task that is traced, but has no slot (the arena itself, or the slots ran out). */
#define TB_NO_SLOT (~0U)

/* Why a task slept. The order is the session file's; append only. */
enum tb_reason {
	TB_FUTEX,
	TB_PIPE,
	TB_EVENTFD,
	TB_SOCKET,
	TB_MQUEUE,
	TB_SYSV,
	TB_IO_URING,
	TB_KERNEL_LOCK,
	TB_SLEEP,
	TB_PAGE_FAULT,
	TB_OTHER,
	TB_REASONS,
};

/* Kernel-lock types as the contention tracepoints tell them apart. */
enum tb_lock_type {
	TB_SPINLOCK,
	TB_MUTEX,
	TB_RWSEM,
	TB_RTMUTEX,
	TB_PERCPU,
	TB_LOCK_TYPES,
};

/* What a task is doing, as far as its switches and wake-ups tell. */
enum tb_state {
	TB_UNSEEN, /* born, not yet switched in */
	TB_RUNNING,
	TB_RUNNABLE, /* waits in a run queue */
	TB_BLOCKED,
};

/* What was not counted, by cause. */
enum tb_loss {
	TB_LOST_SLOTS, /* tasks born when no slot was left */
	TB_LOST_STORAGE, /* tasks whose storage could not be made */
	TB_LOST_LOCKS, /* waits that found no room in the table of locks */
	TB_LOST_CALLS, /* system calls that found this task's table full */
	TB_LOST_EDGES, /* wake-ups that found no room for their edge, or owners for theirs */
	TB_LOST_NESTED, /* contention that began inside another one of the same task */
	TB_LOST_ORDER, /* switches and wake-ups that were not seen, nor recovered */
	TB_LOST_OTHERS, /* sleeps for TB_OTHER that found this task's table full */
	TB_LOSSES,
};

#define TB_OTHERS 8 /* system calls told apart per task among its sleeps for TB_OTHER */
#define TB_PREEMPTORS 16 /* neighbours told apart per task that took its CPU */
#define TB_COMM 16 /* bytes of a task's name, its terminating zero included */

/*
 * Histograms of durations are log-linear: below 2^TB_HIST_MIN_SHIFT ns one bucket, then every
 * power of two is split into 2^TB_HIST_SUB_BITS equal buckets, so that a bucket is at most
 * 1/2^TB_HIST_SUB_BITS = 25 % of its lower bound wide. The last bucket has no upper bound.
 */
#define TB_HIST_SUB_BITS 2
#define TB_HIST_MIN_SHIFT 8
#define TB_HIST_MAX_SHIFT 34
#define TB_HIST_BUCKETS (((TB_HIST_MAX_SHIFT - TB_HIST_MIN_SHIFT) << TB_HIST_SUB_BITS) + 2)

struct tb_histogram {
	__u32 count[TB_HIST_BUCKETS];
};

/* In place of a system call's number, which is below. */
#define TB_OTHER_STOPPED (~0U) /* by a signal, or by a tracer */
#define TB_OTHER_REST (~1U) /* the last entry: calls for which there was no room before it */

/* Sleeps for TB_OTHER, by the system call. */
struct tb_other {
	__u32 taken; /* 0: this entry is free */
	__u32 call;
	__u64 slept;
	__u64 wait_ns; /* from switch-out to wake-up */
};

/* A task of no race that got the CPU of one that could have run on. */
struct tb_preemptor {
	__u32 pid; /* of its process, by the first pid namespace; 0: this entry is free */
	__u32 count;
	char comm[TB_COMM]; /* any bytes, zeroes at the end */
};

/* Waits for kernel locks that ended, with the lock or (interrupted, timed out) without it. */
struct tb_contention {
	__u64 count;
	__u64 wait_ns;
};

/* A wait for a kernel lock that has not ended yet. */
struct tb_lock_wait {
	__u64 lock; /* its address, disguised (bpf/contention.bpf.c); 0: none */
	__u64 since_ns;
	__u32 type; /* enum tb_lock_type */
	__u32 pad;
};

/* A futex call that the timeline has not shown yet. */
struct tb_open_call {
	__u64 since_ns; /* 0: none */
	__u64 word;
	__u64 way; /* enum tb_futex_way */
};

struct tb_slot {
	__u32 tid; /* 0 until the slot is taken */
	__u32 state; /* enum tb_state */
	__u64 since_ns; /* start of the present state */
	__u64 out_ns; /* last switch-out */
	__u64 run_delay_ns; /* at that moment, by the scheduler's own account */
	__u64 nvcsw; /* at that moment, by the task's own count */

	__u64 voluntary;
	__u64 involuntary;
	__u64 wakeups; /* those that ended a sleep */
	__u64 migrations; /* switch-ins on another CPU than the last */

	__u64 on_cpu_ns; /* finished stretches only; the open one began at since_ns */
	__u64 run_queue_ns;
	__u64 blocked_ns[TB_REASONS];
	__u64 slept[TB_REASONS]; /* sleeps that have ended: their sum is `wakeups` */
	__u64 off_cpu_ns; /* switch-out to switch-in, whatever lay between */

	__u32 cpu; /* of the last switch-in */
	__u32 reason; /* enum tb_reason of the present or last sleep */
	__u32 index; /* of this slot */
	__u32 in_window; /* the task has said that its timed window is open */
	__u64 futex; /* word of the present or last sleep; 0: it was on none, or on several */
	__u64 gave_way; /* voluntary switches that left it runnable: with a signal pending */
	__u32 other; /* of a sleep for TB_OTHER, the index of its call */
	__u32 lock; /* the present sleep's entry in the table of locks, or TB_NO_LOCK */
	__u32 last_lock; /* that of the last sleep on a futex, which most often is the next one's */
	__u32 woken; /* it has been woken and not yet got the CPU */

	/* The waking that the next wake-up is by. All zero where wakers are not looked for. */
	__u64 waking_ns; /* when; 0: none */
	__u64 waker_futex; /* the word that the waker's call named; 0: none */
	__u32 waker; /* likewise */
	__u16 looks_for_wakers; /* the tally's, copied at birth */
	__u16 by_account; /* likewise */

	/* A wait for a spinning lock can begin in an interrupt, inside one for a sleeping lock. */
	struct tb_lock_wait sleeping_lock;
	struct tb_lock_wait spinning_lock;
	struct tb_open_call open_call; /* all zero unless a timeline is recorded */
	struct tb_contention contention[TB_LOCK_TYPES];
	__u64 recovered; /* events not seen, with times taken from the scheduler's account */
	__u64 lost[TB_LOSSES];
	/* Who came after an involuntary switch: these add up to `involuntary`. */
	__u64 preempted_by_race; /* another task of the race, or its arena */
	__u64 preempted_by_idle; /* nobody: a quota was used up, or the task was moved */
	__u64 preempted_by_others; /* neighbours for whom there was no room below */
	struct tb_preemptor preemptors[TB_PREEMPTORS];
	struct tb_histogram run_queue;
	struct tb_histogram off_cpu; /* switch-out to switch-in */
	struct tb_other others[TB_OTHERS]; /* their sums are those of TB_OTHER above */
	struct tb_calls calls; /* all zero unless traced at the *calls* level */
	struct tb_at_place stacks; /* all zero unless traced at the *stacks* level */
} __attribute__((aligned(128)));

/*
 * The names that a task gives itself for a moment to say that its timed window opens or closes: a
 * change of name is an event in the task's own context that costs nobody else anything.
 */
#define TB_WINDOW_OPENS "tb:opens"
#define TB_WINDOW_CLOSES "tb:close"
#define TB_WINDOW_BYTES 9 /* of either, the zero at the end included */

/* What a traced task carries in the kernel. */
struct tb_mark {
	__u32 slot; /* its index; TB_NO_SLOT: it is traced, but not counted */
};

/* The same where the kernel has no storage for it: found by pid, and good for one task only. */
struct tb_pid_mark {
	__u64 born_ns; /* task_struct.start_time */
	struct tb_mark mark;
	__u32 pad;
};

/*
 * Slots by pid, found on every switch and wake-up of the machine: a bucket is half a cache line,
 * and pids that follow each other fall into different ones. An entry is cleared when its task is
 * switched out for the last time, so that a pid which is used again is nobody's.
 */
#define TB_BUCKETS 1024 /* a power of two */
#define TB_WAYS 4

struct tb_bucket {
	struct {
		__u32 pid; /* of the first pid namespace; 0: free */
		__u32 slot;
	} way[TB_WAYS];
};

/*
 * The kernel's own threads that work for a task of a race (those of io_uring) have slots behind the
 * tasks'. Nobody reads them before the race is over, so what they did is known of their whole lives.
 */
#define TB_KERNEL_SLOTS 64

/* How many slots are taken, and losses that no slot could be charged with. */
struct tb_tally {
	__u32 taken; /* may exceed the number of slots: then some tasks have none */
	__u32 crowded; /* tasks that found their bucket full, and are looked up by their mark */
	__u32 by_account; /* set by user space: no wake-up is watched, sched_info tells when it was */
	__u32 looks_for_wakers; /* likewise: who wakes whom is asked */
	__u32 target; /* set by user space: the arena's pid, where marks are found by pid */
	__u32 pad;
	__u64 lost[TB_LOSSES];
	struct tb_mutexes mutexes; /* set by user space */
	__u32 kernel_taken; /* of the slots for the kernel's threads; may exceed their number, too */
	__u32 pad_to_8;
	__u32 looks_for_stacks; /* set by user space */
	__u32 samples_taken; /* may exceed their number: then some places have no stacks */
};

/* Changes whenever the task was switched out. */
static inline __u64 tb_slot_switches(const volatile struct tb_slot *slot)
{
	return slot->voluntary + slot->involuntary;
}

_Static_assert(sizeof(struct tb_histogram) == 4 * TB_HIST_BUCKETS, "histogram is packed");
_Static_assert(sizeof(struct tb_slot) % 128 == 0, "slots do not share cache lines");
_Static_assert(__builtin_offsetof(struct tb_slot, since_ns) == 8, "same layout on both sides");
_Static_assert(sizeof(struct tb_other) == 24, "same layout on both sides");
_Static_assert(sizeof(struct tb_preemptor) == 8 + TB_COMM, "same layout on both sides");
_Static_assert(sizeof(struct tb_mark) == 4, "same layout on both sides");
_Static_assert(sizeof(struct tb_pid_mark) == 16, "same layout on both sides");
_Static_assert(sizeof(struct tb_tally) == 24 + 8 * TB_LOSSES + 32 + 16,
	       "same layout on both sides");

#endif
