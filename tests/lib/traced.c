/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/traced.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "probe/feature.h"
#include "session/traced_race.h"

#define MAX_TASKS 8

__attribute__((format(printf, 1, 2))) static _Noreturn void give_up(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

/* Two that this process may run on, in turn; twice the same where there is only one. */
static void find_cpus(int spread[MAX_TASKS], int packed[MAX_TASKS])
{
	int found[2] = { -1, -1 };
	cpu_set_t allowed;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		give_up("sched_getaffinity: %s", strerror(errno));
	for (int cpu = 0; cpu < CPU_SETSIZE && found[1] < 0; cpu++)
		if (CPU_ISSET((size_t)cpu, &allowed))
			found[found[0] >= 0] = cpu;
	for (int i = 0; i < MAX_TASKS; i++) {
		packed[i] = found[0];
		spread[i] = i % 2 && found[1] >= 0 ? found[1] : found[0];
	}
}

struct race_spec traced_spec(const struct strategy *strategy, enum mode mode, bool one_cpu)
{
	static int spread[MAX_TASKS], packed[MAX_TASKS];

	find_cpus(spread, packed);
	return (struct race_spec){
		.strategy = strategy,
		.mode = mode,
		.workers = 2,
		.duration_ns = 100 * NS_PER_MS,
		.iterations = RACE_NO_LIMIT,
		.load = { .batch = 1, .permits = 1, .message = 8 },
		.deadline_ns = 20 * NS_PER_S,
		.cpus = one_cpu ? packed : spread,
		.interrupt_fd = -1,
	};
}

struct probe *traced_probe(struct probe_options options, const char **why)
{
	struct feature_state states[FEATURES];
	struct probe *probe;
	int err;

	feature_probe(states);
	*why = feature_obstacle(states);
	if (*why)
		return NULL;
	if (!options.max_tasks)
		options.max_tasks = MAX_TASKS;
	options.calls = true;
	options.wakers = true;
	err = probe_load(&options, &probe);
	if (err)
		give_up("every feature works, but the probe does not load: %s", strerror(-err));
	return probe;
}

void traced_run(struct probe *probe, struct race_spec *spec, struct race_outcome *outcome)
{
	traced_run_at(probe, LEVEL_SLEEPS, spec, outcome);
}

void traced_run_at(struct probe *probe, enum level level, struct race_spec *spec,
		   struct race_outcome *outcome)
{
	race_run_traced(probe, level, spec, outcome);
	if (outcome->status != RACE_OK)
		give_up("%s: %s", spec->strategy->name, outcome->reason);
}

struct counts traced_total(const struct race_outcome *outcome)
{
	struct counts total = { 0 };
	struct counts window;

	for (unsigned int i = 0; i < outcome->n_tasks; i++) {
		counts_of_window(&window, &outcome->tasks[i]);
		counts_add(&total, &window);
	}
	return total;
}

bool traced_switches_agree(const struct race_outcome *outcome)
{
	bool agree = true;

	for (unsigned int i = 0; i < outcome->n_tasks; i++) {
		struct counts window;

		counts_of_window(&window, &outcome->tasks[i]);
		agree = agree && window.voluntary == window.rusage_voluntary &&
			window.involuntary == window.rusage_involuntary;
	}
	return agree;
}

bool traced_nothing_lost(const struct race_outcome *outcome)
{
	struct counts total = traced_total(outcome);
	bool nothing = true;

	for (unsigned int i = 0; i < outcome->n_tasks; i++)
		nothing = nothing && outcome->tasks[i].has_slot;
	for (int i = 0; i < TB_LOSSES; i++)
		nothing = nothing && total.lost[i] == 0;
	return nothing;
}

double traced_worst_unaccounted(const struct race_outcome *outcome)
{
	double worst = 0;

	for (unsigned int i = 0; i < outcome->n_tasks; i++) {
		struct counts window;

		counts_of_window(&window, &outcome->tasks[i]);
		worst = fmax(worst,
			     fabs((double)counts_unaccounted_ns(&window)) / (double)window.wall_ns);
	}
	return worst;
}
