/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The C library's semaphore: permits and the number of waiters in one word of 64 bits, half of
 * which is the futex. Posting makes a system call only where somebody waits. Order: POSIX has
 * sem_wait() and sem_post() synchronise memory (4.12).
 */
#include <errno.h>
#include <semaphore.h>

#include "strategy/strategy.h"

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(sem_t);
}

static int setup(struct race *race)
{
	return sem_init(race->object, race->processes, race->permits) ? -errno : 0;
}

RACE_INLINE int acquire(void *semaphore)
{
	while (sem_wait(semaphore))
		if (errno != EINTR)
			return -errno;
	return 0;
}

RACE_INLINE int release(void *semaphore)
{
	return sem_post(semaphore) ? -errno : 0;
}

static int work(struct worker *worker)
{
	return race_under_lock(worker, acquire, release);
}

static void teardown(struct race *race)
{
	sem_destroy(race->object);
}

const struct strategy strategy_sem_posix = {
	.name = "sem-posix",
	.summary = "sem_t, unnamed; --permits=2 lets workers race on purpose",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.takes_permits = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
	.teardown = teardown,
};
