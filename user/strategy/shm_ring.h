/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bounded ring in shared memory with one producer and one consumer (L. Lamport, Specifying
 * Concurrent Program Modules, ACM TOPLAS 5(2), 1983), each with a cached copy of the other's index,
 * which it refreshes only when the ring looks full or empty (J. Giacomoni, T. Moseley, M.
 * Vachharajani, FastForward, PPoPP 2008, and after it E. Rigtorp's SPSCQueue). Both sides spin a
 * while and then sleep on a futex; whoever goes on wakes the other if it says that it sleeps.
 *
 * Order of the payload. A slot is written before `last` is stored with release order, and read after
 * `last` was loaded with acquire order and found past it; read before `first` is stored with release
 * order, and written again after `first` was loaded with acquire order and found past it. So no slot
 * is read before it is written, or written again before it was read.
 *
 * No wake-up is lost, and the side that is awake has no fence. Let the owner be the one that goes to
 * sleep; the worker that waits for room is the same with `waits` and `first` in the place of
 * `sleeps` and `last`.
 *
 *	worker                          owner
 *	W1: last = n                    O1: sleeps = 1
 *	    (the compiler keeps order)  O2: membarrier(2)
 *	W2: reads sleeps                O3: reads last
 *	W3: wakes, if it was 1          O4: futex_wait(sleeps, 1), if nothing is there
 *
 * W2 may be done before W1 is seen by others, for nothing but the compiler is kept from changing
 * their order. But during O2 the worker's CPU executes a full fence, between two of the worker's
 * instructions, and O2 is a full fence for the owner too (membarrier(2), expedited commands; a
 * worker that is not on a CPU just then passes a full fence when it is switched). If that point
 * comes after W1, then O3 sees n and the owner does not sleep. If it comes before W1, then it also
 * comes before W2, which so sees the 1 that O1 stored, and the owner is woken: by W3 if it sleeps,
 * and if it does not yet, W3 has set `sleeps` to 0 first, which O4 compares under the lock that
 * wakers take. This is the asymmetric form of Dekker's algorithm (Documentation of
 * membarrier(2); P. McKenney, Is Parallel Programming Hard, 2023, 15.4.2).
 *
 * Whoever sees a 1 exchanges it for 0 and wakes only if it was the one to do so. A late exchange may
 * hit the next 1: then it wakes somebody who looks again, and sleeps anew.
 *
 * Waits have no time limit of their own. How long one may last is known to the engine alone, for a
 * worker may count as long as the race lasts before it sends anything; the engine's deadline ends
 * the race, and a lost wake-up is a race that timed out.
 */
#ifndef STRATEGY_SHM_RING_H
#define STRATEGY_SHM_RING_H

#include <errno.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/futex.h"
#include "strategy/race.h"

/* Looks at a ring that is full, or at all that are empty, before going to sleep: some 10 us. */
#ifndef RING_SPINS
#define RING_SPINS 500
#endif

/* Steps that a stress test leaves out, to see that it finds what comes of it. */
enum ring_step { RING_BARRIER, RING_SECOND_LOOK };
#ifndef RING_TAKES
#define RING_TAKES(step) true
#endif

struct ring {
	/* Nobody's: they do not change. */
	uint64_t *slots;
	uint64_t slot_words; /* length of one */
	uint64_t mask; /* number of slots - 1, which is a power of two */
	/* The worker's. */
	RACE_PADDED uint64_t last; /* put so far */
	uint64_t first_seen; /* got so far, when it last looked */
	/* The owner's. */
	RACE_PADDED uint64_t first; /* got so far */
	uint64_t last_seen; /* put so far, when it last looked */
	/* Both sides'. */
	RACE_PADDED uint32_t waits; /* futex: 1 while the worker waits for room */
} RACE_PADDED;

/* All the owner's rings. */
struct rings {
	bool shared; /* between processes */
	unsigned int n;
	struct ring *ring;
	RACE_PADDED uint32_t sleeps; /* futex: 1 while the owner may be asleep */
};

/* ---- membarrier(2) ---- */

static inline int ring_membarrier(int command)
{
	return syscall(SYS_membarrier, command, 0, 0) < 0 ? -errno : 0;
}

/*
 * Every process whose tasks are to be reached must say so, once, before its first message: threads
 * best while there is one of them, for later it takes milliseconds.
 */
