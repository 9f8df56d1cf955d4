/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/many_locks.h"

#include "base/futex.h"

struct lock {
	uint32_t turn; /* the last that was handed on through it */
} RACE_PADDED;

/* Before a race, which is forked with it. A strategy has no other way to be told. */
static unsigned int n_locks = 1;

void many_locks_choose(unsigned int n)
{
	n_locks = n;
}

static size_t object_size(const struct race *race)
{
	(void)race;
	return n_locks * sizeof(struct lock);
}

/*
 * Turns are numbered from 0, and a lock that is all zero has handed on none but the first. With one
 * lock for all, either sleeper sleeps on it: the word then is of the turn before.
 */
static int await(struct lock *lock, uint32_t turn)
{
	uint32_t last;
	int err = 0;

	/* Acquire: what the other did before it handed over. */
	while (!err && (last = __atomic_load_n(&lock->turn, __ATOMIC_ACQUIRE)) != turn)
		err = futex_wait(&lock->turn, last, false);
	return err;
}

static int hand(struct lock *lock, uint32_t turn)
{
	int woken;

	__atomic_store_n(&lock->turn, turn, __ATOMIC_RELEASE);
	woken = futex_wake(&lock->turn, 1, false);
	return woken < 0 ? woken : 0;
}

static int work(struct worker *worker)
{
	struct race *race = worker->race;
	struct lock *locks = race->object;
	uint32_t turn = worker->index;
	int err = 0;

	for (; !err && worker->done < race->iterations; worker->done++, turn += 2) {
		err = await(&locks[turn % n_locks], turn);
		race_increment(&race->counter);
		if (!err)
			err = hand(&locks[(turn + 1) % n_locks], turn + 1);
	}
	return err;
}

const struct strategy strategy_many_locks = {
	.name = "many-locks",
	.summary = "strict hand-off through one futex after the other",
	.family = FAMILY_TURN,
	.modes = IN_THREADS,
	.promises_exact = true,
	.object_size = object_size,
	.work = work,
};
