/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the kernel has no system-call tracepoints, sleeps are traced all the same. */
#include "lib/tap.h"
#include "lib/traced.h"
#include "strategy/registry.h"

int main(void)
{
	const struct probe_options without = { .no_syscall_tracepoints = true };
	struct race_outcome outcome;
	struct race_spec spec;
	struct probe *probe;
	const char *why;

	probe = traced_probe(without, &why);
	if (!probe) {
		tap_skip("bpf: %s", why);
		return tap_done();
	}
	tap_ok(!probe_sees_calls(probe), "it says that it sees no calls");
	spec = traced_spec(strategy_find("turn-futex"), MODE_THREADS, true);
	traced_run(probe, &spec, &outcome);
	tap_ok(traced_nothing_lost(&outcome) && traced_switches_agree(&outcome),
	       "nothing is lost, switches equal getrusage's");
	tap_equal(outcome.tasks[0].end.slot.calls.entered, 0, "no call is counted");
	race_outcome_free(&outcome);
	probe_free(probe);
	return tap_done();
}
