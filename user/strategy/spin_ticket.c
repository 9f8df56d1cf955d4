/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our own ticket lock (ticket_lock.h). */
#include "strategy/strategy.h"
#include "strategy/ticket_lock.h"

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct ticket_lock);
}

RACE_INLINE int acquire(void *lock)
{
	ticket_lock_take(lock);
	return 0;
}

RACE_INLINE int release(void *lock)
{
	ticket_lock_give(lock);
	return 0;
}

static int work(struct worker *worker)
{
	return race_under_lock(worker, acquire, release);
}

const struct strategy strategy_spin_ticket = {
	.name = "spin-ticket",
	.summary = "ticket lock: first come, first served, spinning",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.work = work,
};
