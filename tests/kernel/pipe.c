/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Readers and writers of a pipe sleep for the pipe, or for the kernel's lock of it. */
#include "lib/traced_main.h"
#include "strategy/registry.h"

static void check(struct probe *probe, enum mode mode)
{
	struct race_spec spec = traced_spec(strategy_find("pipe"), mode, false);
	struct race_outcome outcome;
	struct counts total;

	traced_run(probe, &spec, &outcome);
	total = traced_total(&outcome);
	tap_equal(outcome.n_tasks, 3, "%s: two workers and the owner", mode_name(mode));
	tap_ok(traced_switches_agree(&outcome) && traced_nothing_lost(&outcome),
	       "%s: switches equal getrusage's, nothing is lost", mode_name(mode));
	tap_ok(total.voluntary > 0 && total.blocked_ns[TB_PIPE] > 0, "%s: tasks slept for the pipe",
	       mode_name(mode));
	tap_equal(counts_blocked_ns(&total),
		  total.blocked_ns[TB_PIPE] + total.blocked_ns[TB_KERNEL_LOCK],
		  "%s: every sleep's reason is the pipe or its lock", mode_name(mode));
	tap_equal(total.wakeups, total.voluntary, "%s: each sleep ended with one wake-up",
		  mode_name(mode));
	race_outcome_free(&outcome);
}

int main(void)
{
	return traced_main(check);
}
