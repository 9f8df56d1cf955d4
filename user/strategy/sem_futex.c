/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our own semaphore (semaphore.h). More than one permit lets workers race, on purpose. */
#include "strategy/semaphore.h"
#include "strategy/strategy.h"

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct semaphore);
}

static int setup(struct race *race)
{
	semaphore_init(race->object, race->permits, race->processes);
	return 0;
}

RACE_INLINE int acquire(void *semaphore)
{
	return semaphore_wait(semaphore);
}

RACE_INLINE int release(void *semaphore)
{
	return semaphore_post(semaphore);
}

static int work(struct worker *worker)
{
	return race_under_lock(worker, acquire, release);
}

const struct strategy strategy_sem_futex = {
	.name = "sem-futex",
	.summary = "semaphore on futex(2); --permits=2 lets workers race on purpose",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.in_default = true,
	.batches = true,
	.takes_permits = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
};
