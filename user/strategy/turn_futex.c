/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strict hand-off through futex(2): a turn is a sleep and a wake-up, so this is what blocking
 * costs, and the worst case for tracing.
 *
 * No wake-up is lost, because futex(2) compares the word with 0 under the lock that the waker takes
 * as well.
 */
#include "base/futex.h"
#include "strategy/strategy.h"
#include "strategy/turn.h"

RACE_INLINE int await(struct worker *worker, enum turn *turn)
{
	struct turn_word *words = worker->race->object;
	struct turn_word *mine = &words[worker->index];
	int err = 0;

	while (!err && !turn_word_take(mine, turn))
		err = futex_wait(&mine->turn, 0, worker->race->processes);
	return err;
}

RACE_INLINE int hand(struct worker *worker, unsigned int to, enum turn turn)
{
	struct turn_word *words = worker->race->object;
	int woken;

	turn_word_call(&words[to], turn);
	woken = futex_wake(&words[to].turn, 1, worker->race->processes);
	return woken < 0 ? woken : 0;
}

static int work(struct worker *worker)
{
	return race_in_turns(worker, await, hand);
}

const struct strategy strategy_turn_futex = {
	.name = "turn-futex",
	.summary = "strict hand-off through a futex: the price of blocking",
	.family = FAMILY_TURN,
	.modes = IN_BOTH,
	.promises_exact = true,
	.in_default = true,
	.batches = true,
	.object_size = turn_words_size,
	.work = work,
};
