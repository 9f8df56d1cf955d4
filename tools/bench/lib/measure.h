/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Races of fixed work as a benchmark wants them: timed, and compared with what stands beside them.
 * Whatever goes wrong ends the program with a line that says what.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

#include "race/engine.h"
#include "session/session.h"

#define BENCH_MAX_REPEATS 1000

/* The repeats that the command line asks for, from 2 to BENCH_MAX_REPEATS. */
size_t bench_repeats(int argc, char **argv, size_t by_default);

/* A race of threads, each of which makes so many increments; `cpus` as in struct race_spec. */
struct race_spec bench_spec(const char *name, unsigned int workers, uint64_t iterations,
			    const int *cpus);

/* Nanoseconds an increment, by the clock, from the first start to the last end: waiting counts. */
double bench_race_ns(const struct race_spec *spec);

/* The same, and what else is known of the race. */
struct bench_race {
	double ns;
	double switches; /* an increment, by getrusage of all tasks */
	uint64_t lost_locks; /* sleeps on a futex for which a traced race had no room */
};

struct bench_race bench_race(const struct race_spec *spec);

/*
 * Nanoseconds of CPU time an increment, of the only worker: what a neighbour or the hypervisor
 * takes is not the harness's.
 */
double bench_race_cpu_ns(const struct race_spec *spec);

/* The median with its 95 % CI, and the ratio of the medians of a and b with its. */
struct estimate bench_median(const double *a, size_t repeats);
struct estimate bench_ratio(const double *a, const double *b, size_t repeats);

/*
 * One line: both medians, and their ratio with its 95 % CI. `goal`: the largest ratio that is
 * asked for; 0: none is.
 */
void bench_print_ratio(const char *what, const double *a, const double *b, size_t repeats,
		       double goal);

#endif
