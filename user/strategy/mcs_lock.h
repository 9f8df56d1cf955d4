/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The queue lock of J. Mellor-Crummey and M. Scott (Algorithms for Scalable Synchronization on
 * Shared-Memory Multiprocessors, 1991, section 2.4): who comes appends a node of its own to a queue
 * and waits in that node, so each waiter looks at a line that nobody writes but its predecessor,
 * once. First come, first served. A node is its owner's from take to give.
 *
 * Order. The exchange of `last` releases, so that a successor which finds our node there finds it
 * prepared, and acquires, so that we find our predecessor's so. `next` is stored with release and
 * read with acquire: `waits` was set before. The hand-over is a release of `waits` that the waiter
 * acquires, so it sees what the holder wrote; where nobody waits it is the exchange back to NULL
 * that releases, and the next exchange that acquires.
 *
 * Nobody is forgotten: `last` goes back to NULL only if it still is our own node, in one
 * instruction. Else somebody has appended its node and is about to link it to ours, and we wait for
 * the link.
 */
#ifndef STRATEGY_MCS_LOCK_H
#define STRATEGY_MCS_LOCK_H

#include <stddef.h>
#include <stdint.h>

#include "strategy/race.h"
#include "strategy/spin_wait.h"

struct mcs_node {
	struct mcs_node *next;
	uint32_t waits;
} RACE_PADDED;

struct mcs_lock {
	struct mcs_node *last; /* NULL: free */
} RACE_PADDED;

RACE_INLINE void mcs_lock_take(struct mcs_lock *lock, struct mcs_node *mine)
{
	struct mcs_node *before;
	unsigned int looks = 0;

	__atomic_store_n(&mine->next, NULL, __ATOMIC_RELAXED);
	__atomic_store_n(&mine->waits, 1, __ATOMIC_RELAXED);
	RACE_STEP();
	before = __atomic_exchange_n(&lock->last, mine, __ATOMIC_ACQ_REL);
	if (!before)
		return;
	RACE_STEP();
	__atomic_store_n(&before->next, mine, __ATOMIC_RELEASE);
	while (RACE_STEP(), __atomic_load_n(&mine->waits, __ATOMIC_ACQUIRE))
		spin_wait(&looks);
}

RACE_INLINE void mcs_lock_give(struct mcs_lock *lock, struct mcs_node *mine)
{
	struct mcs_node *next = __atomic_load_n(&mine->next, __ATOMIC_ACQUIRE);
	struct mcs_node *expected = mine;
	unsigned int looks = 0;

	RACE_STEP();
	if (!next && __atomic_compare_exchange_n(&lock->last, &expected, NULL, false,
						 __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		return;
	while (!next) {
		spin_wait(&looks);
		next = __atomic_load_n(&mine->next, __ATOMIC_ACQUIRE);
	}
	RACE_STEP();
	__atomic_store_n(&next->waits, 0, __ATOMIC_RELEASE);
}

#endif
