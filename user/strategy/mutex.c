/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The C library's default mutex. Between processes it is made process-shared: a private one in
 * shared memory would wait on another futex in each process, and never wake the others.
 */
#include <pthread.h>

#include "strategy/strategy.h"

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(pthread_mutex_t);
}

static int setup(struct race *race)
{
	pthread_mutexattr_t attributes;
	int err = pthread_mutexattr_init(&attributes);

	if (err)
		return -err;
	if (race->processes)
		err = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	if (!err)
		err = pthread_mutex_init(race->object, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return -err;
}

RACE_INLINE int acquire(void *mutex)
{
	return -pthread_mutex_lock(mutex);
}

RACE_INLINE int release(void *mutex)
{
	return -pthread_mutex_unlock(mutex);
}

static int work(struct worker *worker)
{
	return race_under_lock(worker, acquire, release);
}

static void teardown(struct race *race)
{
	pthread_mutex_destroy(race->object);
}

const struct strategy strategy_mutex = {
	.name = "mutex",
	.summary = "pthread_mutex_t, the default kind",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
	.teardown = teardown,
};
