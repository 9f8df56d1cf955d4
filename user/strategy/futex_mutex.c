/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our own mutex (futex_mutex.h). */
#include "strategy/futex_mutex.h"

#include "strategy/strategy.h"

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct futex_mutex);
}

static int setup(struct race *race)
{
	futex_mutex_init(race->object, race->processes);
	return 0;
}

RACE_INLINE int acquire(void *mutex)
{
	return futex_mutex_lock(mutex);
}

RACE_INLINE int release(void *mutex)
{
	return futex_mutex_unlock(mutex);
}

static int work(struct worker *worker)
{
	return race_under_lock(worker, acquire, release);
}

const struct strategy strategy_futex_mutex = {
	.name = "futex-mutex",
	.summary = "mutex of three states on futex(2), with a bounded spin",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
};
