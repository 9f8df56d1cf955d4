/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A probe that misses a single switch does not reconcile; the same one that misses none does. */
#include "base/level.h"
#include "lib/tap.h"
#include "lib/traced.h"
#include "session/merge.h"
#include "strategy/registry.h"

static bool reconciles(uint64_t switch_to_miss, const char **why)
{
	struct probe *probe =
		traced_probe((struct probe_options){ .switch_to_miss = switch_to_miss }, why);
	struct entry entry = { .strategy = strategy_find("turn-futex"), .workers = 2, .n_cpus = 2 };
	struct race_spec spec = traced_spec(entry.strategy, MODE_THREADS, true);
	struct reconciled reconciled = { 0 };
	const struct found nothing = { 0 };
	struct race_outcome outcome;
	struct record record;
	struct counts total;

	if (!probe)
		return false;
	traced_run(probe, &spec, &outcome);
	total = traced_total(&outcome);
	if (record_init(&record, &entry) || record_add(&record, LEVEL_SLEEPS, &outcome, &nothing) ||
	    reconcile(LEVEL_SLEEPS, 0, &record.sleeps, &total, &reconciled))
		tap_note("out of memory");
	for (size_t i = 0; i < reconciled.n_checks; i++) {
		struct check *check = &reconciled.checks[i];

		tap_note("%s: %" PRId64 " by BPF, %" PRId64 " by %s", check->what, check->bpf,
			 check->other, check->source);
		free(check->what);
		free(check->source);
		free(check->note);
	}
	free(reconciled.checks);
	record_free(&record);
	race_outcome_free(&outcome);
	probe_free(probe);
	return reconciled.ok;
}

int main(void)
{
	const char *why;
	bool without = reconciles(0, &why);

	if (why) {
		tap_skip("bpf: %s", why);
		return tap_done();
	}
	tap_ok(without, "the counts of a probe that sees everything reconcile");
	/* One of the middle: the first few come before the window. */
	tap_ok(!reconciles(200, &why), "those of one that misses one switch do not");
	return tap_done();
}
