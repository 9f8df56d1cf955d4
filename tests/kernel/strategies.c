/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In every traced race the switches equal getrusage's, task by task, and the time adds up. The
 * races are short, for there are many: what is counted wrong shows with the first switch, and
 * tests/cli/session.sh has longer ones.
 */
#include "base/clock.h"
#include "lib/traced_main.h"
#include "session/call_totals.h"
#include "strategy/registry.h"

#define DURATION_NS (25 * NS_PER_MS)

static void check(struct probe *probe, const struct strategy *strategy, enum mode mode,
		  bool one_cpu)
{
	struct race_spec spec = traced_spec(strategy, mode, one_cpu);
	const char *where = one_cpu ? "one CPU" : "two CPUs";
	struct race_outcome outcome;

	if (strategy->one_worker)
		spec.workers = 1;
	spec.duration_ns = DURATION_NS;
	traced_run(probe, &spec, &outcome);
	tap_ok(traced_nothing_lost(&outcome), "%s, %s, %s: nothing is lost", strategy->name,
	       mode_name(mode), where);
	tap_ok(traced_switches_agree(&outcome), "%s, %s, %s: switches equal getrusage's",
	       strategy->name, mode_name(mode), where);
	tap_time(traced_worst_unaccounted(&outcome) <= 0.01, "%s, %s, %s: the time adds up",
		 strategy->name, mode_name(mode), where);
	race_outcome_free(&outcome);
}

/* The same at the calls level, where calls agree as well and are no longer than their task ran. */
static void check_calls(struct probe *probe, const struct strategy *strategy, enum mode mode)
{
	struct race_spec spec = traced_spec(strategy, mode, false);
	struct call_totals totals = { 0 };
	struct race_outcome outcome;
	struct counts total;

	if (strategy->one_worker)
		spec.workers = 1;
	spec.duration_ns = DURATION_NS;
	traced_run_at(probe, LEVEL_CALLS, &spec, &outcome);
	total = traced_total(&outcome);
	for (unsigned int i = 0; i < outcome.n_tasks; i++)
		call_totals_add(&totals, &outcome.tasks[i].start.slot.calls,
				&outcome.tasks[i].end.slot.calls, 0);
	tap_ok(traced_nothing_lost(&outcome) && traced_switches_agree(&outcome) &&
		       traced_worst_unaccounted(&outcome) <= 0.01,
	       "%s, %s, calls: nothing is lost, switches agree, the time adds up", strategy->name,
	       mode_name(mode));
	tap_ok(totals.windows_agree == outcome.n_tasks && totals.system_ns <= total.on_cpu_ns,
	       "%s, %s, calls: all have returned, within the time on the CPU", strategy->name,
	       mode_name(mode));
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
		check_calls(probe, strategies[i], mode);
	}
}

int main(void)
{
	return traced_main(check_all);
}
