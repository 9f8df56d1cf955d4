/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event of the timeline: what the BPF programs put into the rings and a capture file holds, byte
 * for byte. Both sides compile this header, so it may use nothing of libc.
 *
 * The events of one ring are in the order of their times, but for those with TB_EVENT_RECOVERED.
 * Where a slot (slot.h) counts what an event tells, both have the time from one reading of the clock,
 * so that sums over events are those of the slots to the nanosecond.
 */
#ifndef TRACEBENCH_EVENT_H
#define TRACEBENCH_EVENT_H

#include <linux/types.h>

/* A capture file has these numbers: append only. */
enum tb_event_kind {
	TB_EVENT_NONE, /* never written: a block of zeroes is none */
	TB_EVENT_SWITCH, /* the CPU goes from `task` to `next` */
	TB_EVENT_WAKING, /* `task` wakes `wakee` */
	TB_EVENT_CALL, /* `task` enters a futex call */
	TB_EVENT_RETURN, /* ... and returns from it */
	TB_EVENT_CONTENDS, /* `task` begins to wait for a kernel lock */
	TB_EVENT_CONTENDED, /* ... and no longer does */
	/* The timed window of `task` opens, in the same stretch on the CPU as the session's does; said
	 * again when it was switched meanwhile: the last one counts, of either. */
	TB_EVENT_OPENS,
	TB_EVENT_CLOSES,
	TB_EVENT_NAMED, /* what `task` is called; before the first event with a stranger in it */
	TB_EVENT_KINDS,
};

/* Flags. */
/* Was not seen: its time is from the scheduler's own account. Of a switch, which has only `next`:
 * `task` is whom the capture shows to have that CPU before, for who had it really was not seen. */
#define TB_EVENT_RECOVERED 1
#define TB_EVENT_PREEMPTED 2 /* of a switch: `task` could have run on */
#define TB_EVENT_INTERRUPT \
	4 /* of a waking: not `task` did it, but an interrupt that came upon it */
#define TB_EVENT_TRACED 8 /* of a switch: `task` is one of the race's */
#define TB_EVENT_TRACED_NEXT 16 /* of a switch: so is `next` */

/* Of a switch, in place of an enum tb_reason: `task` did not fall asleep. */
#define TB_EVENT_AWAKE 0xff

/* Tasks are known by their pids (those of threads) in the first pid namespace; 0 is an idle CPU. */
struct tb_event {
	__u64 ns; /* CLOCK_MONOTONIC */
	__u32 task;
	__u16 cpu;
	__u8 kind; /* enum tb_event_kind */
	__u8 flags;
	union {
		struct {
			__u64 word; /* of a futex that `task` sleeps on; 0: it is on none */
			__u32 next;
			__u8 reason; /* enum tb_reason, or TB_EVENT_AWAKE */
			__u8 priority; /* of `task`, as in task_struct.prio */
			__u8 next_priority;
			__u8 state; /* of `task`, the low bits of task_struct.__state; 0: runnable */
		} of_switch;
		struct {
			__u64 word; /* that the waker's call named; 0: none */
			__u32 wakee;
			__u16 target_cpu;
			__u8 priority; /* of `wakee` */
			__u8 pad;
		} waking;
		struct {
			__u64 word; /* 0: several, or a return */
			__u32 operation; /* enum tb_futex_way (calls.h) */
			__s32 result; /* of a return */
		} call;
		struct {
			__u64 lock; /* its address, disguised (bpf/contention.bpf.c) */
			__u32 type; /* enum tb_lock_type */
			__s32 result; /* of an end: below 0, without the lock */
		} contention;
		char name[16]; /* any bytes, zeroes at the end */
	};
};

_Static_assert(sizeof(struct tb_event) == 32, "same layout on both sides, and in files");

#endif
