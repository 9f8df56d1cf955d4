/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ways into the kernel: where there are two to the same knowledge, the probe takes the first that
 * this kernel has (probe/way.h). Tests force one of them.
 */
#ifndef BASE_WAY_H
#define BASE_WAY_H

/* Bits. Two of one pair, which are neighbours, contradict each other. */
enum way {
	WAY_FUTEX_FEXIT = 1 << 0, /* futex calls: at the return of the system call's function */
	WAY_FUTEX_SYSCALL = 1 << 1, /* ... by the system-call tracepoints */
	WAY_SWITCH_ARGUMENT = 1 << 2, /* as what a task sleeps: an argument of sched_switch */
	WAY_SWITCH_TASK = 1 << 3, /* ... read from the task */
	WAY_STORAGE_TASK = 1 << 4, /* who is traced: task storage */
	WAY_STORAGE_HASH = 1 << 5, /* ... a hash by pid */
};

#define WAYS 6
#define WAYS_FUTEX (WAY_FUTEX_FEXIT | WAY_FUTEX_SYSCALL)
#define WAYS_SWITCH (WAY_SWITCH_ARGUMENT | WAY_SWITCH_TASK)
#define WAYS_STORAGE (WAY_STORAGE_TASK | WAY_STORAGE_HASH)

#endif
