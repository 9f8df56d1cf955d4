/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the race engine costs: one worker's `atomic` and `mutex` against the same loop written by
 * hand, in CPU time, measured in one run, interleaved.
 *
 * Usage: harness [REPEATS].
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "lib/measure.h"

#define LOOP_ITERATIONS 5000000
#define GOAL 1.05

static const int first_cpu[] = { 0 };

struct by_hand {
	pthread_mutex_t mutex;
	uint64_t counter __attribute__((aligned(128)));
	void (*loop)(struct by_hand *);
	uint64_t ns;
};

static void atomic_by_hand(struct by_hand *hand)
{
	for (uint64_t i = 0; i < LOOP_ITERATIONS; i++)
		__atomic_fetch_add(&hand->counter, 1, __ATOMIC_RELAXED);
}

static void mutex_by_hand(struct by_hand *hand)
{
	for (uint64_t i = 0; i < LOOP_ITERATIONS; i++) {
		pthread_mutex_lock(&hand->mutex);
		hand->counter++;
		pthread_mutex_unlock(&hand->mutex);
	}
}

static void *time_by_hand(void *argument)
{
	struct by_hand *hand = argument;
	uint64_t start_ns;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
	start_ns = clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
	hand->loop(hand);
	hand->ns = clock_read_ns(CLOCK_THREAD_CPUTIME_ID) - start_ns;
	return NULL;
}

/* In a second thread: the C library's mutex is cheaper in a process that has only one. */
static double run_by_hand(void (*loop)(struct by_hand *))
{
	struct by_hand hand = { .mutex = PTHREAD_MUTEX_INITIALIZER, .loop = loop };
	pthread_t thread;

	if (pthread_create(&thread, NULL, time_by_hand, &hand))
		exit(EXIT_FAILURE);
	pthread_join(thread, NULL);
	return (double)hand.ns / LOOP_ITERATIONS;
}

static void bench_harness(const char *name, void (*loop)(struct by_hand *), size_t repeats)
{
	static double by_hand[BENCH_MAX_REPEATS], raced[BENCH_MAX_REPEATS];
	struct race_spec spec = bench_spec(name, 1, LOOP_ITERATIONS, first_cpu);
	char what[64];

	run_by_hand(loop);
	bench_race_cpu_ns(&spec);
	for (size_t i = 0; i < repeats; i++) {
		/* Each goes first every other time. */
		if (i % 2)
			raced[i] = bench_race_cpu_ns(&spec);
		by_hand[i] = run_by_hand(loop);
		if (i % 2 == 0)
			raced[i] = bench_race_cpu_ns(&spec);
	}
	snprintf(what, sizeof(what), "%s / loop by hand", name);
	bench_print_ratio(what, raced, by_hand, repeats, GOAL);
}

int main(int argc, char **argv)
{
	size_t repeats = bench_repeats(argc, argv, 21);

	printf("medians of %zu repeats, interleaved, per increment; [95 %% CI of the ratio]\n",
	       repeats);
	bench_harness("atomic", atomic_by_hand, repeats);
	bench_harness("mutex", mutex_by_hand, repeats);
	return EXIT_SUCCESS;
}
