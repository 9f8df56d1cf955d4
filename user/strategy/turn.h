/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strict hand-off: the workers take turns in a ring, each called by the one before it. Every turn
 * is a wait and a call, so a turn strategy is what a primitive costs when nothing hides it.
 *
 * A turn strategy gives race_in_turns() two functions, which are inlined into it:
 *
 *   await(worker, &turn)      waits until the worker is called and takes what it is called for,
 *                             so that the next await() waits again
 *   hand(worker, to, turn)    calls worker `to`, which may be the caller itself
 *
 * Both return 0 or a negative errno. What the caller wrote before hand() must be seen after the
 * await() that it ends: then the counter needs no atomic instruction, for only the holder of the
 * turn touches it. A call that comes before its await() must not be lost; no worker is ever called
 * twice without an await() in between.
 */
#ifndef STRATEGY_TURN_H
#define STRATEGY_TURN_H

#include <stddef.h>

#include "strategy/race.h"
#include "strategy/shape.h"

/* Never 0, so that a strategy's object, which is zeroed, calls nobody. */
enum turn {
	TURN_GO = 1, /* it is your turn */
	TURN_END = 2, /* the race is over */
};

/*
 * Where the call itself is a word that is stored and the primitive only waits for its change: each
 * worker has one of its own and waits on nothing else. Stored with release order, read with acquire
 * order.
 */
struct turn_word {
	uint32_t turn; /* 0 while the worker is to wait */
} RACE_PADDED;

static inline size_t turn_words_size(const struct race *race)
{
	return race->workers * sizeof(struct turn_word);
}

RACE_INLINE void turn_word_call(struct turn_word *word, enum turn turn)
{
	__atomic_store_n(&word->turn, turn, __ATOMIC_RELEASE);
}

/* Whether the worker was called; the word is then ready for the next call. */
RACE_INLINE bool turn_word_take(struct turn_word *word, enum turn *turn)
{
	*turn = (enum turn)__atomic_load_n(&word->turn, __ATOMIC_ACQUIRE);
	if (!*turn)
		return false;
	/* Relaxed: who calls next was called after us, however indirectly. */
	__atomic_store_n(&word->turn, 0, __ATOMIC_RELAXED);
	return true;
}

/* The holder of the turn ends the race for all: nobody else can be in the way. */
RACE_INLINE int turn_end_all(struct worker *worker,
			     int (*hand)(struct worker *, unsigned int, enum turn))
{
	int err = 0;

	for (unsigned int i = 0; i < worker->race->workers && !err; i++)
		if (i != worker->index)
			err = hand(worker, i, TURN_END);
	return err;
}

RACE_INLINE int turn_await(struct worker *worker, int (*await)(struct worker *, enum turn *),
			   enum turn *turn, bool shaped)
{
	uint64_t ready_ns = shaped ? shape_think(worker) : 0;
	int err = await(worker, turn);

	if (shaped && !err && *turn == TURN_GO)
		shape_taken(worker, ready_ns);
	return err;
}

RACE_INLINE int turn_hand(struct worker *worker,
			  int (*hand)(struct worker *, unsigned int, enum turn), unsigned int to,
			  bool shaped)
{
	if (shaped)
		shape_hand(worker);
	return hand(worker, to, TURN_GO);
}

/*
 * Whether the holder of the turn makes it. The first worker is called by itself, and makes its first
 * turn even if it got no CPU before the time was up: nobody else can begin.
 */
RACE_INLINE bool turn_goes_on(struct worker *worker, const struct race *race, bool shaped,
			      uint64_t *start_ns)
{
	bool goes_on = shaped ? shape_turn(worker, worker->done, start_ns) :
				race_goes_on(race, worker->done);

	return goes_on || (worker->index == 0 && worker->done == 0);
}

/*
 * With fixed work the last worker of the ring makes its last turn after everybody else has made
 * theirs, and calls nobody: there may be nobody left.
 */
RACE_INLINE int loop_in_turns(struct worker *worker, int (*await)(struct worker *, enum turn *),
			      int (*hand)(struct worker *, unsigned int, enum turn), bool shaped)
{
	struct race *race = worker->race;
	unsigned int next = (worker->index + 1) % race->workers;
	enum turn turn = TURN_GO;
	uint64_t start_ns = 0;
	int err = 0;

	if (worker->index > 0)
		err = turn_await(worker, await, &turn, shaped);
	while (!err && turn == TURN_GO) {
		if (!turn_goes_on(worker, race, shaped, &start_ns))
			return turn_end_all(worker, hand);
		worker->done = race_batch(race, &race->counter, worker->done);
		if (shaped) {
			shape_inside(worker);
			shape_end(worker, start_ns);
		}
		if (worker->done == race->iterations)
			return next == 0 ? 0 : turn_hand(worker, hand, next, shaped);
		err = turn_hand(worker, hand, next, shaped);
		if (!err)
			err = turn_await(worker, await, &turn, shaped);
	}
	return err;
}

/* The loop of every turn strategy, bare or shaped (loop.h). */
RACE_INLINE int race_in_turns(struct worker *worker, int (*await)(struct worker *, enum turn *),
			      int (*hand)(struct worker *, unsigned int, enum turn))
{
	if (worker->race->shapes)
		return loop_in_turns(worker, await, hand, true);
	return loop_in_turns(worker, await, hand, false);
}

#endif
