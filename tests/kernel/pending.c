/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A task that is about to sleep when a signal, or io_uring's task work, is pending goes on running;
 * the kernel counts the switch as voluntary all the same, and so does the probe. The owner of
 * eventfd-queue, which waits in io_uring, gets there now and then: up to four times a second, and
 * on some days not once in a run of this test.
 */
#include "base/clock.h"
#include "lib/traced_main.h"
#include "strategy/registry.h"

static void check(struct probe *probe, enum mode mode)
{
	const struct strategy *strategy = strategy_find("eventfd-queue");
	struct race_spec spec = traced_spec(strategy, mode, false);
	struct race_outcome outcome;

	if (strategy->unsupported()) {
		tap_skip("io_uring: %s", strategy->unsupported());
		return;
	}
	spec.duration_ns = 2 * NS_PER_S;
	traced_run(probe, &spec, &outcome);
	tap_ok(traced_switches_agree(&outcome), "%s: switches equal getrusage's", mode_name(mode));
	tap_ok(traced_nothing_lost(&outcome), "%s: nothing is lost", mode_name(mode));
	race_outcome_free(&outcome);
}

int main(void)
{
	return traced_main(check);
}
