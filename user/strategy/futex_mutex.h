/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Our own mutex on futex(2): one word that is free, taken, or taken with somebody who may sleep.
 * After mutex2 of U. Drepper, Futexes Are Tricky, 2011, section 5, with a bounded spin before it.
 * No system call while nobody has to wait.
 *
 * No wake-up is lost. Nobody sleeps but in futex(2) on SLEPT_ON, which the kernel compares under
 * the lock that a waker takes as well; whoever goes to sleep has stored SLEPT_ON itself and found
 * the mutex taken in the same instruction. So the one who holds it finds SLEPT_ON when it frees it,
 * and wakes one; or another one has stored SLEPT_ON over its own, and then that one will. Who was
 * woken cannot know whether others sleep, and takes the mutex as SLEPT_ON: at worst its release
 * makes one call for nothing.
 *
 * Order: taking it is an acquire, freeing it a release, on the same word; the critical section
 * stays between them, and who takes it next sees what it wrote.
 */
#ifndef STRATEGY_FUTEX_MUTEX_H
#define STRATEGY_FUTEX_MUTEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/futex.h"
#include "strategy/race.h"

/*
 * Pauses before the first look and before the last one: 127 in all, some 2 us, about what a sleep
 * and a wake-up cost (A. Karlin et al., Empirical Studies of Competitive Spinning for a
 * Shared-Memory Multiprocessor, 1991).
 */
#define FUTEX_MUTEX_FIRST_PAUSES 1
#define FUTEX_MUTEX_LAST_PAUSES 64

enum { FUTEX_MUTEX_FREE, FUTEX_MUTEX_TAKEN, FUTEX_MUTEX_SLEPT_ON };

struct futex_mutex {
	uint32_t state; /* futex */
	bool shared; /* between processes */
};

static inline void futex_mutex_init(struct futex_mutex *mutex, bool shared)
{
	*mutex = (struct futex_mutex){ .shared = shared };
}

RACE_INLINE bool futex_mutex_try(struct futex_mutex *mutex)
{
	uint32_t state = FUTEX_MUTEX_FREE;

	RACE_STEP();
	return __atomic_compare_exchange_n(&mutex->state, &state, FUTEX_MUTEX_TAKEN, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/*
 * Looks, and tries only what is free, for a try takes the line from the holder, who needs it to go
 * on. A look shares it, which is half the harm: so each comes after twice as many pauses as the one
 * before (T. Anderson, The Performance of Spin Lock Alternatives for Shared-Memory Multiprocessors,
 * 1990). With 100 looks, a pause apart, an increment of two contending workers took 42 ns, now 26.
 */
static inline bool futex_mutex_spin(struct futex_mutex *mutex)
{
	for (int pauses = FUTEX_MUTEX_FIRST_PAUSES; pauses <= FUTEX_MUTEX_LAST_PAUSES;
	     pauses *= 2) {
		for (int i = 0; i < pauses; i++)
			race_pause();
		if (__atomic_load_n(&mutex->state, __ATOMIC_RELAXED) == FUTEX_MUTEX_FREE &&
		    futex_mutex_try(mutex))
			return true;
	}
	return false;
}

static inline int futex_mutex_sleep(struct futex_mutex *mutex)
{
	int err = 0;

	while (!err && (RACE_STEP(), __atomic_exchange_n(&mutex->state, FUTEX_MUTEX_SLEPT_ON,
							 __ATOMIC_ACQUIRE)) != FUTEX_MUTEX_FREE) {
		RACE_STEP();
		err = futex_wait(&mutex->state, FUTEX_MUTEX_SLEPT_ON, mutex->shared);
	}
	return err;
}

/* Returns 0 with the mutex taken, or a negative errno. */
RACE_INLINE int futex_mutex_lock(struct futex_mutex *mutex)
{
	if (__builtin_expect(futex_mutex_try(mutex), true) || futex_mutex_spin(mutex))
		return 0;
	return futex_mutex_sleep(mutex);
}

/* Returns 0 or a negative errno. */
RACE_INLINE int futex_mutex_unlock(struct futex_mutex *mutex)
{
	uint32_t before;
	int woken = 0;

	RACE_STEP();
	before = __atomic_exchange_n(&mutex->state, FUTEX_MUTEX_FREE, __ATOMIC_RELEASE);
	RACE_STEP();
	if (__builtin_expect(before == FUTEX_MUTEX_SLEPT_ON, false))
		woken = futex_wake(&mutex->state, 1, mutex->shared);
	return woken < 0 ? woken : 0;
}

#endif
