/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In every traced race the switches equal getrusage's, task by task, and the time adds up. */
#include "lib/traced_main.h"
#include "strategy/registry.h"

static void check(struct probe *probe, const struct strategy *strategy, enum mode mode,
		  bool one_cpu)
{
	struct race_spec spec = traced_spec(strategy, mode, one_cpu);
	const char *where = one_cpu ? "one CPU" : "two CPUs";
	struct race_outcome outcome;

	if (strategy->one_worker)
		spec.workers = 1;
	traced_run(probe, &spec, &outcome);
	tap_ok(traced_nothing_lost(&outcome), "%s, %s, %s: nothing is lost", strategy->name,
	       mode_name(mode), where);
	tap_ok(traced_switches_agree(&outcome), "%s, %s, %s: switches equal getrusage's",
	       strategy->name, mode_name(mode), where);
	tap_ok(traced_worst_unaccounted(&outcome) <= 0.01, "%s, %s, %s: the time adds up",
	       strategy->name, mode_name(mode), where);
	race_outcome_free(&outcome);
}

static void check_all(struct probe *probe, enum mode mode)
{
	for (size_t i = 0; i < n_strategies; i++) {
		if (!(strategies[i]->modes & 1U << mode) ||
		    (strategies[i]->unsupported && strategies[i]->unsupported()))
			continue;
		for (int one_cpu = 0; one_cpu <= 1; one_cpu++)
			check(probe, strategies[i], mode, one_cpu);
	}
}

int main(void)
{
	return traced_main(check_all);
}
