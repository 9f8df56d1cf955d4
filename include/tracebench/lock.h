/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What tasks waited for inside their timed windows: futex words, and locks of the kernel. One table
 * for all tasks of a race, by task and lock, so that an entry has one writer at a time and a task
 * finds its own in the same few steps however many there are.
 *
 * Open addressing: an entry is looked for at a hash of what it is of and in the TB_LOCK_PROBES - 1
 * places behind it; one that finds none of them free is counted as lost. An entry is taken by making
 * `task` non-zero, atomically, since other tasks look for room at the same time. Nothing is ever
 * removed: user space empties the table before a race.
 */
#ifndef TRACEBENCH_LOCK_H
#define TRACEBENCH_LOCK_H

#include <linux/types.h>

#define TB_LOCK_PROBES 8

/* No entry. */
#define TB_NO_LOCK (~0U)

/* What an entry is of: a futex word, or a type of kernel lock and the system call it was met in. */
#define TB_WHAT_FUTEX 0
#define TB_WHAT_TYPE_SHIFT 16
#define TB_WHAT_SYSCALL_MASK ((1U << TB_WHAT_TYPE_SHIFT) - 1)
/* In no system call: a fault, an interrupt from user mode, a kernel thread. */
#define TB_WHAT_NO_SYSCALL TB_WHAT_SYSCALL_MASK

struct tb_lock {
	__u32 task; /* 1 + the index of its slot; 0: this entry is free */
	__u32 what; /* TB_WHAT_FUTEX, or 1 + enum tb_lock_type, shifted, and the call's number */
	__u64 address;
	__u64 count; /* waits that ended: sleeps on a futex, contentions of a kernel lock */
	__u64 wait_ns;
	__u64 max_ns;
	__u64 not_acquired; /* of count: the kernel lock was not had in the end */
};

static inline __u32 tb_lock_what(__u32 type, long syscall)
{
	__u32 number = syscall >= 0 && syscall < TB_WHAT_NO_SYSCALL ? (__u32)syscall :
								      TB_WHAT_NO_SYSCALL;

	return (type + 1) << TB_WHAT_TYPE_SHIFT | number;
}

/*
 * Multiplicative hashing of the lock (Knuth, TAOCP 6.4), from the upper half of the product. The
 * task is added, multiplied on its own: many tasks that wait for one lock lie far apart.
 */
static inline __u32 tb_lock_hash(__u32 task, __u32 what, __u64 address)
{
	__u64 key = address ^ (__u64)what << 24;

	return (__u32)((key * 0x9e3779b97f4a7c15ULL) >> 32) + task * 2654435761U;
}

_Static_assert(sizeof(struct tb_lock) == 48, "same layout on both sides");

#endif
