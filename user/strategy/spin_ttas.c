/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Test and test-and-set (L. Rudolph, Z. Segall, Dynamic Decentralized Cache Schemes for MIMD
 * Parallel Processors, 1984): who waits only reads, which its own cache can answer, and tries the
 * exchange when it has seen the lock free. Whoever is nearest gets it: there is no order, and none
 * is promised.
 *
 * Order: the exchange acquires, the store releases, on the same word; so the counter is read after
 * the lock is ours, and whoever takes it next sees what we wrote. The reads in between decide
 * nothing but when to try.
 */
#include "strategy/spin_wait.h"
#include "strategy/strategy.h"

struct spin {
	uint32_t taken;
};

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct spin);
}

RACE_INLINE int acquire(void *object)
{
	struct spin *spin = object;
	unsigned int looks = 0;

	while (__atomic_exchange_n(&spin->taken, 1, __ATOMIC_ACQUIRE))
		while (__atomic_load_n(&spin->taken, __ATOMIC_RELAXED))
			spin_wait(&looks);
	return 0;
}

RACE_INLINE int release(void *object)
{
	struct spin *spin = object;

	__atomic_store_n(&spin->taken, 0, __ATOMIC_RELEASE);
	return 0;
}

static int work(struct worker *worker)
{
	return race_under_lock(worker, acquire, release);
}

const struct strategy strategy_spin_ttas = {
	.name = "spin-ttas",
	.summary = "test and test-and-set on one word, yielding after a while",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.work = work,
};
