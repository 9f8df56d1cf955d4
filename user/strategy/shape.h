/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands around an increment where a race is not bare: work inside of the section and before
 * it, a pace, and a clock that measures how long it took. Bare races have none of it: the loops are
 * there twice (loop.h), and a bare one has nothing of this in it.
 *
 * A *pass* is a critical section, a message or a turn, with the increments of a batch in it. Its
 * latency is
 *
 *	of a section	from before the lock is taken to after it is given back
 *	of a message	from before it is sent to when its owner has received it
 *	of a turn	from before it is handed on to when the next has it
 *	at a pace	in the place of the first of these, from when it was meant to begin: so a
 *			stall shows in all passes that it delayed (G. Tene's coordinated omission)
 *
 * Not all passes are timed: on the average one of `every`, after gaps of random length, for what
 * comes round with a regular one (the end of a ring, a time slice) would be hit always or never. At
 * a pace each one is.
 *
 * What reading the clock twice costs is known (`clock_ns`, the median of reading it twice with
 * nothing in between) and taken off.
 */
#ifndef STRATEGY_SHAPE_H
#define STRATEGY_SHAPE_H

#include "base/clock.h"
#include "base/latency.h"
#include "strategy/race.h"

/*
 * So many of a worker's messages are timed on their way at once: as many as any queue here holds. With
 * fewer, who waits for a free place times messages at one moment of the receiver's round only.
 */
#define SHAPE_FLYING 4095

/* Of one task. */
struct race_shape {
	/* Made by the engine. */
	uint64_t critical; /* steps of work */
	uint64_t think;
	uint64_t first_ns; /* when its first pass is meant to begin */
	double interval_ns; /* between two that follow; 0: no pace */
	uint64_t every; /* passes, for one that is timed; 0: none is */
	uint64_t clock_ns;
	uint64_t seed; /* of the gaps */
	bool counts_runs; /* one at a time is in the section */

	/* The task's own. */
	uint64_t begun; /* passes that were due, at a pace */
	uint64_t gap; /* passes until one is timed */
	uint64_t random;
	uint64_t passes; /* how often it was in the section */
	uint64_t runs; /* how often it was when somebody else had been last */
	uint64_t run; /* how often in a row until now */
	uint64_t longest_run;
	struct latency latency;

	/* Messages: when those that are timed were sent. Set by the worker, zeroed by the owner. */
	RACE_PADDED uint64_t sent_ns[SHAPE_FLYING];
	uint64_t sent; /* the worker's: how many were timed */
	uint64_t missed; /* the worker's: how many were not, for all places were taken */
	RACE_PADDED uint64_t received; /* the owner's: how many came, at a pace */
} RACE_PADDED;

/* Waits until all instructions before it are done. */
RACE_INLINE void shape_fence(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__asm__ volatile("lfence" ::: "memory");
#elif defined(__aarch64__)
	__asm__ volatile("isb" ::: "memory");
#endif
}

/*
 * Each step needs the one before it, so none can be left out or be done beside another. The fences
 * keep the processor from doing it beside what comes before and after, as it does with up to some
 * hundred steps: 100 ns of work in a mutex took 70. What it takes is measured (race/calibrate.h).
 */
static inline void shape_work(uint64_t steps)
{
	uint64_t x = steps;

	if (!steps)
		return;
	shape_fence();
	for (; steps > 0; steps--) {
		x *= 6364136223846793005;
		__asm__ volatile("" : "+r"(x));
	}
	shape_fence();
}

/* Whether there is something to do or to wait for between two sections. */
static inline bool shape_leaves_section(const struct worker *worker)
{
	const struct race_shape *shapes = worker->race->shapes;

	return shapes && (shapes[worker->index].think || shapes[worker->index].interval_ns > 0);
}

/* Before the task's first pass. */
void shape_begin(struct worker *worker);

/*
 * Between passes, of which the worker has made `done` increments: thinks, waits for the pace, and
 * reads the clock where the next is timed; *start_ns is 0 where it is not. False: the race is over.
 */
bool shape_next(struct worker *worker, uint64_t done, uint64_t *start_ns);

/* Of turns: thinks, before one is awaited. Returns when that was done; 0 without a thought. */
uint64_t shape_think(struct worker *worker);

/* Of turns: whether the holder makes his; waits for the pace. Else as shape_next(). */
bool shape_turn(struct worker *worker, uint64_t done, uint64_t *start_ns);

/* Works, and looks who was here before. */
void shape_in_section(struct worker *worker);

/* In the section. Where there is nothing to do it must cost next to nothing: it is timed. */
static inline void shape_inside(struct worker *worker)
{
	const struct race_shape *shape = &worker->race->shapes[worker->index];

	if (shape->critical || (shape->every && shape->counts_runs))
		shape_in_section(worker);
}

void shape_record(struct worker *worker, uint64_t start_ns, uint64_t end_ns);

/* After a pass that began at start_ns, which may be 0. Reads the clock before anything else. */
static inline void shape_end(struct worker *worker, uint64_t start_ns)
{
	if (start_ns)
		shape_record(worker, start_ns, clock_now_ns());
}

/* The first word of a message that says `count`: the owner of a shaped race knows what to make of it. */
uint64_t shape_label(struct worker *worker, uint64_t count, uint64_t start_ns);

/* The count that such a word says, of a message which has been received now. */
uint64_t shape_received(struct worker *owner, uint64_t word);

static inline bool shape_is_label(uint64_t word)
{
	return word >> 63;
}

/*
 * Before a turn is handed on, and when it has been taken by one who was ready for it at ready_ns: what
 * he was busy with until then is none of the turn's.
 */
void shape_hand(struct worker *worker);
void shape_taken(struct worker *worker, uint64_t ready_ns);

#endif
