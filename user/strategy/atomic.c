/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One atomic read-modify-write instruction an increment. */
#include "strategy/strategy.h"

/* Nothing but the sum is communicated, and joining the workers orders that. */
RACE_INLINE int add(void *counter)
{
	__atomic_fetch_add((uint64_t *)counter, 1, __ATOMIC_RELAXED);
	return 0;
}

static int work(struct worker *worker)
{
	return race_one_by_one(worker, &worker->race->counter, add);
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
