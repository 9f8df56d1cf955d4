/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The C library's error-checking mutex: it knows its owner, so locking it twice or unlocking what
 * another one holds is an error, and here fails the race.
 */
#include "strategy/pthread_mutex.h"

static int setup(struct race *race)
{
	return pthread_mutex_make(race,
				  (struct pthread_mutex_kind){ .type = PTHREAD_MUTEX_ERRORCHECK });
}

const struct strategy strategy_mutex_errorcheck = {
	.name = "mutex-errorcheck",
	.summary = "pthread_mutex_t that refuses misuse: EDEADLK, EPERM",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = pthread_mutex_bytes,
	.mutexes = PTHREAD_MUTEX_PLACES,
	.setup = setup,
	.work = pthread_mutex_work,
	.teardown = pthread_mutex_end,
};
