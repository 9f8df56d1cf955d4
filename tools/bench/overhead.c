/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What tracing costs in the worst case, `turn-futex` with both workers pinned to one CPU, where
 * every increment is a switch: traced at the *sleeps* and at the *calls* level, with wakers looked
 * for, with stacks taken and with a timeline recorded, with empty programs at the tracepoints of the first two, and watched by other programs that can be asked the same, all against
 * untraced. One run, interleaved; every race is a process of its own.
 *
 * Usage: overhead [REPEATS]. Needs root and two CPUs, and nothing else at work on them. Programs
 * that are not installed are left out and named, with the package that has them.
 */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/one_race.h"
#include "lib/rival.h"
#include "lib/scratch.h"
#include "session/stats.h"

#define TURNS 20000
#define SLEEPS_GOAL 1.12
#define CALLS_GOAL 1.25
#define STACKS_GOAL 1.6
#define TIMELINE_GOAL 1.45
#define OWN_LOG "own.log"
#define N_VARIANTS (WATCHES + N_RIVALS)

/* What a repeat is: watched by ourselves in one way or the other, or by a rival. */
struct variant {
	const char *name;
	enum watch watch;
	const struct rival *rival; /* NULL: by ourselves */
	double ns[BENCH_MAX_REPEATS];
	char why[256]; /* it is not measured; empty: it is */
};

static volatile sig_atomic_t interrupted;

static void on_signal(int signal_number)
{
	interrupted = signal_number;
}

/* Not restarted: a signal ends every wait, so that what was started is ended and cleared up. */
static void take_signals(void)
{
	const struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static void look_into_sbin(void)
{
	const char *path = getenv("PATH");
	char longer[4096];

	snprintf(longer, sizeof(longer), "%s:/usr/sbin:/sbin", path ? path : "/usr/bin:/bin");
	setenv("PATH", longer, 1);
}

static void fill_variants(struct variant *variants)
{
	for (enum watch watch = 0; watch < WATCHES; watch++)
		variants[watch] = (struct variant){ .name = watch_names[watch], .watch = watch };
	for (size_t i = 0; i < N_RIVALS; i++) {
		struct variant *variant = &variants[WATCHES + i];

		*variant = (struct variant){ .name = rivals[i].name, .rival = &rivals[i] };
		if (!rival_is_installed(&rivals[i]))
			snprintf(variant->why, sizeof(variant->why),
				 "not installed; apt install %s", rivals[i].package);
	}
}

/* A rival that failed is not tried again; of ourselves there must be a number. */
static bool run_variant(struct variant *variant, size_t repeat, const char *folder)
{
	const struct one_race own = {
		.watch = variant->watch,
		.iterations = TURNS,
		.folder = folder,
		.log = OWN_LOG,
	};

	if (!variant->rival)
		variant->ns[repeat] = one_race_ns(&own);
	else if (!variant->why[0])
		variant->ns[repeat] = rival_race_ns(variant->rival, TURNS, folder, variant->why,
						    sizeof(variant->why));
	return !interrupted && (variant->rival || !isnan(variant->ns[repeat]));
}

/* Returns whether it came to its end. Each variant goes first in one of so many repeats. */
static bool run_all(struct variant *variants, size_t repeats, const char *folder)
{
	for (size_t i = 0; i < repeats; i++)
		for (size_t turn = i; turn < i + N_VARIANTS; turn++) {
			struct variant *variant = &variants[turn % N_VARIANTS];

			if (run_variant(variant, i, folder))
				continue;
			if (!interrupted)
				scratch_print_log(folder, OWN_LOG);
			fprintf(stderr, "%s: %s\n", variant->name,
				interrupted ? "interrupted" : "no race");
			return false;
		}
	return true;
}

static void print_own(const struct variant *variants, size_t repeats)
{
	static const struct {
		enum watch above, below;
		double goal;
	} ratios[] = {
		{ WATCH_EMPTY_SLEEPS, WATCH_NONE, 0 },
		{ WATCH_SLEEPS, WATCH_NONE, SLEEPS_GOAL },
		{ WATCH_SLEEPS, WATCH_EMPTY_SLEEPS, 0 },
		{ WATCH_EMPTY_CALLS, WATCH_NONE, 0 },
		{ WATCH_CALLS, WATCH_NONE, CALLS_GOAL },
		{ WATCH_CALLS, WATCH_EMPTY_CALLS, 0 },
		{ WATCH_WAKERS, WATCH_NONE, 0 },
		{ WATCH_STACKS, WATCH_NONE, STACKS_GOAL },
		{ WATCH_TIMELINE, WATCH_NONE, TIMELINE_GOAL },
	};
	char what[64];

	for (size_t i = 0; i < sizeof(ratios) / sizeof(ratios[0]); i++) {
		const struct variant *above = &variants[ratios[i].above];
		const struct variant *below = &variants[ratios[i].below];

		snprintf(what, sizeof(what), "turn-futex %s / %s", above->name, below->name);
		bench_print_ratio(what, above->ns, below->ns, repeats, ratios[i].goal);
	}
}

static const char *is_slower(const struct variant *rival, const struct variant *own, size_t repeats)
{
	struct estimate ratio = bench_ratio(rival->ns, own->ns, repeats);

	return ratio.ci95[0] > 1 ? "yes" : ratio.ci95[1] < 1 ? "NO" : "undecided";
}

static void print_rival(const struct variant *variants, const struct variant *rival, size_t repeats)
{
	struct estimate ratio;

	if (rival->why[0]) {
		printf("%-20s not measured: %s\n", rival->name, rival->why);
		return;
	}
	ratio = bench_ratio(rival->ns, variants[WATCH_NONE].ns, repeats);
	printf("%-20s %10.2f %9.3fx  [%6.3f, %6.3f]  %-10s %s\n", rival->name,
	       stats_median(rival->ns, repeats), ratio.median, ratio.ci95[0], ratio.ci95[1],
	       is_slower(rival, &variants[WATCH_SLEEPS], repeats),
	       is_slower(rival, &variants[WATCH_CALLS], repeats));
}

static void print_all(const struct variant *variants, size_t repeats)
{
	printf("medians of %zu repeats, interleaved, per increment; [95 %% CI of the ratio]\n",
	       repeats);
	print_own(variants, repeats);
	printf("\n%-49s  slower than tracebench's\n", "");
	printf("%-20s %10s %10s  %-16s  %-10s %s\n", "WATCHED BY", "NS", "/ UNTRACED", "[95 % CI]",
	       "SLEEPS", "CALLS");
	for (size_t i = WATCHES; i < N_VARIANTS; i++)
		print_rival(variants, &variants[i], repeats);
}

int main(int argc, char **argv)
{
	static struct variant variants[N_VARIANTS];
	char folder[SCRATCH_BYTES];
	size_t repeats;
	bool done;

	one_race_if_asked(argc, argv);
	repeats = bench_repeats(argc, argv, 21);
	take_signals();
	look_into_sbin();
	fill_variants(variants);
	scratch_make(folder);
	done = run_all(variants, repeats, folder);
	scratch_remove(folder);
	if (done)
		print_all(variants, repeats);
	return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
