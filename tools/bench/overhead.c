/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What tracebench itself costs, as ratios measured in one run, interleaved:
 *
 *	harness	one worker's `atomic` and `mutex` against the same loop written by hand, in CPU time
 *	tracing	`turn-futex` pinned to one CPU, the worst case: traced at the *sleeps* level, and
 *		with empty programs at the same tracepoints, against untraced
 *
 * Usage: overhead [REPEATS]. The tracing part needs the rights for BPF.
 */
#include <bpf/libbpf.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "empty.skel.h"
#include "probe/probe.h"
#include "race/engine.h"
#include "session/stats.h"
#include "strategy/registry.h"

#define MAX_REPEATS 1000
#define LOOP_ITERATIONS 5000000
#define TURNS 20000
#define SEED 1

static const int first_cpu[] = { 0, 0 };

/* ---- The loops that a user would write instead ---- */

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

/* ---- The same by the race engine ---- */

static struct race_outcome run_to_the_end(const struct race_spec *spec)
{
	struct race_outcome outcome;

	race_run(spec, &outcome);
	if (outcome.status != RACE_OK) {
		fprintf(stderr, "overhead: %s: %s\n", spec->strategy->name, outcome.reason);
		exit(EXIT_FAILURE);
	}
	return outcome;
}

/* CPU time of the only worker: what a neighbour or the hypervisor takes is not the harness's. */
static double run_alone(const struct race_spec *spec)
{
	struct race_outcome outcome = run_to_the_end(spec);
	const struct task_report *task = &outcome.tasks[0];
	uint64_t cpu_ns = task->end.cpu_ns - task->start.cpu_ns;

	race_outcome_free(&outcome);
	return (double)cpu_ns / (double)spec->iterations;
}

/* Wall time: waiting is a part of it. */
static double run_race(const struct race_spec *spec)
{
	struct race_outcome outcome = run_to_the_end(spec);
	uint64_t first = UINT64_MAX, last = 0;

	for (unsigned int i = 0; i < outcome.n_tasks; i++) {
		const struct task_report *task = &outcome.tasks[i];

		first = task->start.clock_ns < first ? task->start.clock_ns : first;
		last = task->end.clock_ns > last ? task->end.clock_ns : last;
	}
	race_outcome_free(&outcome);
	return (double)(last - first) / (double)(spec->workers * spec->iterations);
}

static struct race_spec spec_of(const char *name, unsigned int workers, uint64_t iterations)
{
	return (struct race_spec){
		.strategy = strategy_find(name),
		.mode = MODE_THREADS,
		.workers = workers,
		.iterations = iterations,
		.batch = 1,
		.permits = 1,
		.message = 8,
		.deadline_ns = 60 * NS_PER_S,
		.cpus = first_cpu,
		.interrupt_fd = -1,
	};
}

/* ---- Printing ---- */

static void print_ratio(const char *what, const double *a, const double *b, size_t n)
{
	struct estimate ratio = { 0 };

	if (estimate_ratio(a, n, b, n, SEED, &ratio))
		exit(EXIT_FAILURE);
	printf("%-28s %9.2f ns  / %9.2f ns  = %6.3fx  [%.3f, %.3f]\n", what, stats_median(a, n),
	       stats_median(b, n), ratio.median, ratio.ci95[0], ratio.ci95[1]);
}

/* ---- The two parts ---- */

static void bench_harness(const char *name, void (*loop)(struct by_hand *), size_t repeats)
{
	static double by_hand[MAX_REPEATS], raced[MAX_REPEATS];
	struct race_spec spec = spec_of(name, 1, LOOP_ITERATIONS);
	char what[64];

	run_by_hand(loop);
	run_alone(&spec);
	for (size_t i = 0; i < repeats; i++) {
		/* Each goes first every other time. */
		if (i % 2)
			raced[i] = run_alone(&spec);
		by_hand[i] = run_by_hand(loop);
		if (i % 2 == 0)
			raced[i] = run_alone(&spec);
	}
	snprintf(what, sizeof(what), "%s / loop by hand", name);
	print_ratio(what, raced, by_hand, repeats);
}

static double run_with_empty(struct empty_bpf *empty, const struct race_spec *spec)
{
	double ns;

	if (empty_bpf__attach(empty))
		exit(EXIT_FAILURE);
	ns = run_race(spec);
	empty_bpf__detach(empty);
	return ns;
}

static double run_traced(struct probe *probe, struct race_spec spec)
{
	double ns;

	if (probe_attach(probe, race_is_on_one_cpu(&spec)))
		exit(EXIT_FAILURE);
	spec.slots = probe_slots(probe, &spec.n_slots);
	spec.before_start = probe_target;
	spec.context = probe;
	ns = run_race(&spec);
	probe_detach(probe);
	return ns;
}

static void bench_tracing(size_t repeats)
{
	static double untraced[MAX_REPEATS], floor[MAX_REPEATS], traced[MAX_REPEATS];
	const struct probe_options options = { .max_tasks = 2 };
	struct race_spec spec = spec_of("turn-futex", 2, TURNS);
	struct empty_bpf *empty;
	struct probe *probe;

	libbpf_set_print(NULL);
	empty = empty_bpf__open_and_load();
	/* On one CPU the probe does not watch wake-ups either. */
	if (empty)
		bpf_program__set_autoattach(empty->progs.empty_wakeup, false);
	if (!empty || probe_load(&options, &probe)) {
		printf("tracing: not measured, the probe does not load (tracebench doctor)\n");
		empty_bpf__destroy(empty);
		return;
	}
	run_race(&spec);
	for (size_t i = 0; i < repeats; i++) {
		for (size_t turn = i; turn < i + 3; turn++) {
			if (turn % 3 == 0)
				untraced[i] = run_race(&spec);
			else if (turn % 3 == 1)
				floor[i] = run_with_empty(empty, &spec);
			else
				traced[i] = run_traced(probe, spec);
		}
	}
	print_ratio("turn-futex empty / untraced", floor, untraced, repeats);
	print_ratio("turn-futex sleeps / untraced", traced, untraced, repeats);
	print_ratio("turn-futex sleeps / empty", traced, floor, repeats);
	probe_free(probe);
	empty_bpf__destroy(empty);
}

int main(int argc, char **argv)
{
	size_t repeats = argc > 1 ? strtoul(argv[1], NULL, 10) : 21;

	if (repeats < 2 || repeats > MAX_REPEATS) {
		fprintf(stderr, "usage: overhead [REPEATS from 2 to %d]\n", MAX_REPEATS);
		return EXIT_FAILURE;
	}
	printf("medians of %zu repeats, interleaved, per increment; [95 %% CI of the ratio]\n",
	       repeats);
	bench_harness("atomic", atomic_by_hand, repeats);
	bench_harness("mutex", mutex_by_hand, repeats);
	bench_tracing(repeats);
	return EXIT_SUCCESS;
}
