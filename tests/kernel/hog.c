/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two that never sleep on one CPU: switched out against their will, and their waits are waits for
 * the CPU. */
#include "base/clock.h"
#include "lib/traced_main.h"

static int hog(struct worker *worker)
{
	while (race_goes_on(worker->race, worker->done))
		worker->done++;
	return 0;
}

static const struct strategy strategy = { .name = "hog", .modes = IN_BOTH, .work = hog };

static void check(struct probe *probe, enum mode mode)
{
	struct race_spec spec = traced_spec(&strategy, mode, true);
	struct race_outcome outcome;
	struct counts total;

	spec.duration_ns = 200 * NS_PER_MS;
	traced_run(probe, &spec, &outcome);
	total = traced_total(&outcome);
	tap_ok(total.involuntary > 0, "they took the CPU from each other");
	tap_equal(total.voluntary, 0, "nobody slept");
	tap_equal(counts_blocked_ns(&total), 0, "so nobody was blocked");
	tap_ok(traced_switches_agree(&outcome), "switches equal getrusage's");
	tap_time(traced_worst_unaccounted(&outcome) <= 0.01, "the time adds up");
	tap_ok(total.on_cpu_ns <= total.wall_ns * 6 / 10,
	       "one CPU cannot have run both all the time");
	race_outcome_free(&outcome);
}

int main(void)
{
	return traced_main(check);
}
