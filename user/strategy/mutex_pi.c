/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The C library's mutex with priority inheritance: its word holds the owner's thread id, so that
 * the kernel can let the owner run at the priority of the most urgent waiter (FUTEX_LOCK_PI). Once
 * there are waiters, both ends of a critical section are system calls, and the lock is handed to
 * the next in line: nobody takes it from those who sleep.
 */
#include "strategy/pthread_mutex.h"

static int setup(struct race *race)
{
	return pthread_mutex_make(race,
				  (struct pthread_mutex_kind){ .protocol = PTHREAD_PRIO_INHERIT });
}

const struct strategy strategy_mutex_pi = {
	.name = "mutex-pi",
	.summary = "pthread_mutex_t that lends its waiters' priority to its owner",
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
