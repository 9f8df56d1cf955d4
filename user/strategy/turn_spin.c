/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strict hand-off by spinning: each worker watches a word of its own, in lines of its own. With a
 * CPU for each worker a turn is one cache line's way from one CPU to the next and no system call.
 *
 * With more workers than CPUs the one that has the turn may wait for a CPU that another spins on.
 * So after SPINS looks, about as long as a hand-off through the kernel takes, a worker gives its CPU
 * away at every look: the ring is slow then, and never stands still.
 */
#include <sched.h>

#include "strategy/strategy.h"
#include "strategy/turn.h"

#define SPINS 1000

RACE_INLINE int await(struct worker *worker, enum turn *turn)
{
	struct turn_word *words = worker->race->object;
	struct turn_word *mine = &words[worker->index];
	unsigned int looks = 0;

	while (!turn_word_take(mine, turn)) {
		if (++looks < SPINS)
			race_pause();
		else
			sched_yield();
	}
	return 0;
}

RACE_INLINE int hand(struct worker *worker, unsigned int to, enum turn turn)
{
	struct turn_word *words = worker->race->object;

	turn_word_call(&words[to], turn);
	return 0;
}

static int work(struct worker *worker)
{
	return race_in_turns(worker, await, hand);
}

const struct strategy strategy_turn_spin = {
	.name = "turn-spin",
	.summary = "strict hand-off by spinning on a word, yielding when it takes long",
	.family = FAMILY_TURN,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = turn_words_size,
	.work = work,
};
