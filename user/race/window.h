/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The timed window of one task: what it had used up when it began to race, and when it ended.
 *
 * All of a snapshot belongs to one moment. The task reads its slot, its resource usage and the
 * clocks, and starts over when it was switched out meanwhile: then no switch lies between the
 * kernel's count and getrusage's, and both must agree exactly.
 */
#ifndef RACE_WINDOW_H
#define RACE_WINDOW_H

#include <stdint.h>
#include <sys/types.h>
#include <tracebench/slot.h>

struct snapshot {
	uint64_t clock_ns; /* CLOCK_MONOTONIC */
	uint64_t cpu_ns; /* CLOCK_THREAD_CPUTIME_ID */
	uint64_t voluntary; /* the next four: getrusage(RUSAGE_THREAD) */
	uint64_t involuntary;
	uint64_t minor_faults;
	uint64_t major_faults;
	struct tb_slot slot; /* all zero when the task has none */
};

/*
 * The slot of a task that is alive: the kernel took it when the task was born. NULL: it has none.
 * `slots` may be NULL.
 */
const struct tb_slot *window_slot(const struct tb_slot *slots, unsigned int n_slots, pid_t tid);

/* Reads the clock last, so that reading the rest is not timed. `slot`: the task's own or NULL. */
void window_open(struct snapshot *snapshot, const struct tb_slot *slot);

/* Reads the clock first. */
void window_close(struct snapshot *snapshot, const struct tb_slot *slot);

/*
 * Nanoseconds on the CPU that a system call costs besides what the probe sees of it, which is from
 * one tracepoint inside to another: entering and leaving the kernel, and most of what watching adds.
 * Measured by making calls that do next to nothing; the median of several rounds. 0 for a task
 * whose calls are not traced.
 */
double window_crossing_ns(const struct tb_slot *slot);

#endif
