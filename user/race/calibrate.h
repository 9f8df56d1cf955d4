/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a step of work takes (shape_work()), on each CPU: for work that is asked for in nanoseconds and
 * must not read a clock to know when it is done.
 */
#ifndef RACE_CALIBRATE_H
#define RACE_CALIBRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct work_rate {
	int cpu;
	/* Medians of several calibrations, in CPU time. */
	double step_ns; /* each step */
	double fixed_ns; /* any number of steps besides */
	double pass_ns; /* a shaped pass besides what a bare one takes (strategy/loop.h) */
};

struct work_rates {
	struct work_rate *rates; /* one per CPU */
	size_t n;
	struct work_rate any; /* the medians over the CPUs, for tasks that are not pinned */
	uint64_t took_ns; /* what calibrating cost */
};

/*
 * Calibrates on each of the CPUs, on which the calling thread may run; it may run where it did
 * before when this returns. Returns 0 or a negative errno; free with work_rates_free() either way.
 */
int calibrate(const int *cpus, size_t n_cpus, struct work_rates *rates);
void work_rates_free(struct work_rates *rates);

/*
 * Steps that take so long on a CPU, or on any for -1; at least one, unless no time is asked for.
 * `alone`: all of the pass's work, which then makes up for what having any costs the pass.
 */
uint64_t work_steps(const struct work_rates *rates, int cpu, uint64_t ns, bool alone);

#endif
