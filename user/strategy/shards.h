/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counters that are added up at the end: by the last worker to end, so within the time of the race.
 * A statistical counter (P. McKenney, Is Parallel Programming Hard, chapter 5): cheap to add to,
 * dear to read.
 *
 * Order: each worker ends with a read-modify-write of `ended` that releases what it has counted;
 * the last one's acquires what all before it have released, and so sees every counter as it was
 * left.
 */
#ifndef STRATEGY_SHARDS_H
#define STRATEGY_SHARDS_H

#include <stddef.h>

#include "strategy/race.h"

/* Each on lines of its own, or the counters would contend for one. */
struct shard {
	uint64_t count;
} RACE_PADDED;

struct shards {
	size_t n;
	RACE_PADDED uint32_t ended; /* workers */
	struct shard shard[];
};

static inline size_t shards_bytes(size_t n)
{
	return sizeof(struct shards) + n * sizeof(struct shard);
}

/* Each worker calls this once, when it has counted. */
static inline void shards_end(struct race *race)
{
	struct shards *shards = race->object;
	uint32_t ended = __atomic_add_fetch(&shards->ended, 1, __ATOMIC_ACQ_REL);
	uint64_t sum = 0;

	if (ended < race->workers)
		return;
	for (size_t i = 0; i < shards->n; i++)
		sum += __atomic_load_n(&shards->shard[i].count, __ATOMIC_RELAXED);
	race->counter = sum;
}

#endif
