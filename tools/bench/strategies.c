/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the strategies cost beside the loops that a user would write instead: ratios of the time an
 * increment takes, measured in one run, interleaved. Threads; "2 on 1" is two workers on one CPU. A ratio below 1 is a strategy that is faster than its loop.
 *
 * Usage: strategies [REPEATS [STRATEGY]]. Needs two CPUs and nothing else at work on them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/by_hand.h"
#include "lib/measure.h"
#include "strategy/registry.h"

/* Where worker after worker goes, the owner last. */
static const int one_cpu[] = { 0, 0, 0, 0 };
static const int two_cpus[] = { 0, 1, 0, 1 };

struct comparison {
	unsigned int workers;
	uint64_t iterations; /* per worker: some tens of milliseconds */
	const int *cpus;
	double goal;
};

/* Each goes first every other time. */
static void compare(const struct hand_loop *loop, const struct comparison *how, size_t repeats)
{
	static double raced[BENCH_MAX_REPEATS], by_hand[BENCH_MAX_REPEATS];
	struct race_spec spec =
		bench_spec(loop->strategy, how->workers, how->iterations, how->cpus);
	char what[80];

	if (spec.strategy->unsupported && spec.strategy->unsupported()) {
		printf("%-36s left out: %s\n", loop->strategy, spec.strategy->unsupported());
		return;
	}
	bench_race_ns(&spec);
	hand_ns(loop, how->workers, how->iterations, how->cpus);
	for (size_t i = 0; i < repeats; i++) {
		if (i % 2)
			raced[i] = bench_race_ns(&spec);
		by_hand[i] = hand_ns(loop, how->workers, how->iterations, how->cpus);
		if (i % 2 == 0)
			raced[i] = bench_race_ns(&spec);
	}
	snprintf(what, sizeof(what), "%s / %s, %u on %u", loop->strategy, loop->name, how->workers,
		 how->cpus == one_cpu ? 1U : 2U);
	bench_print_ratio(what, raced, by_hand, repeats, how->goal);
}

/* What is compared: one strategy, or NULL for all. */
struct wish {
	size_t repeats;
	const char *strategy;
};

static void compare_all(const struct hand_loop *loops, const struct comparison *how,
			const struct wish *wish)
{
	for (; loops->strategy; loops++)
		if (!wish->strategy || !strcmp(wish->strategy, loops->strategy))
			compare(loops, how, wish->repeats);
}

int main(int argc, char **argv)
{
	static const struct comparison at_once[] = {
		{ 1, 5000000, two_cpus, 1.05 },
		{ 2, 2000000, two_cpus, 1.05 },
		{ 3, 2000000, two_cpus, 1.05 },
	};
	static const struct comparison locks[] = {
		{ 1, 3000000, two_cpus, 1.00 },
		{ 2, 1000000, two_cpus, 1.00 },
		{ 4, 500000, two_cpus, 1.00 },
	};
	static const struct comparison rings = { 1, 3000000, two_cpus, 1 / 0.9 };
	static const struct comparison drained_rings = { 1, 3000000, two_cpus, 0 };
	static const struct comparison turns[] = {
		{ 2, 10000, one_cpu, 1.10 },
		{ 2, 5000, two_cpus, 1.10 },
	};
	static const struct comparison spinning = { 2, 200000, two_cpus, 1.10 };
	const struct wish wish = {
		.repeats = bench_repeats(argc, argv, 21),
		.strategy = argc > 2 ? argv[2] : NULL,
	};

	printf("medians of %zu repeats, interleaved, per increment; [95 %% CI of the ratio]\n",
	       wish.repeats);
	for (size_t i = 0; i < sizeof(at_once) / sizeof(at_once[0]); i++)
		compare_all(hand_atomic, &at_once[i], &wish);
	for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++)
		compare_all(hand_locks, &locks[i], &wish);
	compare_all(hand_rings, &rings, &wish);
	compare_all(hand_drained_rings, &drained_rings, &wish);
	for (size_t i = 0; i < sizeof(turns) / sizeof(turns[0]); i++)
		compare_all(hand_turns, &turns[i], &wish);
	compare_all(hand_spinning_turns, &spinning, &wish);
	return EXIT_SUCCESS;
}
