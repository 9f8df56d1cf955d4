/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the strategies on pthread_mutex_t share: all but the attributes. A strategy's setup calls
 * pthread_mutex_make() with its kind, and the rest of its hooks are the ones below.
 *
 * Between processes the mutex is made process-shared: a private one in shared memory would wait on
 * another futex in each process, and never wake the others. Order: POSIX has locking and unlocking
 * synchronise memory (4.12), so the counter needs none of its own.
 */
#ifndef STRATEGY_PTHREAD_MUTEX_H
#define STRATEGY_PTHREAD_MUTEX_H

#include <pthread.h>

#include "strategy/strategy.h"

/* The object is one mutex. */
#define PTHREAD_MUTEX_PLACES \
	{ \
		.first = 0, .stride = sizeof(pthread_mutex_t) \
	}

/* Zeroes are the defaults of POSIX. */
struct pthread_mutex_kind {
	int type; /* PTHREAD_MUTEX_... */
	int protocol; /* PTHREAD_PRIO_... */
	int robustness; /* PTHREAD_MUTEX_STALLED or _ROBUST */
};

_Static_assert(PTHREAD_MUTEX_DEFAULT == 0 && PTHREAD_PRIO_NONE == 0 && PTHREAD_MUTEX_STALLED == 0,
	       "an empty kind is the default one");

static inline size_t pthread_mutex_bytes(const struct race *race)
{
	(void)race;
	return sizeof(pthread_mutex_t);
}

static inline int pthread_mutex_attributes(pthread_mutexattr_t *attributes, const struct race *race,
					   const struct pthread_mutex_kind *kind)
{
	int err = pthread_mutexattr_settype(attributes, kind->type);

	if (!err)
		err = pthread_mutexattr_setprotocol(attributes, kind->protocol);
	if (!err)
		err = pthread_mutexattr_setrobust(attributes, kind->robustness);
	if (!err && race->processes)
		err = pthread_mutexattr_setpshared(attributes, PTHREAD_PROCESS_SHARED);
	return -err;
}

/* Makes the race's object a mutex of that kind. Returns 0 or a negative errno. */
static inline int pthread_mutex_make(struct race *race, struct pthread_mutex_kind kind)
{
	pthread_mutexattr_t attributes;
	int err = -pthread_mutexattr_init(&attributes);

	if (err)
		return err;
	err = pthread_mutex_attributes(&attributes, race, &kind);
	if (!err)
		err = -pthread_mutex_init(race->object, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return err;
}

RACE_INLINE int pthread_mutex_acquire(void *mutex)
{
	return -pthread_mutex_lock(mutex);
}

RACE_INLINE int pthread_mutex_release(void *mutex)
{
	return -pthread_mutex_unlock(mutex);
}

static inline int pthread_mutex_work(struct worker *worker)
{
	return race_under_lock(worker, pthread_mutex_acquire, pthread_mutex_release);
}

static inline void pthread_mutex_end(struct race *race)
{
	pthread_mutex_destroy(race->object);
}

#endif
