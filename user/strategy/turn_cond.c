/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strict hand-off through a condition variable: each worker has a condition, the mutex that belongs
 * to it and a word that says whether it was called. The word changes under the mutex, and waiting
 * gives the mutex back and goes to sleep in one step, so no call is lost. The signal is sent with
 * the mutex given back: the woken one need not wait for it again.
 */
#include <pthread.h>

#include "strategy/strategy.h"
#include "strategy/turn.h"

struct baton {
	pthread_mutex_t mutex; /* guards `turn` */
	pthread_cond_t called;
	enum turn turn; /* 0: not called */
} RACE_PADDED;

static size_t object_size(const struct race *race)
{
	return race->workers * sizeof(struct baton);
}

static int init(struct baton *baton, const pthread_mutexattr_t *for_mutex,
		const pthread_condattr_t *for_condition)
{
	int err = -pthread_mutex_init(&baton->mutex, for_mutex);

	return err ? err : -pthread_cond_init(&baton->called, for_condition);
}

static int setup(struct race *race)
{
	int shared = race->processes ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
	struct baton *batons = race->object;
	pthread_mutexattr_t for_mutex;
	pthread_condattr_t for_condition;
	int err;

	/* Initialising attributes cannot fail in this C library, nor can these values be wrong. */
	pthread_mutexattr_init(&for_mutex);
	pthread_condattr_init(&for_condition);
	err = -pthread_mutexattr_setpshared(&for_mutex, shared);
	if (!err)
		err = -pthread_condattr_setpshared(&for_condition, shared);
	for (unsigned int i = 0; !err && i < race->workers; i++)
		err = init(&batons[i], &for_mutex, &for_condition);
	pthread_condattr_destroy(&for_condition);
	pthread_mutexattr_destroy(&for_mutex);
	return err;
}

RACE_INLINE int await(struct worker *worker, enum turn *turn)
{
	struct baton *batons = worker->race->object;
	struct baton *mine = &batons[worker->index];
	int err = -pthread_mutex_lock(&mine->mutex);

	if (err)
		return err;
	while (!err && !mine->turn)
		err = -pthread_cond_wait(&mine->called, &mine->mutex);
	*turn = mine->turn;
	mine->turn = 0;
	pthread_mutex_unlock(&mine->mutex);
	return err;
}

RACE_INLINE int hand(struct worker *worker, unsigned int to, enum turn turn)
{
	struct baton *batons = worker->race->object;
	int err = -pthread_mutex_lock(&batons[to].mutex);

	if (err)
		return err;
	batons[to].turn = turn;
	pthread_mutex_unlock(&batons[to].mutex);
	return -pthread_cond_signal(&batons[to].called);
}

static int work(struct worker *worker)
{
	return race_in_turns(worker, await, hand);
}

static void teardown(struct race *race)
{
	struct baton *batons = race->object;

	for (unsigned int i = 0; i < race->workers; i++) {
		pthread_cond_destroy(&batons[i].called);
		pthread_mutex_destroy(&batons[i].mutex);
	}
}

const struct strategy strategy_turn_cond = {
	.name = "turn-cond",
	.summary = "strict hand-off through a pthread condition and its mutex",
	.family = FAMILY_TURN,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.mutexes = { offsetof(struct baton, mutex), sizeof(struct baton) },
	.setup = setup,
	.work = work,
	.teardown = teardown,
};
