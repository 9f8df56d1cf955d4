/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One atomic read-modify-write instruction an increment. */
#include "strategy/strategy.h"

static int work(struct worker *worker)
{
	struct race *race = worker->race;
	uint64_t done = 0;

	while (race_goes_on(race, done)) {
		/* Nothing but the sum is communicated, and joining the workers orders that. */
		__atomic_fetch_add(&race->counter, 1, __ATOMIC_RELAXED);
		done++;
	}
	worker->done = done;
	return 0;
}

const struct strategy strategy_atomic = {
	.name = "atomic",
	.summary = "atomic fetch-and-add",
	.family = FAMILY_PLAIN,
	.modes = IN_BOTH,
	.promises_exact = true,
	.in_default = true,
	.work = work,
};
