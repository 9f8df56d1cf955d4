/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the cost of watching grows with what is watched: an event is to cost as much among 64 workers
 * as among two, and among ten thousand locks as with one, and memory is to be linear in the tasks
 * and small.
 *
 *	workers	`turn-futex`, all of them on one CPU, in a ring
 *	locks	two workers on one CPU that hand over through one futex after the other
 *	memory	of the probe's maps, as the kernel has it, against the tasks that it is loaded for
 *
 * What an event costs is what a traced race takes longer, divided by its switches; the sleep, the
 * wake-up and the calls that go with one are in it. All rows are measured in one run, interleaved.
 *
 * Usage: growth [REPEATS]. Needs root, and nothing else at work.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/many_locks.h"
#include "lib/watched.h"
#include "session/stats.h"

#define MAX_WORKERS 64
#define INCREMENTS 64000 /* of all workers together */
#define LOCK_INCREMENTS 100000 /* ten for each of the most locks */

static const int first_cpu[MAX_WORKERS] = { 0 };

static const enum watch watches[] = { WATCH_SLEEPS, WATCH_CALLS };
#define N_WATCHES (sizeof(watches) / sizeof(watches[0]))

struct row {
	unsigned int workers;
	unsigned int locks; /* 0: turn-futex, where each worker has one */
	double untraced[BENCH_MAX_REPEATS];
	struct {
		double ns[BENCH_MAX_REPEATS];
		double event_ns[BENCH_MAX_REPEATS]; /* more than the untraced race beside it */
		double switches; /* an increment; of the last race */
		uint64_t lost_locks;
	} traced[N_WATCHES];
};

static struct row of_workers[] = {
	{ .workers = 2 },  { .workers = 4 },  { .workers = 8 },
	{ .workers = 16 }, { .workers = 32 }, { .workers = 64 },
};

static struct row of_locks[] = {
	{ .workers = 2, .locks = 1 },	  { .workers = 2, .locks = 16 },
	{ .workers = 2, .locks = 100 },	  { .workers = 2, .locks = 1000 },
	{ .workers = 2, .locks = 10000 },
};

#define N_OF_WORKERS (sizeof(of_workers) / sizeof(of_workers[0]))
#define N_OF_LOCKS (sizeof(of_locks) / sizeof(of_locks[0]))

static const unsigned int task_numbers[] = { 2, 8, 64, 256, 1024 };

/* ---- Time ---- */

static struct race_spec row_spec(const struct row *row)
{
	uint64_t increments = row->locks ? LOCK_INCREMENTS : INCREMENTS;
	struct race_spec spec =
		bench_spec("turn-futex", row->workers, increments / row->workers, first_cpu);

	if (row->locks) {
		many_locks_choose(row->locks);
		spec.strategy = &strategy_many_locks;
	}
	return spec;
}

/* The untraced race goes first every other time. */
static void run_row(struct watcher *watcher, struct row *row, size_t repeat)
{
	struct race_spec spec = row_spec(row);

	if (repeat % 2 == 0)
		row->untraced[repeat] = bench_race_ns(&spec);
	for (size_t i = 0; i < N_WATCHES; i++) {
		size_t which = (i + repeat) % N_WATCHES;
		struct bench_race race = watcher_race(watcher, watches[which], &spec);

		row->traced[which].ns[repeat] = race.ns;
		row->traced[which].switches = race.switches;
		row->traced[which].lost_locks += race.lost_locks;
	}
	if (repeat % 2)
		row->untraced[repeat] = bench_race_ns(&spec);
	for (size_t i = 0; i < N_WATCHES; i++)
		row->traced[i].event_ns[repeat] =
			(row->traced[i].ns[repeat] - row->untraced[repeat]) /
			row->traced[i].switches;
}

