/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compare-and-swap in a loop: what an update needs that no single instruction does. An attempt
 * that fails has read the counter anew, and tries again with that.
 *
 * Relaxed order is enough, as for atomic: all read-modify-writes of one word stand in one order,
 * and nothing but the sum is communicated.
 */
#include "strategy/strategy.h"

static int work(struct worker *worker)
{
	struct race *race = worker->race;
	uint64_t done = 0;

	while (race_goes_on(race, done)) {
		uint64_t seen = __atomic_load_n(&race->counter, __ATOMIC_RELAXED);

		/* Weak, for the loop retries anyway. */
		while (!__atomic_compare_exchange_n(&race->counter, &seen, seen + 1, true,
						    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			;
		done++;
	}
	worker->done = done;
	return 0;
}

const struct strategy strategy_cas = {
	.name = "cas",
	.summary = "compare-and-swap, tried until it succeeds",
	.family = FAMILY_PLAIN,
	.modes = IN_BOTH,
	.promises_exact = true,
	.work = work,
};
