/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The C library's spin lock: waits in a loop and never gives up the CPU, neither by sleeping nor
 * by yielding. A holder that loses its CPU stalls all others until it gets it back. Order: POSIX
 * has locking and unlocking synchronise memory (4.12).
 */
#include <pthread.h>

#include "strategy/strategy.h"

struct spin {
	pthread_spinlock_t lock;
};

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct spin);
}

static int setup(struct race *race)
{
	struct spin *spin = race->object;

	return -pthread_spin_init(&spin->lock, race->processes ? PTHREAD_PROCESS_SHARED :
								 PTHREAD_PROCESS_PRIVATE);
}

RACE_INLINE int acquire(void *object)
{
	struct spin *spin = object;

	return -pthread_spin_lock(&spin->lock);
}

RACE_INLINE int release(void *object)
{
	struct spin *spin = object;

	return -pthread_spin_unlock(&spin->lock);
}

static int work(struct worker *worker)
{
	return race_under_lock(worker, acquire, release);
}

static void teardown(struct race *race)
{
	struct spin *spin = race->object;

	pthread_spin_destroy(&spin->lock);
}

const struct strategy strategy_spin_pthread = {
	.name = "spin-pthread",
	.summary = "pthread_spinlock_t: spins, and keeps the CPU whoever needs it",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
	.teardown = teardown,
};
