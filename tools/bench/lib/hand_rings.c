/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rings for one producer and one consumer that only spin (L. Lamport, 1983; indices padded and
 * cached). Nobody can sleep, so there is nothing to wake.
 */
#include "lib/by_hand.h"

#define SLOTS 1024

struct plain_ring {
	uint64_t slots[SLOTS] RACE_PADDED;
	RACE_PADDED uint64_t last; /* put so far */
	uint64_t first_seen;
	RACE_PADDED uint64_t first; /* got so far */
	uint64_t last_seen;
};

RACE_INLINE uint64_t load(uint64_t *index)
{
	return __atomic_load_n(index, __ATOMIC_ACQUIRE);
}

static void produce(struct hand *hand, unsigned int index)
{
	struct plain_ring *ring = hand->state;

	(void)index;
	for (uint64_t last = 0; last < hand->iterations; last++) {
		if (last - ring->first_seen == SLOTS)
			while (last - (ring->first_seen = load(&ring->first)) == SLOTS)
				race_pause();
		ring->slots[last % SLOTS] = 1;
		__atomic_store_n(&ring->last, last + 1, __ATOMIC_RELEASE);
	}
}

/* One at a time, as such queues are mostly used. */
static void consume(struct hand *hand)
{
	struct plain_ring *ring = hand->state;

	for (uint64_t first = 0; first < hand->iterations; first++) {
		if (first == ring->last_seen)
			while (first == (ring->last_seen = load(&ring->last)))
				race_pause();
		hand->counter += ring->slots[first % SLOTS];
		__atomic_store_n(&ring->first, first + 1, __ATOMIC_RELEASE);
	}
}

/* All there are, given back at once: the best that a consumer can do who has nothing else to do. */
static void drain(struct hand *hand)
{
	struct plain_ring *ring = hand->state;
	uint64_t first = 0;

	while (first < hand->iterations) {
		uint64_t last;

		while (first == (last = load(&ring->last)))
			race_pause();
		for (; first < last; first++)
			hand->counter += ring->slots[first % SLOTS];
		__atomic_store_n(&ring->first, first, __ATOMIC_RELEASE);
	}
}

const struct hand_loop hand_rings[] = {
	{
		.strategy = "shm-ring",
		.name = "spinning SPSC ring",
		.size = sizeof(struct plain_ring),
		.work = produce,
		.own = consume,
	},
	{ 0 },
};

const struct hand_loop hand_drained_rings[] = {
	{
		.strategy = "shm-ring",
		.name = "the same, drained",
		.size = sizeof(struct plain_ring),
		.work = produce,
		.own = drain,
	},
	{ 0 },
};
