/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What watching costs those who do not sleep: one worker with nobody to contend with, and the
 * locks that spin, alone and with two workers on two CPUs. Nothing that the probe counts happens
 * there, so it must cost nothing: no slowdown that its 95 % CI tells from 1.00 by more than 2 %.
 *
 * Usage: sleepless [REPEATS]. Needs root, two CPUs and nothing else at work on them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "lib/watched.h"
#include "session/stats.h"
#include "strategy/registry.h"

#define GOAL 1.02
#define TOO_WIDE 0.10 /* an interval that says nothing about two percent */
#define PILOT_ITERATIONS 2000
#define RACE_NS (100.0 * NS_PER_MS)

static const int cpus[] = { 0, 1 };

static const enum watch watches[] = { WATCH_NONE, WATCH_SLEEPS, WATCH_CALLS };
#define N_WATCHES (sizeof(watches) / sizeof(watches[0]))

/* As much work as takes about RACE_NS, by a race that is not counted. */
static struct race_spec sized(const char *strategy, unsigned int workers)
{
	struct race_spec spec = bench_spec(strategy, workers, PILOT_ITERATIONS, cpus);

	spec.iterations = (uint64_t)(RACE_NS / (bench_race_ns(&spec) * workers)) + 1;
	return spec;
}

static const char *judge(const struct estimate *ratio)
{
	if (ratio->ci95[0] > GOAL)
		return "OVER";
	return ratio->ci95[1] - ratio->ci95[0] > TOO_WIDE ? "ok, but noisy" : "ok";
}

static void print_slowdown(const struct race_spec *spec, enum watch watch, const double *traced,
			   const double *untraced, size_t repeats)
{
	struct estimate ratio = bench_ratio(traced, untraced, repeats);

	printf("%-14s %7u  %-6s %10.2f %10.2f  %6.3fx  [%.3f, %.3f]  %s\n", spec->strategy->name,
	       spec->workers, watch_names[watch], stats_median(untraced, repeats),
	       stats_median(traced, repeats), ratio.median, ratio.ci95[0], ratio.ci95[1],
	       judge(&ratio));
	fflush(stdout);
}

static void bench(struct watcher *watcher, const char *strategy, unsigned int workers,
		  size_t repeats)
{
	static double ns[N_WATCHES][BENCH_MAX_REPEATS];
	struct race_spec spec = sized(strategy, workers);

	for (size_t i = 0; i < repeats; i++)
		for (size_t turn = i; turn < i + N_WATCHES; turn++) {
			size_t which = turn % N_WATCHES;

			ns[which][i] = watcher_race(watcher, watches[which], &spec).ns;
		}
	for (size_t which = 1; which < N_WATCHES; which++)
		print_slowdown(&spec, watches[which], ns[which], ns[0], repeats);
}

int main(int argc, char **argv)
{
	size_t repeats = bench_repeats(argc, argv, 21);
	struct watcher watcher;

	watcher_load(&watcher, 2);
	printf("medians of %zu repeats, interleaved, ns an increment; [95 %% CI of the ratio]\n",
	       repeats);
	printf("%-14s %7s  %-6s %10s %10s  %7s\n", "STRATEGY", "WORKERS", "LEVEL", "UNTRACED",
	       "TRACED", "RATIO");
	bench(&watcher, "atomic", 1, repeats);
	bench(&watcher, "mutex", 1, repeats);
	for (unsigned int workers = 1; workers <= 2; workers++)
		for (size_t i = 0; i < n_strategies; i++)
			if (!strncmp(strategies[i]->name, "spin-", strlen("spin-")))
				bench(&watcher, strategies[i]->name, workers, repeats);
	watcher_free(&watcher);
	return EXIT_SUCCESS;
}
