/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bounded ring in shared memory per worker, one producer and one consumer each (L. Lamport,
 * Specifying Concurrent Program Modules, 1983), and one eventfd as the doorbell of all. The owner
 * sums whatever is in the rings; when they stay empty it says that it sleeps and waits for the
 * doorbell through io_uring. A worker rings only when the owner says so, so a busy ring costs no
 * system call. A worker whose ring is full sleeps on a futex until the owner has made room.
 *
 * Memory order. A slot is written before `last` is stored, and read after that `last` was loaded;
 * the same the other way round for `first`. A store and a load that reads it order what is before
 * the one and after the other (release and acquire, which sequential consistency includes): so no
 * slot is read before it is written, or written again before it was read.
 *
 * No doorbell is lost. The worker stores `last`, then loads `sleeps`; the owner stores `sleeps`,
 * then loads every `last`. All four are sequentially consistent, so there is one order of them, and
 * the later of the two stores comes before its side's load: either the owner finds the count, or
 * the worker finds the owner asleep and rings (E. Dijkstra's account of Dekker's algorithm, EWD 123,
 * 1965). The eventfd keeps a ring that comes before the owner waits. Room is waited for with the
 * same argument: the worker stores `waits`, then loads `first`; the owner stores `first`, then loads
 * `waits`.
 */
#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/futex.h"
#include "strategy/message.h"
#include "strategy/strategy.h"
#include "strategy/uring.h"

#define RING_LENGTH 1024
/* Looks into empty rings before the owner goes to sleep. */
#define SPINS 200

struct ring {
	/* The worker's. */
	RACE_PADDED uint64_t last; /* put so far */
	uint64_t first_seen; /* got so far, when it last looked */
	/* The owner's. */
	RACE_PADDED uint64_t first; /* got so far */
	/* Both sides'. */
	RACE_PADDED uint32_t waits; /* futex: 1 while the worker waits for room */
	RACE_PADDED uint64_t counts[RING_LENGTH];
};

struct queue {
	struct io_uring uring;
	int doorbell;
	RACE_PADDED uint32_t sleeps; /* 1 while the owner may be asleep */
	struct ring rings[];
};

static size_t object_size(const struct race *race)
{
	return sizeof(struct queue) + race->workers * sizeof(struct ring);
}

static int setup(struct race *race)
{
	struct queue *queue = race->object;

	queue->doorbell = eventfd(0, EFD_CLOEXEC);
	if (queue->doorbell < 0)
		return -errno;
	return io_uring_queue_init(1, &queue->uring, 0);
}

static int wait_for_room(struct ring *ring, bool shared)
{
	int err = 0;

	__atomic_store_n(&ring->waits, 1, __ATOMIC_SEQ_CST);
	while (!err && __atomic_load_n(&ring->waits, __ATOMIC_RELAXED)) {
		ring->first_seen = __atomic_load_n(&ring->first, __ATOMIC_SEQ_CST);
		if (ring->last - ring->first_seen < RING_LENGTH)
			break;
		err = futex_wait(&ring->waits, 1, shared);
	}
	__atomic_store_n(&ring->waits, 0, __ATOMIC_RELAXED);
	ring->first_seen = __atomic_load_n(&ring->first, __ATOMIC_ACQUIRE);
	return err;
}

static int ring_doorbell(struct queue *queue)
{
	if (!__atomic_load_n(&queue->sleeps, __ATOMIC_SEQ_CST))
		return 0;
	/* One of those who see it asleep is enough. */
	if (!__atomic_exchange_n(&queue->sleeps, 0, __ATOMIC_RELAXED))
		return 0;
	return eventfd_write(queue->doorbell, 1) ? -errno : 0;
}

static int put(struct queue *queue, struct ring *ring, uint64_t count, bool shared)
{
	uint64_t last = ring->last;
	int err = 0;

	while (!err && last - ring->first_seen == RING_LENGTH)
		err = wait_for_room(ring, shared);
	if (err)
		return err;
	ring->counts[last % RING_LENGTH] = count;
	__atomic_store_n(&ring->last, last + 1, __ATOMIC_SEQ_CST);
	return ring_doorbell(queue);
}