static void print_row(const struct row *row, size_t which, size_t repeats)
{
	const double *ns = row->traced[which].ns;
	struct estimate ratio = bench_ratio(ns, row->untraced, repeats);
	struct estimate event = bench_median(row->traced[which].event_ns, repeats);

	printf("%7u  %-6s %9.1f %9.1f %7.3fx  [%.3f, %.3f] %8.2f %9.1f  [%.1f, %.1f]",
	       row->locks ? row->locks : row->workers, watch_names[watches[which]],
	       stats_median(row->untraced, repeats), stats_median(ns, repeats), ratio.median,
	       ratio.ci95[0], ratio.ci95[1], row->traced[which].switches, event.median,
	       event.ci95[0], event.ci95[1]);
	if (row->traced[which].lost_locks)
		printf("  %" PRIu64 " sleeps of no known lock", row->traced[which].lost_locks);
	printf("\n");
}

static void print_rows(const char *what, const struct row *rows, size_t n, size_t repeats)
{
	printf("\n%7s  %-6s %9s %9s %8s  %-14s %8s %9s\n", what, "LEVEL", "UNTRACED", "TRACED",
	       "RATIO", "[95 % CI]", "SWITCHES", "NS/SWITCH");
	for (size_t which = 0; which < N_WATCHES; which++) {
		struct estimate growth = bench_ratio(rows[n - 1].traced[which].event_ns,
						     rows[0].traced[which].event_ns, repeats);

		for (size_t i = 0; i < n; i++)
			print_row(&rows[i], which, repeats);
		printf("         %-6s a switch in the last row costs %.3fx that of the first"
		       "  [%.3f, %.3f]\n",
		       watch_names[watches[which]], growth.median, growth.ci95[0], growth.ci95[1]);
	}
}

/* ---- Memory ---- */

/* The large ones, each of which grows in a way of its own. */
static const char *const map_names[] = { "slots", "locks", "edges", "owners" };
#define N_MAP_NAMES (sizeof(map_names) / sizeof(map_names[0]))

static double kib_of(const struct map_cost *maps, size_t n, const char *name)
{
	double bytes = 0;

	for (size_t i = 0; i < n; i++)
		if (!name || !strcmp(maps[i].name, name))
			bytes += (double)maps[i].bytes;
	return bytes / 1024;
}

static void print_maps(unsigned int tasks, const struct map_cost *maps, size_t n)
{
	printf("%7u %11.1f", tasks, kib_of(maps, n, NULL));
	for (size_t name = 0; name < N_MAP_NAMES; name++)
		printf(" %11.1f", kib_of(maps, n, map_names[name]));
	printf("\n");
}

static void print_memory(void)
{
	printf("\n%7s %11s", "TASKS", "ALL MAPS");
	for (size_t i = 0; i < N_MAP_NAMES; i++)
		printf(" %11s", map_names[i]);
	printf("   KiB\n");
	for (size_t i = 0; i < sizeof(task_numbers) / sizeof(task_numbers[0]); i++) {
		struct map_cost *maps;
		struct watcher watcher;
		size_t n;

		watcher_load(&watcher, task_numbers[i]);
		if (probe_maps(watcher.probe, &maps, &n))
			exit(EXIT_FAILURE);
		print_maps(task_numbers[i], maps, n);
		free(maps);
		watcher_free(&watcher);
	}
}

int main(int argc, char **argv)
{
	size_t repeats = bench_repeats(argc, argv, 21);
	struct watcher watcher;

	watcher_load(&watcher, MAX_WORKERS);
	for (size_t i = 0; i < repeats; i++) {
		for (size_t row = 0; row < N_OF_WORKERS; row++)
			run_row(&watcher, &of_workers[row], i);
		for (size_t row = 0; row < N_OF_LOCKS; row++)
			run_row(&watcher, &of_locks[row], i);
	}
	watcher_free(&watcher);
	printf("medians of %zu repeats, interleaved, ns an increment; SWITCHES: an increment;\n"
	       "NS/SWITCH: what tracing adds, by one [95 %% CI]\n",
	       repeats);
	print_rows("WORKERS", of_workers, N_OF_WORKERS, repeats);
	print_rows("LOCKS", of_locks, N_OF_LOCKS, repeats);
	print_memory();
	return EXIT_SUCCESS;
}
