/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What tracing costs in the worst case, `turn-futex` pinned to one CPU: traced at the *sleeps* and
 * at the *calls* level, and with empty programs at the same tracepoints, against untraced, as ratios
 * measured in one run, interleaved.
 *
 * Usage: overhead [REPEATS]. Needs the rights for BPF.
 */
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>

#include "empty.skel.h"
#include "lib/measure.h"
#include "probe/probe.h"
#include "race/engine.h"

#define TURNS 20000

static const int first_cpu[] = { 0, 0 };

static double run_with_empty(struct empty_bpf *empty, enum level level,
			     const struct race_spec *spec)
{
	bool calls = level == LEVEL_CALLS;
	double ns;

	bpf_program__set_autoattach(empty->progs.empty_sys_enter, calls);
	bpf_program__set_autoattach(empty->progs.empty_sys_exit, calls);
	if (empty_bpf__attach(empty))
		exit(EXIT_FAILURE);
	ns = bench_race_ns(spec);
	empty_bpf__detach(empty);
	return ns;
}

static double run_traced(struct probe *probe, enum level level, struct race_spec spec)
{
	double ns;

	if (probe_attach(probe, level, race_is_on_one_cpu(&spec)))
		exit(EXIT_FAILURE);
	spec.slots = probe_slots(probe, &spec.n_slots);
	spec.before_start = probe_target;
	spec.context = probe;
	ns = bench_race_ns(&spec);
	probe_detach(probe);
	return ns;
}

/* What a repeat is: untraced, watched by nothing but empty programs, or traced. */
enum variant { UNTRACED, EMPTY_SLEEPS, SLEEPS, EMPTY_CALLS, CALLS, VARIANTS };

static double run_variant(enum variant variant, struct empty_bpf *empty, struct probe *probe,
			  const struct race_spec *spec)
{
	switch (variant) {
	case EMPTY_SLEEPS:
		return run_with_empty(empty, LEVEL_SLEEPS, spec);
	case SLEEPS:
		return run_traced(probe, LEVEL_SLEEPS, *spec);
	case EMPTY_CALLS:
		return run_with_empty(empty, LEVEL_CALLS, spec);
	case CALLS:
		return run_traced(probe, LEVEL_CALLS, *spec);
	default:
		return bench_race_ns(spec);
	}
}

static void print_tracing(double ns[VARIANTS][BENCH_MAX_REPEATS], size_t repeats)
{
	static const struct {
		const char *what;
		enum variant above, below;
		double goal;
	} ratios[] = {
		{ "turn-futex empty sleeps / untraced", EMPTY_SLEEPS, UNTRACED, 0 },
		{ "turn-futex sleeps / untraced", SLEEPS, UNTRACED, 1.15 },
		{ "turn-futex sleeps / empty sleeps", SLEEPS, EMPTY_SLEEPS, 0 },
		{ "turn-futex empty calls / untraced", EMPTY_CALLS, UNTRACED, 0 },
		{ "turn-futex calls / untraced", CALLS, UNTRACED, 1.30 },
		{ "turn-futex calls / empty calls", CALLS, EMPTY_CALLS, 0 },
	};

	for (size_t i = 0; i < sizeof(ratios) / sizeof(ratios[0]); i++)
		bench_print_ratio(ratios[i].what, ns[ratios[i].above], ns[ratios[i].below], repeats,
				  ratios[i].goal);
}

static void bench_tracing(size_t repeats)
{
	static double ns[VARIANTS][BENCH_MAX_REPEATS];
	const struct probe_options options = { .max_tasks = 2, .calls = true };
	struct race_spec spec = bench_spec("turn-futex", 2, TURNS, first_cpu);
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
	bench_race_ns(&spec);
	for (size_t i = 0; i < repeats; i++)
		for (size_t turn = i; turn < i + VARIANTS; turn++)
			ns[turn % VARIANTS][i] = run_variant(turn % VARIANTS, empty, probe, &spec);
	print_tracing(ns, repeats);
	probe_free(probe);
	empty_bpf__destroy(empty);
}

int main(int argc, char **argv)
{
	size_t repeats = bench_repeats(argc, argv, 21);

	printf("medians of %zu repeats, interleaved, per increment; [95 %% CI of the ratio]\n",
	       repeats);
	bench_tracing(repeats);
	return EXIT_SUCCESS;
}
