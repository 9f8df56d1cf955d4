/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The C library's default mutex: a word that says free, taken, or taken with waiters; whoever finds
 * it taken sleeps on it.
 */
#include "strategy/pthread_mutex.h"

static int setup(struct race *race)
{
	return pthread_mutex_make(race, (struct pthread_mutex_kind){ 0 });
}

const struct strategy strategy_mutex = {
	.name = "mutex",
	.summary = "pthread_mutex_t, the default kind",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.in_default = true,
	.batches = true,
	.object_size = pthread_mutex_bytes,
	.mutexes = PTHREAD_MUTEX_PLACES,
	.setup = setup,
	.work = pthread_mutex_work,
	.teardown = pthread_mutex_end,
};
