/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strict hand-off: the workers take turns in a ring, each woken by the one before it. Every turn
 * is a sleep and a wake-up, so this is what blocking costs, and the worst case for tracing.
 *
 * Each worker has a word of its own and sleeps on nothing else. The turn is handed on by storing
 * GO with release order and taken by loading it with acquire order, so the counter itself needs
 * no atomic instruction: only the holder of the turn touches it. No wake-up is lost, because
 * futex(2) compares the word with WAIT under the lock that the waker takes as well.
 */
#include "base/futex.h"
#include "strategy/strategy.h"

enum { WAIT, GO, END };

struct baton {
	uint32_t state;
} RACE_PADDED;

static size_t object_size(const struct race *race)
{
	return race->workers * sizeof(struct baton);
}

static int setup(struct race *race)
{
	struct baton *batons = race->object;

	batons[0].state = GO;
	return 0;
}

static int hand(struct baton *baton, uint32_t state, bool shared)
{
	int woken;

	__atomic_store_n(&baton->state, state, __ATOMIC_RELEASE);
	woken = futex_wake(&baton->state, 1, shared);
	return woken < 0 ? woken : 0;
}

static int await(struct baton *baton, uint32_t *state, bool shared)
{
	int err = 0;

	while (!err && (*state = __atomic_load_n(&baton->state, __ATOMIC_ACQUIRE)) == WAIT)
		err = futex_wait(&baton->state, WAIT, shared);
	return err;
}

/* The holder of the turn ends the race for all: nobody else can be in the way. */
static int end_all(struct race *race, unsigned int me)
{
	struct baton *batons = race->object;
	int err = 0;

	for (unsigned int i = 0; i < race->workers && !err; i++)
		if (i != me)
			err = hand(&batons[i], END, race->processes);
	return err;
}

static int work(struct worker *worker)
{
	struct race *race = worker->race;
	struct baton *batons = race->object;
	struct baton *mine = &batons[worker->index];
	struct baton *next = &batons[(worker->index + 1) % race->workers];
	uint32_t state;
	int err;

	while (worker->done < race->iterations) {
		err = await(mine, &state, race->processes);
		if (err || state == END)
			return err;
		if (!race_goes_on(race, worker->done))
			return end_all(race, worker->index);
		__atomic_store_n(&mine->state, WAIT, __ATOMIC_RELAXED);
		worker->done = race_batch(race, &race->counter, worker->done);
		err = hand(next, GO, race->processes);
		if (err)
			return err;
	}
	return 0;
}

const struct strategy strategy_turn_futex = {
	.name = "turn-futex",
	.summary = "strict hand-off through a futex: the price of blocking",
	.family = FAMILY_TURN,
	.modes = IN_BOTH,
	.promises_exact = true,
	.in_default = true,
	.batches = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
};
