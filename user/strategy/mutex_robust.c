/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The C library's robust mutex: each thread keeps a list of those it holds, and when it dies the
 * kernel walks that list and wakes a waiter, which gets the lock and EOWNERDEAD.
 *
 * Here that one declares the mutex consistent and goes on. It may, for what the lock guards is one
 * word that no death leaves half written. It hides nothing either: a worker that dies costs the
 * race whether it held the lock or not, and the engine says which one it was and how it died; a
 * waiter that gave up instead would be first to be heard, and say less.
 */
#include <errno.h>

#include "strategy/pthread_mutex.h"

static int setup(struct race *race)
{
	return pthread_mutex_make(
		race, (struct pthread_mutex_kind){ .robustness = PTHREAD_MUTEX_ROBUST });
}

RACE_INLINE int acquire(void *mutex)
{
	int err = pthread_mutex_lock(mutex);

	if (err == EOWNERDEAD)
		err = pthread_mutex_consistent(mutex);
	return -err;
}

static int work(struct worker *worker)
{
	return race_under_lock(worker, acquire, pthread_mutex_release);
}

const struct strategy strategy_mutex_robust = {
	.name = "mutex-robust",
	.summary = "pthread_mutex_t that outlives an owner who dies",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = pthread_mutex_bytes,
	.mutexes = PTHREAD_MUTEX_PLACES,
	.setup = setup,
	.work = work,
	.teardown = pthread_mutex_end,
};
