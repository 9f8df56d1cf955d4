/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A counting semaphore on futex(2): any number of permits, no system call while nobody has to
 * wait. After the counting semaphore of U. Drepper, Futexes Are Tricky, 2011, section 6, with the
 * count of waiters in a word of its own.
 *
 * No wake-up is lost. Who posts adds the permit and then reads `waiters`; who waits adds itself
 * to `waiters` and then looks at `permits`, in the end inside futex(2), which compares it with
 * zero under the lock that a waker takes as well. Both are read-modify-writes followed by a load
 * in sequentially consistent order, so at least one sees what the other did (Dekker): either the
 * waiter finds the permit, or the poster finds the waiter and wakes it. A permit that somebody
 * else took meanwhile is posted again by that one.
 */
#ifndef STRATEGY_SEMAPHORE_H
#define STRATEGY_SEMAPHORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/futex.h"
#include "strategy/race.h"

/* Tries before going to sleep: about what a sleep and a wake-up cost. */
#define SEMAPHORE_SPINS 100

struct semaphore {
	uint32_t permits; /* futex */
	uint32_t waiters;
	bool shared; /* between processes */
};

static inline void semaphore_init(struct semaphore *semaphore, uint32_t permits, bool shared)
{
	*semaphore = (struct semaphore){ .permits = permits, .shared = shared };
}

/* Acquire: what the last holder wrote before it posted is seen. */
RACE_INLINE bool semaphore_try(struct semaphore *semaphore)
{
	uint32_t permits = __atomic_load_n(&semaphore->permits, __ATOMIC_SEQ_CST);

	RACE_STEP();
	while (permits > 0)
		if (__atomic_compare_exchange_n(&semaphore->permits, &permits, permits - 1, false,
						__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			return true;
	return false;
}

static inline int semaphore_sleep(struct semaphore *semaphore)
{
	int err = 0;

	__atomic_add_fetch(&semaphore->waiters, 1, __ATOMIC_SEQ_CST);
	while (!semaphore_try(semaphore) && !err) {
		RACE_STEP();
		err = futex_wait(&semaphore->permits, 0, semaphore->shared);
	}
	__atomic_sub_fetch(&semaphore->waiters, 1, __ATOMIC_SEQ_CST);
	return err;
}

/* Returns 0 with a permit taken, or a negative errno. */
RACE_INLINE int semaphore_wait(struct semaphore *semaphore)
{
	for (int i = 0; i < SEMAPHORE_SPINS; i++) {
		if (semaphore_try(semaphore))
			return 0;
		race_pause();
	}
	return semaphore_sleep(semaphore);
}

/* Returns 0 or a negative errno. */
RACE_INLINE int semaphore_post(struct semaphore *semaphore)
{
	int woken = 0;

	__atomic_add_fetch(&semaphore->permits, 1, __ATOMIC_SEQ_CST);
	RACE_STEP();
	if (__atomic_load_n(&semaphore->waiters, __ATOMIC_SEQ_CST) > 0)
		woken = futex_wake(&semaphore->permits, 1, semaphore->shared);
	return woken < 0 ? woken : 0;
}

#endif
