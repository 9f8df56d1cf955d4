/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a task is that does not come back: on a CPU, or asleep in the kernel, and on which futex
 * word. Two sources say so that know nothing of each other: the task's slot, and /proc.
 */
#ifndef EXPERIMENT_WHEREABOUTS_H
#define EXPERIMENT_WHEREABOUTS_H

#include <stdint.h>
#include <sys/types.h>
#include <tracebench/slot.h>

enum whereabouts_kind {
	WHERE_UNKNOWN,
	WHERE_RUNNING, /* on a CPU, or waiting for one */
	WHERE_FUTEX, /* asleep on a futex word */
	WHERE_ELSEWHERE, /* asleep for another reason */
};

struct whereabouts {
	enum whereabouts_kind kind;
	uint64_t futex; /* address in the task's memory */
};

/* Of a copy of the task's slot. */
struct whereabouts whereabouts_by_slot(const struct tb_slot *slot);

/*
 * By /proc/PID/task/TID/syscall. Returns 0, or a negative errno when it cannot be read: that takes
 * the right to trace the process.
 */
int whereabouts_by_proc(pid_t process, pid_t task, struct whereabouts *whereabouts);

/*
 * What the kernel itself has counted for a living task, by /proc, for which nobody needs a right.
 * Returns 0 or a negative errno.
 */
struct proc_counts {
	uint64_t voluntary;
	uint64_t involuntary;
};
int whereabouts_switches(pid_t process, pid_t task, struct proc_counts *counts);

/* CPU time so far, in nanoseconds. Returns 0 or a negative errno. */
int whereabouts_cpu_ns(pid_t process, pid_t task, uint64_t *cpu_ns);

#endif