static inline int ring_register(bool shared)
{
	return ring_membarrier(shared ? MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED :
					MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
}

static inline int ring_barrier(bool shared)
{
	return ring_membarrier(shared ? MEMBARRIER_CMD_GLOBAL_EXPEDITED :
					MEMBARRIER_CMD_PRIVATE_EXPEDITED);
}

/* ---- Sleeping and waking, the same for both sides ---- */

/* Of whoever is awake, after its store: wakes the other side if it says that it sleeps. */
RACE_INLINE int ring_wake(uint32_t *asleep, bool shared)
{
	int woken = 0;

	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	RACE_STEP();
	if (__builtin_expect(__atomic_load_n(asleep, __ATOMIC_RELAXED), 0)) {
		RACE_STEP();
		if (__atomic_exchange_n(asleep, 0, __ATOMIC_RELAXED)) {
			RACE_STEP();
			woken = futex_wake(asleep, 1, shared);
		}
	}
	return woken < 0 ? woken : 0;
}

/* Of whoever goes to sleep: says so. After it, it has to look a second time. */
static inline int ring_say_asleep(uint32_t *asleep, bool shared)
{
	__atomic_store_n(asleep, 1, __ATOMIC_RELAXED);
	RACE_STEP();
	return RING_TAKES(RING_BARRIER) ? ring_barrier(shared) : 0;
}

/* ---- The worker's side ---- */

RACE_INLINE bool ring_is_full(struct ring *ring)
{
	if (__builtin_expect(ring->last - ring->first_seen <= ring->mask, 1))
		return false;
	ring->first_seen = __atomic_load_n(&ring->first, __ATOMIC_ACQUIRE);
	return ring->last - ring->first_seen > ring->mask;
}

static inline int ring_wait_for_room(struct ring *ring, bool shared)
{
	int err = 0;

	for (int i = 0; i < RING_SPINS; i++) {
		if (!ring_is_full(ring))
			return 0;
		race_pause();
	}
	while (!err && ring_is_full(ring)) {
		RACE_STEP();
		err = ring_say_asleep(&ring->waits, shared);
		RACE_STEP();
		if (!err && !(RING_TAKES(RING_SECOND_LOOK) && !ring_is_full(ring)))
			err = futex_wait(&ring->waits, 1, shared);
	}
	__atomic_store_n(&ring->waits, 0, __ATOMIC_RELAXED);
	return err;
}

/* Where the next message goes; waits for room. Returns 0 or a negative errno. */
RACE_INLINE int ring_reserve(struct ring *ring, bool shared, uint64_t **slot)
{
	if (__builtin_expect(ring_is_full(ring), 0)) {
		int err = ring_wait_for_room(ring, shared);

		if (err)
			return err;
	}
	*slot = ring->slots + (ring->last & ring->mask) * ring->slot_words;
	return 0;
}

/* Puts what was written there. Returns 0 or a negative errno. */
RACE_INLINE int ring_put(struct rings *rings, struct ring *ring)
{
	RACE_STEP();
	__atomic_store_n(&ring->last, ring->last + 1, __ATOMIC_RELEASE);
	return ring_wake(&rings->sleeps, rings->shared);
}

/* ---- The owner's side ---- */

RACE_INLINE bool ring_is_empty(struct ring *ring)
{
	if (ring->first == ring->last_seen)
		ring->last_seen = __atomic_load_n(&ring->last, __ATOMIC_ACQUIRE);
	return ring->first == ring->last_seen;
}

/* Message i of those that are there, with first <= i < last_seen. */
RACE_INLINE const uint64_t *ring_slot(const struct ring *ring, uint64_t i)
{
	return ring->slots + (i & ring->mask) * ring->slot_words;
}

/* Gives back the slots of all messages before `first`. Returns 0 or a negative errno. */
RACE_INLINE int ring_give_back(struct ring *ring, uint64_t first, bool shared)
{
	RACE_STEP();
	__atomic_store_n(&ring->first, first, __ATOMIC_RELEASE);
	return ring_wake(&ring->waits, shared);
}

static inline bool rings_are_empty(struct rings *rings)
{
	for (unsigned int i = 0; i < rings->n; i++)
		if (!ring_is_empty(&rings->ring[i]))
			return false;
	return true;
}

/* Waits until a ring may have something in it. Returns 0 or a negative errno. */
static inline int rings_wait(struct rings *rings)
{
	int err;

	for (int i = 0; i < RING_SPINS; i++) {
		if (!rings_are_empty(rings))
			return 0;
		race_pause();
	}
	RACE_STEP();
	err = ring_say_asleep(&rings->sleeps, rings->shared);
	RACE_STEP();
	if (!err && (!RING_TAKES(RING_SECOND_LOOK) || rings_are_empty(rings)))
		err = futex_wait(&rings->sleeps, 1, rings->shared);
	__atomic_store_n(&rings->sleeps, 0, __ATOMIC_RELAXED);
	return err;
}

#endif
