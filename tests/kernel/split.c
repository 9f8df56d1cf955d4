/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * On-CPU time is split where it belongs: who makes no call has no time in any, who makes nothing
 * but calls has most of it there, and who sleeps in a call is not on the CPU meanwhile.
 */
#include <errno.h>
#include <gsl/gsl_statistics_double.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/traced_main.h"
#include "session/call_totals.h"
#include "strategy/registry.h"

/* What a call costs is measured before the race, and the host may be busier by then. */
#define RUNS 3

#define SLEEPS 20
#define SLEEP_NS (2 * NS_PER_MS)

static int compute(struct worker *worker)
{
	while (race_goes_on(worker->race, worker->done))
		worker->done++;
	return 0;
}

/* The cheapest there is: next to all of its time is the way in and out. */
static int call(struct worker *worker)
{
	for (; race_goes_on(worker->race, worker->done); worker->done++)
		syscall(SYS_getppid);
	return 0;
}

static int sleep_often(struct worker *worker)
{
	const struct timespec length = clock_timespec(SLEEP_NS);

	for (; worker->done < SLEEPS; worker->done++)
		if (clock_nanosleep(CLOCK_MONOTONIC, 0, &length, NULL))
			return -EIO;
	return 0;
}

static const struct strategy computing = { .name = "compute", .modes = IN_BOTH, .work = compute };
static const struct strategy calling = { .name = "call", .modes = IN_BOTH, .work = call };
static const struct strategy sleeping = { .name = "sleep", .modes = IN_BOTH, .work = sleep_often };

static void run(struct probe *probe, enum mode mode, const struct strategy *strategy,
		struct call_totals *totals, struct counts *window)
{
	struct race_spec spec = traced_spec(strategy, mode, false);
	struct race_outcome outcome;

	spec.workers = 1;
	if (strategy == &sleeping)
		spec.duration_ns = 0;
	traced_run_at(probe, LEVEL_CALLS, &spec, &outcome);
	*totals = (struct call_totals){ 0 };
	call_totals_add(totals, &outcome.tasks[0].start.slot.calls,
			&outcome.tasks[0].end.slot.calls, outcome.tasks[0].crossing_ns);
	counts_of_window(window, &outcome.tasks[0]);
	race_outcome_free(&outcome);
}

static double share_in_calls(const struct call_totals *totals, const struct counts *window)
{
	return ((double)totals->system_ns + totals->crossing_ns) / (double)window->on_cpu_ns;
}

static void check_calling(struct probe *probe, enum mode mode)
{
	const char *name = mode_name(mode);
	double in_calls[RUNS], median;

	for (int i = 0; i < RUNS; i++) {
		struct call_totals totals;
		struct counts window;

		run(probe, mode, &calling, &totals, &window);
		tap_equal(totals.syscalls[SYS_getppid].count, window.ops, "%s: a call an increment",
			  name);
		in_calls[i] = share_in_calls(&totals, &window);
	}
	median = gsl_stats_median(in_calls, 1, RUNS);
	tap_ok(median > 0.5 && median < 1.5,
	       "%s: which is what its time on the CPU goes to (%.3f of it)", name, median);
}

static void check(struct probe *probe, enum mode mode)
{
	const char *name = mode_name(mode);
	struct call_totals totals;
	struct counts window;

	run(probe, mode, &computing, &totals, &window);
	tap_equal(totals.returned, 0, "%s: who computes makes no call", name);
	tap_equal(totals.system_ns, 0, "%s: and spends no time in any", name);

	check_calling(probe, mode);

	run(probe, mode, &sleeping, &totals, &window);
	tap_equal(totals.syscalls[SYS_clock_nanosleep].count, SLEEPS, "%s: a call a sleep", name);
	tap_ok(totals.syscalls[SYS_clock_nanosleep].time_ns >= SLEEPS * SLEEP_NS,
	       "%s: the calls last as long as the sleeps", name);
	tap_ok(totals.system_ns <= window.on_cpu_ns,
	       "%s: but are on the CPU no longer than their task", name);
	tap_ok(totals.syscalls[SYS_clock_nanosleep].time_ns >=
		       totals.system_ns + counts_blocked_ns(&window),
	       "%s: a call's time is that on the CPU, asleep and in the run queue", name);
}

int main(void)
{
	return traced_main(check);
}
