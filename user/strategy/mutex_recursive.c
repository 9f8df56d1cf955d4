/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The C library's recursive mutex: it knows its owner and counts how often that one has locked it.
 * Here nobody locks it twice, so this is what the counting costs those who have no use for it.
 */
#include "strategy/pthread_mutex.h"

static int setup(struct race *race)
{
	return pthread_mutex_make(race,
				  (struct pthread_mutex_kind){ .type = PTHREAD_MUTEX_RECURSIVE });
}

const struct strategy strategy_mutex_recursive = {
	.name = "mutex-recursive",
	.summary = "pthread_mutex_t that its owner may lock again",
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
