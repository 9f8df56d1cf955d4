/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strict hand-off through POSIX semaphores (sem_t): each worker waits on one of its own, which is
 * posted when it is called. The semaphore keeps a post that comes before its wait. What the call is
 * for stands beside it: written before the post, read after the wait, which POSIX makes visible to
 * each other (4.12, Memory Synchronization).
 */
#include <errno.h>
#include <semaphore.h>

#include "strategy/strategy.h"
#include "strategy/turn.h"

struct baton {
	sem_t semaphore;
	enum turn turn;
} RACE_PADDED;

static size_t object_size(const struct race *race)
{
	return race->workers * sizeof(struct baton);
}

static int setup(struct race *race)
{
	struct baton *batons = race->object;

	for (unsigned int i = 0; i < race->workers; i++)
		if (sem_init(&batons[i].semaphore, race->processes, 0))
			return -errno;
	return 0;
}

RACE_INLINE int await(struct worker *worker, enum turn *turn)
{
	struct baton *batons = worker->race->object;
	struct baton *mine = &batons[worker->index];

	while (sem_wait(&mine->semaphore))
		if (errno != EINTR)
			return -errno;
	*turn = mine->turn;
	return 0;
}

RACE_INLINE int hand(struct worker *worker, unsigned int to, enum turn turn)
{
	struct baton *batons = worker->race->object;

	batons[to].turn = turn;
	return sem_post(&batons[to].semaphore) ? -errno : 0;
}

static int work(struct worker *worker)
{
	return race_in_turns(worker, await, hand);
}

static void teardown(struct race *race)
{
	struct baton *batons = race->object;

	for (unsigned int i = 0; i < race->workers; i++)
		sem_destroy(&batons[i].semaphore);
}

const struct strategy strategy_turn_sem = {
	.name = "turn-sem",
	.summary = "strict hand-off through POSIX semaphores (sem_t)",
	.family = FAMILY_TURN,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
	.teardown = teardown,
};