RACE_INLINE int put_batch(struct worker *worker, uint64_t count)
{
	struct race *race = worker->race;
	struct queue *queue = race->object;

	return put(queue, &queue->rings[worker->index], count, race->processes);
}

static int work(struct worker *worker)
{
	return race_in_messages(worker, put_batch);
}

/* Takes all there is in one ring. Returns how many counts that were, or a negative errno. */
static int64_t drain(struct ring *ring, struct message_sum *sum, bool shared)
{
	uint64_t last = __atomic_load_n(&ring->last, __ATOMIC_SEQ_CST);
	uint64_t first = ring->first;
	int woken = 0;

	if (first == last)
		return 0;
	for (uint64_t i = first; i < last; i++)
		message_count(sum, ring->counts[i % RING_LENGTH]);
	__atomic_store_n(&ring->first, last, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&ring->waits, __ATOMIC_SEQ_CST)) {
		__atomic_store_n(&ring->waits, 0, __ATOMIC_RELAXED);
		woken = futex_wake(&ring->waits, 1, shared);
	}
	return woken < 0 ? woken : (int64_t)(last - first);
}

static int64_t drain_all(struct race *race, struct message_sum *sum)
{
	struct queue *queue = race->object;
	int64_t taken = 0;

	for (unsigned int i = 0; i < race->workers; i++) {
		int64_t n = drain(&queue->rings[i], sum, race->processes);

		if (n < 0)
			return n;
		taken += n;
	}
	return taken;
}

/* Sleeps in io_uring_enter(2) until the doorbell has been rung. */
static int await_doorbell(struct queue *queue)
{
	struct io_uring_sqe *sqe = uring_entry(&queue->uring, IORING_OP_READ, 0);
	struct io_uring_cqe completion;
	uint64_t rings;
	int err;

	io_uring_prep_read(sqe, queue->doorbell, &rings, sizeof(rings), 0);
	err = uring_submit_and_wait(&queue->uring);
	if (!err)
		err = uring_take(&queue->uring, &completion);
	if (err)
		return err;
	return completion.res < 0 ? completion.res : 0;
}

/* Says that it sleeps, looks once more, and sleeps. Returns what it found, or a negative errno. */
static int64_t sleep_unless_found(struct race *race, struct message_sum *sum)
{
	struct queue *queue = race->object;
	int64_t taken;

	__atomic_store_n(&queue->sleeps, 1, __ATOMIC_SEQ_CST);
	taken = drain_all(race, sum);
	if (taken == 0)
		return await_doorbell(queue);
	/* Somebody may have rung meanwhile: the next wait is then over at once. */
	__atomic_store_n(&queue->sleeps, 0, __ATOMIC_RELAXED);
	return taken;
}

static int own(struct worker *owner)
{
	struct race *race = owner->race;
	struct message_sum sum = { .owner = owner };
	unsigned int idle = 0;

	while (sum.ended < race->workers) {
		int64_t taken = drain_all(race, &sum);

		idle = taken ? 0 : idle + 1;
		race_pause();
		if (idle > SPINS && sum.ended < race->workers)
			taken = sleep_unless_found(race, &sum);
		if (taken < 0)
			return (int)taken;
	}
	race->counter = sum.count;
	return 0;
}

static void teardown(struct race *race)
{
	struct queue *queue = race->object;

	io_uring_queue_exit(&queue->uring);
	close(queue->doorbell);
}

const struct strategy strategy_eventfd_queue = {
	.name = "eventfd-queue",
	.summary = "ring in shared memory, eventfd as doorbell, owner waits through io_uring",
	.family = FAMILY_MESSAGE,
	.modes = IN_BOTH,
	.promises_exact = true,
	.in_default = true,
	.batches = true,
	.object_size = object_size,
	.unsupported = uring_obstacle,
	.setup = setup,
	.work = work,
	.own = own,
	.teardown = teardown,
};
