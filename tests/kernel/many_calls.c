/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A task that makes more kinds of system calls than its table has room for: those that found room
 * are told one by one, the others are counted as lost, and none is missing from the sum.
 */
#include <unistd.h>

#include "lib/traced_main.h"
#include "session/call_totals.h"
#include "strategy/registry.h"

/* From here on x86-64 and arm64 have no calls, up to 424, where both go on alike. */
#define FIRST_KIND 340
#define KINDS 80
#define TIMES 3

_Static_assert(KINDS > TB_SYSCALLS && FIRST_KIND + KINDS < 424, "more than there is room for");

static int make_calls(struct worker *worker)
{
	for (int time = 0; time < TIMES; time++)
		for (int i = 0; i < KINDS; i++)
			syscall(FIRST_KIND + i);
	worker->done = 1;
	return 0;
}

static const struct strategy strategy = { .name = "calls", .modes = IN_BOTH, .work = make_calls };

static void check(struct probe *probe, enum mode mode)
{
	struct race_spec spec = traced_spec(&strategy, mode, false);
	struct call_totals totals = { 0 };
	struct race_outcome outcome;
	uint64_t told = 0, errors = 0, lost;

	spec.workers = 1;
	spec.duration_ns = 0;
	spec.iterations = 1;
	traced_run_at(probe, LEVEL_CALLS, &spec, &outcome);
	call_totals_add(&totals, &outcome.tasks[0].start.slot.calls,
			&outcome.tasks[0].end.slot.calls, 0);
	lost = outcome.tasks[0].end.slot.lost[TB_LOST_CALLS] -
	       outcome.tasks[0].start.slot.lost[TB_LOST_CALLS];
	for (uint64_t number = 0; number < TB_SYSCALL_NUMBERS; number++) {
		told += totals.syscalls[number].count;
		errors += totals.syscalls[number].errors;
	}
	tap_equal(totals.returned, TIMES * KINDS, "%s: every call is in the sum", mode_name(mode));
	tap_equal(told + lost, totals.returned, "%s: each is told or counted as lost",
		  mode_name(mode));
	tap_ok(lost > 0 && lost % TIMES == 0, "%s: some found no room (%" PRIu64 " calls)",
	       mode_name(mode), lost);
	tap_equal(errors, told, "%s: and each of the others failed", mode_name(mode));
	for (int i = 0; i < KINDS / 2; i++)
		if (totals.syscalls[FIRST_KIND + i].count != TIMES)
			tap_ok(false, "%s: call %d is told", mode_name(mode), FIRST_KIND + i);
	race_outcome_free(&outcome);
}

int main(void)
{
	return traced_main(check);
}
