/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Switch-ins and wake-ups that the kernel does not show are recovered from its own account: the
 * switches still equal getrusage's, the time still adds up, and its parts are still right.
 */
#include "base/clock.h"
#include "lib/tap.h"
#include "lib/traced.h"
#include "strategy/registry.h"

/* From the first start to the last end. */
static uint64_t wall_of(const struct race_outcome *outcome)
{
	uint64_t first = UINT64_MAX, last = 0;

	for (unsigned int i = 0; i < outcome->n_tasks; i++) {
		const struct task_report *task = &outcome->tasks[i];

		first = task->start.clock_ns < first ? task->start.clock_ns : first;
		last = task->end.clock_ns > last ? task->end.clock_ns : last;
	}
	return last - first;
}

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
	tap_time(traced_worst_unaccounted(&outcome) <= 0.01, "%s, %s: the time adds up", strategy,
		 where);
	tap_equal(total.wakeups, total.voluntary, "%s, %s: each sleep ended with one wake-up",
		  strategy, where);
	/*
	 * One CPU runs one at a time (but for how exactly an arrival is recovered: 0.1 us or so); and
	 * the CPU clock, which may leave out what a hypervisor takes, does not show more.
	 */
	if (one_cpu) {
		tap_ok((double)total.on_cpu_ns <= 1.05 * (double)wall_of(&outcome),
		       "%s, %s: on-CPU time fits on one CPU (%.3f of it)", strategy, where,
		       (double)total.on_cpu_ns / (double)wall_of(&outcome));
		tap_ok((double)total.on_cpu_ns >= 0.9 * (double)total.cpu_clock_ns,
		       "%s, %s: no on-CPU time is missing", strategy, where);
	}
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
