/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compare-and-swap in a loop: what an update needs that no single instruction does. An attempt
 * that fails has read the counter anew, and tries again with that.
 *
 * Relaxed order is enough, as for atomic: all read-modify-writes of one word stand in one order,
 * and nothing but the sum is communicated.
 */
#include "strategy/strategy.h"

RACE_INLINE int add(void *object)
{
	uint64_t *counter = object;
	uint64_t seen = __atomic_load_n(counter, __ATOMIC_RELAXED);

	/* Weak, for the loop retries anyway. */
	while (!__atomic_compare_exchange_n(counter, &seen, seen + 1, true, __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED))
		;
	return 0;
}

static int work(struct worker *worker)
{
	return race_one_by_one(worker, &worker->race->counter, add);
}

const struct strategy strategy_cas = {
	.name = "cas",
	.summary = "compare-and-swap, tried until it succeeds",
	.family = FAMILY_PLAIN,
	.modes = IN_BOTH,
	.promises_exact = true,
	.work = work,
};
