/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/by_hand.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define MAX_THREADS 16

/* For those who share a CPU to be there as well. */
#define LEAD_NS (500 * NS_PER_US)

struct hand_start {
	unsigned int n;
	unsigned int arrived;
	uint64_t at_ns; /* 0: not appointed yet */
};

struct runner {
	const struct hand_loop *loop;
	struct hand *hand;
	struct hand_start *start;
	unsigned int index;
	bool owns;
	int cpu;
	uint64_t start_ns, end_ns;
	pthread_t thread;
};

void hand_must(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(EXIT_FAILURE);
}

/*
 * The last to come appoints a time, and all spin until then: who is only woken starts late by a
 * wake-up, and races alone or against nobody meanwhile.
 */
static void line_up(struct runner *runner)
{
	struct hand_start *start = runner->start;

	if (__atomic_add_fetch(&start->arrived, 1, __ATOMIC_ACQ_REL) == start->n)
		__atomic_store_n(&start->at_ns, clock_now_ns() + LEAD_NS, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&start->at_ns, __ATOMIC_ACQUIRE))
		sched_yield();
	while (clock_now_ns() < __atomic_load_n(&start->at_ns, __ATOMIC_RELAXED))
		;
}

static void *run(void *argument)
{
	struct runner *runner = argument;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)runner->cpu, &set);
	hand_must(!sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
	line_up(runner);
	runner->start_ns = clock_now_ns();
	if (runner->owns)
		runner->loop->own(runner->hand);
	else
		runner->loop->work(runner->hand, runner->index);
	runner->end_ns = clock_now_ns();
	return NULL;
}

static uint64_t run_all(struct runner *runners, unsigned int n)
{
	uint64_t first = UINT64_MAX, last = 0;

	for (unsigned int i = 0; i < n; i++)
		hand_must(!pthread_create(&runners[i].thread, NULL, run, &runners[i]),
			  "pthread_create");
	for (unsigned int i = 0; i < n; i++) {
		pthread_join(runners[i].thread, NULL);
		first = runners[i].start_ns < first ? runners[i].start_ns : first;
		last = runners[i].end_ns > last ? runners[i].end_ns : last;
	}
	return last - first;
}

static void *make_state(const struct hand_loop *loop)
{
	size_t bytes = (loop->size / RACE_PADDING + 1) * RACE_PADDING;
	void *state = aligned_alloc(RACE_PADDING, bytes);

	hand_must(state != NULL, "aligned_alloc");
	memset(state, 0, bytes);
	if (loop->setup)
		loop->setup(state);
	return state;
}

double hand_ns(const struct hand_loop *loop, unsigned int workers, uint64_t iterations,
	       const int *cpus)
{
	unsigned int n = workers + (loop->own ? 1 : 0);
	struct hand hand = { .iterations = iterations, .state = make_state(loop) };
	struct runner runners[MAX_THREADS];
	struct hand_start start = { .n = n };
	uint64_t ns;

	hand_must(n <= MAX_THREADS, "threads");
	for (unsigned int i = 0; i < n; i++)
		runners[i] = (struct runner){
			.loop = loop,
			.hand = &hand,
			.start = &start,
			.index = i,
			.owns = i == workers,
			.cpu = cpus[i],
		};
	ns = run_all(runners, n);
	if (hand.counter != workers * iterations) {
		fprintf(stderr, "%s by hand: the sum is wrong\n", loop->name);
		exit(EXIT_FAILURE);
	}
	if (loop->teardown)
		loop->teardown(hand.state);
	free(hand.state);
	return (double)ns / (double)(workers * iterations);
}
