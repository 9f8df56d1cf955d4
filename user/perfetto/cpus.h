/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What ftrace would have told of each CPU: sched_switch and sched_waking, in bundles, in the order of
 * time on each CPU, each switch from whom the one before it went to.
 *
 * A capture has the switches with a task of the race on either side, so what strangers did between
 * each other is not in it. Such a gap is filled with a task of a name that says so: it begins with the
 * last event that the stranger in front of it is known by, and ends with the first event of the one
 * behind it. The time in between is nobody's.
 */
#ifndef PERFETTO_CPUS_H
#define PERFETTO_CPUS_H

#include <stdbool.h>
#include <stdint.h>

#include "perfetto/trace.h"

#define BUNDLE_EVENTS 256 /* at most in one packet */

/* No pid of the kernel's is as high (PID_MAX_LIMIT is 2^22). */
#define NOT_RECORDED INT32_MAX
#define NOT_RECORDED_NAME "(not recorded)"

struct cpus;

/* A side of a switch. The name is valid UTF-8, shorter than TASK_NAME, and is read when a bundle is
 * written: cpus_flush() before it changes. */
struct cpu_task {
	uint32_t pid;
	const char *name;
	int32_t priority;
};

/* NULL: no memory. */
struct cpus *cpus_new(struct trace *trace);
void cpus_free(struct cpus *cpus);

/* The idle tasks of all CPUs have one pid; this is what ftrace calls that of one. */
const char *cpus_idle_name(struct cpus *cpus, uint32_t cpu);

/* A race begins, with events from so many rings. */
void cpus_begin_race(struct cpus *cpus, size_t rings);

/* The pid of who is on the CPU, as far as is known; NOT_RECORDED: nobody knows. */
uint32_t cpus_current(const struct cpus *cpus, uint32_t cpu);

/*
 * The three return 0 or -ENOMEM. A switch is from cpus_current(): call cpus_gap() before one that
 * is not. `state` is as in the kernel's own event.
 */
int cpus_switch(struct cpus *cpus, uint32_t cpu, uint64_t ns, const struct cpu_task *prev,
		int64_t state, const struct cpu_task *next);
int cpus_waking(struct cpus *cpus, uint32_t cpu, uint64_t ns, uint32_t waker, bool interrupt,
		const struct cpu_task *wakee, int32_t target_cpu);
int cpus_gap(struct cpus *cpus, uint32_t cpu, uint64_t ns, const struct cpu_task *prev,
	     const struct cpu_task *next);

/* Writes all bundles that are in the making. */
void cpus_flush(struct cpus *cpus);

/* The race is over: from then on nobody knows who is on which CPU. Returns 0 or -ENOMEM. */
int cpus_end_race(struct cpus *cpus, uint64_t ns,
		  struct cpu_task (*who)(void *of, uint32_t cpu, uint32_t pid), void *of);

#endif
