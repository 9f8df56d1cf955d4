/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waits for a user-space mutex are sleeps on its futex, and on nothing else. */
#include "lib/traced_main.h"
#include "strategy/registry.h"

static void check(struct probe *probe, enum mode mode)
{
	struct race_spec spec = traced_spec(strategy_find("mutex"), mode, false);
	struct race_outcome outcome;
	struct findings findings;
	struct counts total;
	uint64_t slept = 0;

	/* Held for long enough that the other one goes to sleep, and as often on a machine that is slow. */
	spec.load.batch = 200000;
	spec.duration_ns = 0;
	spec.iterations = 100 * spec.load.batch;
	traced_run(probe, &spec, &outcome);
	total = traced_total(&outcome);
	tap_ok(traced_switches_agree(&outcome) && traced_nothing_lost(&outcome),
	       "%s: switches equal getrusage's, nothing is lost", mode_name(mode));
	tap_ok(total.voluntary > 0, "%s: workers slept", mode_name(mode));
	tap_equal(counts_blocked_ns(&total), total.blocked_ns[TB_FUTEX],
		  "%s: every sleep's reason is the futex", mode_name(mode));
	if (probe_findings(probe, &findings))
		tap_note("out of memory");
	for (size_t i = 0; i < findings.n_locks; i++)
		if (findings.locks[i].address == outcome.object)
			slept += findings.locks[i].count;
	findings_free(&findings);
	tap_equal(slept, total.voluntary, "%s: and the futex is the mutex", mode_name(mode));
	race_outcome_free(&outcome);
}

int main(void)
{
	return traced_main(check);
}
