/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/measure.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "session/stats.h"
#include "strategy/registry.h"

#define SEED 1

size_t bench_repeats(int argc, char **argv, size_t by_default)
{
	size_t repeats = argc > 1 ? strtoul(argv[1], NULL, 10) : by_default;

	if (repeats < 2 || repeats > BENCH_MAX_REPEATS) {
		fprintf(stderr, "usage: %s [REPEATS from 2 to %d]\n", argv[0], BENCH_MAX_REPEATS);
		exit(EXIT_FAILURE);
	}
	return repeats;
}

struct race_spec bench_spec(const char *name, unsigned int workers, uint64_t iterations,
			    const int *cpus)
{
	return (struct race_spec){
		.strategy = strategy_find(name),
		.mode = MODE_THREADS,
		.workers = workers,
		.iterations = iterations,
		.load = { .batch = 1, .permits = 1, .message = RACE_MESSAGE_MIN },
		.deadline_ns = 60 * NS_PER_S,
		.cpus = cpus,
		.interrupt_fd = -1,
	};
}

static struct race_outcome run_to_the_end(const struct race_spec *spec)
{
	struct race_outcome outcome;

	race_run(spec, &outcome);
	if (outcome.status != RACE_OK) {
		fprintf(stderr, "%s: %s\n", spec->strategy->name, outcome.reason);
		exit(EXIT_FAILURE);
	}
	return outcome;
}

double bench_race_cpu_ns(const struct race_spec *spec)
{
	struct race_outcome outcome = run_to_the_end(spec);
	const struct task_report *task = &outcome.tasks[0];
	uint64_t cpu_ns = task->end.cpu_ns - task->start.cpu_ns;

	race_outcome_free(&outcome);
	return (double)cpu_ns / (double)spec->iterations;
}

struct bench_race bench_race(const struct race_spec *spec)
{
	struct race_outcome outcome = run_to_the_end(spec);
	double increments = (double)(spec->workers * spec->iterations);
	uint64_t first = UINT64_MAX, last = 0, switches = 0;
	struct bench_race race = { 0 };

	for (unsigned int i = 0; i < outcome.n_tasks; i++) {
		const struct snapshot *start = &outcome.tasks[i].start;
		const struct snapshot *end = &outcome.tasks[i].end;

		first = start->clock_ns < first ? start->clock_ns : first;
		last = end->clock_ns > last ? end->clock_ns : last;
		switches += end->voluntary - start->voluntary;
		switches += end->involuntary - start->involuntary;
		race.lost_locks += end->slot.lost[TB_LOST_LOCKS] - start->slot.lost[TB_LOST_LOCKS];
	}
	race_outcome_free(&outcome);
	race.ns = (double)(last - first) / increments;
	race.switches = (double)switches / increments;
	return race;
}

double bench_race_ns(const struct race_spec *spec)
{
	return bench_race(spec).ns;
}

static void must(int err)
{
	if (!err)
		return;
	fprintf(stderr, "no memory for an interval\n");
	exit(EXIT_FAILURE);
}

struct estimate bench_median(const double *a, size_t repeats)
{
	struct estimate median = { 0 };

	must(estimate_median(a, repeats, SEED, &median));
	free(median.samples);
	median.samples = NULL;
	median.n_samples = 0;
	return median;
}

struct estimate bench_ratio(const double *a, const double *b, size_t repeats)
{
	struct estimate ratio = { 0 };

	must(estimate_ratio(a, repeats, b, repeats, SEED, &ratio));
	return ratio;
}

/* A median above it with an interval that reaches below it says nothing yet. */
static const char *judge(const struct estimate *ratio, double goal)
{
	return ratio->median <= goal ? "kept" : ratio->ci95[0] <= goal ? "undecided" : "MISSED";
}

void bench_print_ratio(const char *what, const double *a, const double *b, size_t repeats,
		       double goal)
{
	struct estimate ratio = bench_ratio(a, b, repeats);

	printf("%-44s %8.2f ns / %8.2f ns = %6.3fx  [%.3f, %.3f]", what, stats_median(a, repeats),
	       stats_median(b, repeats), ratio.median, ratio.ci95[0], ratio.ci95[1]);
	if (goal > 0)
		printf("  goal %.2fx %s", goal, judge(&ratio, goal));
	printf("\n");
	fflush(stdout);
}
