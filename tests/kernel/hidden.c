/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Switch-ins and wake-ups that the kernel does not show are recovered from its own account: the
 * switches still equal getrusage's, the time still adds up, and its parts are still right.
 */
#include <math.h>

#include "base/clock.h"
#include "lib/tap.h"
#include "lib/traced.h"
#include "strategy/registry.h"

static void check(struct probe *probe, const char *strategy, bool one_cpu)
{
	struct race_spec spec = traced_spec(strategy_find(strategy), MODE_THREADS, one_cpu);
	const char *where = one_cpu ? "one CPU" : "two CPUs";
	struct race_outcome outcome;
	struct counts total;

	/* A tick that the CPU clock misses now and then must not weigh. */
	spec.duration_ns = 400 * NS_PER_MS;
	traced_run(probe, &spec, &outcome);
	total = traced_total(&outcome);
	tap_ok(total.recovered > 0, "%s, %s: events were recovered", strategy, where);
	tap_ok(traced_nothing_lost(&outcome) && traced_switches_agree(&outcome),
	       "%s, %s: nothing is lost, switches equal getrusage's", strategy, where);
	tap_ok(traced_worst_unaccounted(&outcome) <= 0.01, "%s, %s: the time adds up", strategy,
	       where);
	tap_equal(total.wakeups, total.voluntary, "%s, %s: each sleep ended with one wake-up",
		  strategy, where);
	/* On one CPU no idle CPU is woken, and the CPU clock is a fair judge. */
	if (one_cpu)
		tap_ok(fabs((double)total.on_cpu_ns / (double)total.cpu_clock_ns - 1) <= 0.10,
		       "%s, %s: on-CPU time is the CPU clock's within 10 %% (%.3f of it)", strategy,
		       where, (double)total.on_cpu_ns / (double)total.cpu_clock_ns);
	race_outcome_free(&outcome);
}

int main(void)
{
	const char *why;
	struct probe *probe = traced_probe((struct probe_options){ .hide_every = 3 }, &why);

	if (!probe) {
		tap_skip("bpf: %s", why);
		return tap_done();
	}
	check(probe, "turn-futex", true);
	check(probe, "turn-futex", false);
	check(probe, "pipe", true);
	check(probe, "pipe", false);
	probe_free(probe);
	return tap_done();
}
