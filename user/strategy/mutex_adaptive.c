/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The C library's adaptive mutex: whoever finds it taken tries again for a while before it sleeps.
 * For how long it learns from how long that took before, and never more than a hundred times
 * (glibc.pthread.mutex_spin_count).
 */
#include "strategy/pthread_mutex.h"

static int setup(struct race *race)
{
	return pthread_mutex_make(race,
				  (struct pthread_mutex_kind){ .type = PTHREAD_MUTEX_ADAPTIVE_NP });
}

const struct strategy strategy_mutex_adaptive = {
	.name = "mutex-adaptive",
	.summary = "pthread_mutex_t that spins for a while before it sleeps",
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
