/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks that their bucket has no room for are found by their mark, and counted all the same. */
#include "lib/tap.h"
#include "lib/traced.h"
#include "strategy/registry.h"

int main(void)
{
	struct race_spec spec = traced_spec(strategy_find("turn-futex"), MODE_PROCESSES, false);
	struct race_outcome outcome;
	struct counts total;
	const char *why;
	struct probe *probe =
		traced_probe((struct probe_options){ .buckets_are_full = true }, &why);

	if (!probe) {
		tap_skip("bpf: %s", why);
		return tap_done();
	}
	traced_run(probe, &spec, &outcome);
	total = traced_total(&outcome);
	tap_ok(total.voluntary > 0, "switches were counted");
	tap_ok(traced_nothing_lost(&outcome) && traced_switches_agree(&outcome),
	       "nothing is lost, switches equal getrusage's");
	tap_time(traced_worst_unaccounted(&outcome) <= 0.01, "the time adds up");
	race_outcome_free(&outcome);
	probe_free(probe);
	return tap_done();
}
