/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A known number of sleeps of a known length comes out exactly. */
#include <errno.h>
#include <time.h>

#include "base/clock.h"
#include "lib/traced_main.h"

#define SLEEPS 50
#define SLEEP_NS (2 * NS_PER_MS)

static int sleep_often(struct worker *worker)
{
	const struct timespec length = clock_timespec(SLEEP_NS);

	for (; worker->done < SLEEPS; worker->done++)
		if (clock_nanosleep(CLOCK_MONOTONIC, 0, &length, NULL))
			return -EIO;
	return 0;
}

static const struct strategy strategy = { .name = "sleep", .modes = IN_BOTH, .work = sleep_often };

static void check(struct probe *probe, enum mode mode)
{
	struct race_spec spec = traced_spec(&strategy, mode, false);
	struct race_outcome outcome;
	struct counts total;

	spec.workers = 1;
	spec.duration_ns = 0;
	traced_run(probe, &spec, &outcome);
	total = traced_total(&outcome);
	/* On a machine slow enough the timer runs out before its task is switched out. */
	tap_time(total.voluntary == SLEEPS, "a voluntary switch per sleep");
	tap_time(total.wakeups == SLEEPS, "a wake-up per sleep");
	tap_equal(total.wakeups, total.voluntary, "each sleep ended with one wake-up");
	tap_ok(traced_switches_agree(&outcome), "switches equal getrusage's");
	tap_equal(counts_blocked_ns(&total), total.blocked_ns[TB_SLEEP],
		  "every sleep's reason is the sleep");
	tap_time(total.blocked_ns[TB_SLEEP] >= SLEEPS * SLEEP_NS, "and no shorter than it was");
	tap_time(traced_worst_unaccounted(&outcome) <= 0.01, "the time adds up");
	race_outcome_free(&outcome);
}

int main(void)
{
	return traced_main(check);
}
