/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ticket lock: who comes draws a number and waits until it is served (after the sequencers and
 * eventcounts of D. Reed, R. Kanodia, Synchronization with Eventcounts and Sequencers, 1979; J.
 * Mellor-Crummey, M. Scott, Algorithms for Scalable Synchronization on Shared-Memory
 * Multiprocessors, 1991, section 2.2). First come, first served: nobody overtakes, not even while
 * the next in line has no CPU.
 *
 * Order: `drawn` only hands out numbers, each once, which any read-modify-write does. `served` is
 * stored with release and waited for with acquire, so who is served sees what the holder before it
 * wrote. Only the holder writes it. Numbers wrap round at 2^32, and must only differ between those
 * who wait.
 */
#ifndef STRATEGY_TICKET_LOCK_H
#define STRATEGY_TICKET_LOCK_H

#include <stdint.h>

#include "strategy/race.h"
#include "strategy/spin_wait.h"

/* Apart, so that drawing a number does not disturb those who look at what is served. */
struct ticket_lock {
	RACE_PADDED uint32_t drawn;
	RACE_PADDED uint32_t served;
};

RACE_INLINE void ticket_lock_take(struct ticket_lock *lock)
{
	uint32_t mine = __atomic_fetch_add(&lock->drawn, 1, __ATOMIC_RELAXED);
	unsigned int looks = 0;

	while ((RACE_STEP(), __atomic_load_n(&lock->served, __ATOMIC_ACQUIRE)) != mine)
		spin_wait(&looks);
}

RACE_INLINE void ticket_lock_give(struct ticket_lock *lock)
{
	uint32_t served = __atomic_load_n(&lock->served, __ATOMIC_RELAXED);

	RACE_STEP();
	__atomic_store_n(&lock->served, served + 1, __ATOMIC_RELEASE);
}

#endif
