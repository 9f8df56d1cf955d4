/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether work that is asked for by --critical takes as long as was asked: one worker with it and
 * without, interleaved, in CPU time; the difference of the medians beside what it should be.
 *
 * Usage: critical [REPEATS]. Nothing else may be at work meanwhile.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "lib/measure.h"
#include "session/stats.h"

#define RACE_NS (30 * NS_PER_MS)
#define MAX_OFF 0.05

static const int first_cpu[] = { 0, 0 };

static void compare(const char *strategy, uint64_t critical_ns, const struct work_rates *rates,
		    size_t repeats)
{
	static double with[BENCH_MAX_REPEATS], without[BENCH_MAX_REPEATS];
	struct race_spec bare = bench_spec(strategy, 1, RACE_NS / critical_ns + 1000, first_cpu);
	struct race_spec loaded = bare;
	double got, off;

	loaded.load.critical_ns = critical_ns;
	loaded.rates = rates;
	for (size_t i = 0; i < repeats; i++) {
		if (i % 2)
			with[i] = bench_race_cpu_ns(&loaded);
		without[i] = bench_race_cpu_ns(&bare);
		if (i % 2 == 0)
			with[i] = bench_race_cpu_ns(&loaded);
	}
	got = stats_median(with, repeats) - stats_median(without, repeats);
	off = got / (double)critical_ns - 1;
	printf("%-10s --critical=%luns: %10.1f - %6.1f = %10.1f ns, off by %+.1f %%, goal 5 %% %s\n",
	       strategy, (unsigned long)critical_ns, stats_median(with, repeats),
	       stats_median(without, repeats), got, 100 * off,
	       off <= MAX_OFF && off >= -MAX_OFF ? "kept" : "MISSED");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static const char *const strategies[] = { "mutex", "sem-futex", "atomic" };
	static const uint64_t critical_ns[] = { 100, 1000, 10000, 100000 };
	size_t repeats = bench_repeats(argc, argv, 21);
	struct work_rates rates;

	if (calibrate(first_cpu, 1, &rates)) {
		fprintf(stderr, "critical: what work takes cannot be measured on CPU 0\n");
		return EXIT_FAILURE;
	}
	printf("one worker on CPU 0, medians of %zu repeats, interleaved; a step of work is %.3f ns\n",
	       repeats, rates.any.step_ns);
	for (size_t s = 0; s < sizeof(strategies) / sizeof(strategies[0]); s++)
		for (size_t i = 0; i < sizeof(critical_ns) / sizeof(critical_ns[0]); i++)
			compare(strategies[s], critical_ns[i], &rates, repeats);
	work_rates_free(&rates);
	return EXIT_SUCCESS;
}
