/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ring in shared memory for each worker (shm_ring.h): messages are written where they are read,
 * and neither side has a system call or a fence while both have something to do. A worker whose ring
 * is full and an owner whose rings are empty sleep on a futex.
 */
#include "strategy/message.h"
#include "strategy/shm_ring.h"
#include "strategy/strategy.h"

/* Slots of a ring: as many as fit into so many bytes, within limits. */
#define RING_BYTES 65536
#define SLOTS_MIN 4
#define SLOTS_MAX 1024

/* The owner gives slots back in so many parts of a ring, so that the worker need not wait for all. */
#define PARTS 8

/* Followed by the rings, and they by their slots. */
struct shm_ring {
	struct rings rings;
	struct ring ring[];
};

static uint64_t slots_of(const struct race *race)
{
	uint64_t slots = SLOTS_MAX;

	while (slots > SLOTS_MIN && slots * race->message > RING_BYTES)
		slots /= 2;
	return slots;
}

/* Bytes from one ring's slots to the next one's. */
static size_t slots_stride(const struct race *race)
{
	size_t bytes = slots_of(race) * race->message;

	return (bytes + RACE_PADDING - 1) / RACE_PADDING * RACE_PADDING;
}

static size_t object_size(const struct race *race)
{
	return sizeof(struct shm_ring) + race->workers * (sizeof(struct ring) + slots_stride(race));
}

static const char *unsupported(void)
{
	int needed = MEMBARRIER_CMD_PRIVATE_EXPEDITED | MEMBARRIER_CMD_GLOBAL_EXPEDITED;
	long known = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);

	if (known < 0 || (known & needed) != needed)
		return "this kernel has no expedited membarrier(2), or does not let us call it";
	return NULL;
}

static int setup(struct race *race)
{
	struct shm_ring *object = race->object;
	char *slots = (char *)(object->ring + race->workers);

	object->rings = (struct rings){
		.shared = race->processes,
		.n = race->workers,
		.ring = object->ring,
	};
	for (unsigned int i = 0; i < race->workers; i++)
		object->ring[i] = (struct ring){
			.slots = (void *)(slots + i * slots_stride(race)),
			.slot_words = race->message / sizeof(uint64_t),
			.mask = slots_of(race) - 1,
		};
	return ring_register(race->processes);
}

RACE_INLINE int send_batch(struct worker *worker, uint64_t count)
{
	struct race *race = worker->race;
	struct shm_ring *object = race->object;
	struct ring *ring = &object->ring[worker->index];
	uint64_t *slot;
	int err = ring_reserve(ring, race->processes, &slot);

	if (err)
		return err;
	message_write(slot, race->message, count, message_stamp(worker));
	return ring_put(&object->rings, ring);
}

/* Processes are registered one by one; that they inherit it is nowhere promised. */
static int work(struct worker *worker)
{
	int err = ring_register(worker->race->processes);

	return err ? err : race_in_messages(worker, send_batch);
}

/* Takes what is there, a part of the ring at most. Returns 0 or a negative errno. */
RACE_INLINE int drain(struct race *race, struct ring *ring, struct message_sum *sum)
{
	uint64_t part = (ring->mask + 1 + PARTS - 1) / PARTS;
	uint64_t first = ring->first;
	uint64_t end;
	int err = 0;

	if (ring_is_empty(ring))
		return 0;
	end = ring->last_seen - first < part ? ring->last_seen : first + part;
	for (; first < end && !err; first++)
		err = message_add(sum, ring_slot(ring, first), race->message);
	return err ? err : ring_give_back(ring, end, race->processes);
}

static int own(struct worker *owner)
{
	struct race *race = owner->race;
	struct shm_ring *object = race->object;
	struct message_sum sum = { .owner = owner };
	int err = ring_register(race->processes);

	while (!err && sum.ended < race->workers) {
		err = rings_wait(&object->rings);
		for (unsigned int i = 0; i < race->workers && !err; i++)
			err = drain(race, &object->ring[i], &sum);
	}
	race->counter = sum.count;
	return err;
}

const struct strategy strategy_shm_ring = {
	.name = "shm-ring",
	.summary = "a ring in shared memory for each worker, no fence and no call while it flows",
	.family = FAMILY_MESSAGE,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.takes_message = true,
	.object_size = object_size,
	.unsupported = unsupported,
	.setup = setup,
	.work = work,
	.own = own,
};
