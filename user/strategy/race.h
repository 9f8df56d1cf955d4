/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One race as its tasks see it: what is shared, each worker's own part, and what a worker does
 * between two looks at the clock or the lock.
 */
#ifndef STRATEGY_RACE_H
#define STRATEGY_RACE_H

#include <stdbool.h>
#include <stdint.h>

/* Two cache lines: the adjacent-line prefetcher makes pairs of 64-byte lines travel together. */
#define RACE_PADDING 128
#define RACE_PADDED __attribute__((aligned(RACE_PADDING)))

#define RACE_BATCH_ALL 0 /* race.batch: the whole loop is one critical section or message */
#define RACE_MESSAGE_MIN 8 /* race.message: bytes; longer ones are multiples of it */
#define RACE_NO_LIMIT UINT64_MAX /* race.iterations: until the deadline */

/*
 * Lives in memory that all tasks of the race share at one address. What is only read while the
 * race is on, what every increment writes and what ends it each have lines of their own.
 */
struct race {
	unsigned int workers; /* without the owner */
	bool processes; /* the workers are processes: objects must be process-shared */
	uint64_t iterations; /* increments per worker, or RACE_NO_LIMIT */
	uint64_t batch; /* increments per critical section, message or turn, or RACE_BATCH_ALL */
	uint64_t message; /* bytes of a message */
	uint32_t permits; /* of a semaphore */
	unsigned int read_share; /* percent of the critical sections that only read */
	void *object; /* the strategy's own, object_size() bytes */
	struct race_shape *shapes; /* of each task; NULL: the race is bare (shape.h) */

	RACE_PADDED uint64_t counter; /* what they race over; the owner's sum in message races */
	uint32_t holder; /* in shaped races: who was in the section last, counted from 1 */
	uint64_t handed_ns; /* in shaped races: when the turn was handed on; 0: it is not timed */
	RACE_PADDED bool stop; /* set once, at the deadline */
};

/* One task of the race. Only that task writes to it. */
struct worker {
	struct race *race;
	unsigned int index; /* 0 .. workers - 1; the owner's is workers */
	uint64_t done; /* increments made, or sent; or reads in place of them */
	uint64_t reads; /* how many of those were reads */
} RACE_PADDED;

#define RACE_INLINE static inline __attribute__((always_inline))

/* Tells the processor that this is a wait in a loop, so that it leaves room to others. */
RACE_INLINE void race_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/*
 * Stands between any two accesses to memory of an algorithm that is ours, where another task may
 * come in. It is nothing but for stress tests, which define it as a delay of random length before
 * they include this.
 */
#ifndef RACE_STEP
#define RACE_STEP() ((void)0)
#endif

/*
 * Whether a worker that has made `done` increments makes another. Relaxed is enough: the flag
 * publishes nothing, it only has to be seen some time. That it goes on is expected: left to guess,
 * the compiler lays some loops out with a second jump, 0.58 ns an increment where 0.34 will do.
 */
RACE_INLINE bool race_goes_on(const struct race *race, uint64_t done)
{
	return __builtin_expect(
		done < race->iterations && !__atomic_load_n(&race->stop, __ATOMIC_RELAXED), true);
}

/*
 * Adds one by a load and a store that the compiler can neither fold nor merge with its
 * neighbours. Relaxed atomics and not volatile, so that the race which `none` is about is one of
 * the program and not undefined behaviour of the language.
 */
RACE_INLINE void race_increment(uint64_t *counter)
{
	uint64_t value = __atomic_load_n(counter, __ATOMIC_RELAXED);

	/* Keeps the load and the store two instructions: x86 could do both in one. */
	__asm__ volatile("" : "+r"(value));
	__atomic_store_n(counter, value + 1, __ATOMIC_RELAXED);
}

/*
 * Increments in one critical section, message or turn: `batch`, or all there are. Most races have
 * a batch of one, which is spared the loop and what it takes to set one up (0.9 ns of the 13 that
 * an uncontended mutex costs).
 */
RACE_INLINE uint64_t race_batch(const struct race *race, uint64_t *counter, uint64_t done)
{
	uint64_t limit;

	race_increment(counter);
	done++;
	if (__builtin_expect(race->batch == 1, true))
		return done;
	limit = race->batch == RACE_BATCH_ALL ? RACE_NO_LIMIT : done - 1 + race->batch;
	while (done < limit && race_goes_on(race, done)) {
		race_increment(counter);
		done++;
	}
	return done;
}

#endif
