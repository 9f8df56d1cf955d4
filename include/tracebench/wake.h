/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who woke whom, and who had the lock that somebody went to sleep for. Counted in races that are
 * traced for that alone, inside the wakees' timed windows.
 */
#ifndef TRACEBENCH_WAKE_H
#define TRACEBENCH_WAKE_H

#include <linux/types.h>

/* A waker that is none of the race's tasks, in place of the index of a slot. */
#define TB_WAKER_INTERRUPT (~0U) /* or a page fault */
#define TB_WAKER_ARENA (~1U) /* the process that made them */
#define TB_WAKER_OTHERS (~2U)
#define TB_WAKER_KERNEL (~4U) /* a thread of io_uring's that works for the race */
#define TB_WAKER_UNSEEN (~3U) /* the kernel did not show the waking (bpf/unseen.bpf.h) */

struct tb_edge_key {
	__u32 wakee; /* index of its slot */
	__u32 waker; /* likewise, or one of the above */
	/* The futex word, where the waker's call named the very word that the wakee slept on; else 0. */
	__u64 futex;
};

struct tb_edge {
	__u64 count;
	__u64 latency_ns; /* from the waking to the CPU, all together */
	__u64 max_ns;
};

struct tb_owner_key {
	__u64 futex;
	__u32 owner; /* thread id in its own namespace; 0: the lock was between two owners */
	__u32 pad;
};

/*
 * Where a race has locks that say who has them: pthread mutexes, from `first` on, `stride` bytes
 * apart, before `end`. All zero: none, or it is not to be looked at.
 */
struct tb_mutexes {
	__u64 first;
	__u64 end;
	__u64 stride;
	__u64 owner; /* offset of the owner's thread id in each */
};

#endif
