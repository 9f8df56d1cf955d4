/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine in front of the user: its CPUs in the order workers are spread over them, and what
 * a reader of the results has to know about it. What cannot be found out is NULL or NaN, never
 * a guess. A machine owns all it points to.
 */
#ifndef PLAN_MACHINE_H
#define PLAN_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hardware.h"

struct machine {
	int *cpus; /* those this process may run on, one per core first; at least one */
	size_t n_cpus;
	int *siblings; /* of these the hardware threads of one core; none: no core has two */
	size_t n_siblings;
	int *l3_cpus; /* and those that share an L3 cache; none: no two do */
	size_t n_l3_cpus;
	size_t n_l3_caches; /* that are known, of whichever CPUs */
	int64_t cpus_online; /* whether allowed or not */

	char *hostname;
	char *kernel; /* release */
	char *arch;
	char *cpu_model;
	char *topology; /* "2 CPUs, 2 cores, no SMT" */
	char *governor; /* of the first CPU */
	bool virtualized;
	char *clocksource;
	double timer_cost_ns; /* median of clock_gettime(CLOCK_MONOTONIC) */
	double clock_step_ns; /* the least that two of its readings differ by */
	char *boost; /* "on" or "off": CPUs may run faster than their nominal rate */
	char *preemption; /* the kernel's model: "full", "PREEMPT_DYNAMIC" */
	double cpu_quota; /* CPUs the control groups grant, the tightest counts; NaN: no limit */
	struct hardware_support hardware; /* hardware_find() tells; does not work before that */
};

/* Returns 0, or a negative errno after one line on stderr; free with machine_free() if 0. */
int machine_read(struct machine *machine);
void machine_free(struct machine *machine);

#endif
