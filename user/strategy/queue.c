/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bounded first-in-first-out queue in shared memory: a ring under a mutex, with a condition for
 * "not empty" and one for "not full" (the bounded buffer of C. A. R. Hoare, Monitors, 1974).
 * Workers put the size of a batch they counted, the counter's owner gets and sums until every
 * worker's sentinel, a zero, has come. With --batch=all each worker counts alone and puts once, as
 * Python's multiprocessing.Queue is mostly used.
 */
#include <pthread.h>

#include "strategy/message.h"
#include "strategy/strategy.h"

#define QUEUE_LENGTH 1024

struct queue {
	pthread_mutex_t mutex; /* guards all below */
	pthread_cond_t not_empty;
	pthread_cond_t not_full;
	uint64_t first; /* put and got so far: their difference is what is in it */
	uint64_t last;
	uint64_t counts[QUEUE_LENGTH];
};

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct queue);
}

static int init_mutex(pthread_mutex_t *mutex, int shared)
{
	pthread_mutexattr_t attributes;
	int err = pthread_mutexattr_init(&attributes);

	if (err)
		return -err;
	err = pthread_mutexattr_setpshared(&attributes, shared);
	if (!err)
		err = pthread_mutex_init(mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return -err;
}

static int init_condition(pthread_cond_t *condition, int shared)
{
	pthread_condattr_t attributes;
	int err = pthread_condattr_init(&attributes);

	if (err)
		return -err;
	err = pthread_condattr_setpshared(&attributes, shared);
	if (!err)
		err = pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
	return -err;
}

static int setup(struct race *race)
{
	struct queue *queue = race->object;
	int shared = race->processes ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
	int err = init_mutex(&queue->mutex, shared);

	if (!err)
		err = init_condition(&queue->not_empty, shared);
	return err ? err : init_condition(&queue->not_full, shared);
}

static int put(struct queue *queue, uint64_t count)
{
	int err = -pthread_mutex_lock(&queue->mutex);

	if (err)
		return err;
	while (!err && queue->last - queue->first == QUEUE_LENGTH)
		err = -pthread_cond_wait(&queue->not_full, &queue->mutex);
	if (!err)
		queue->counts[queue->last++ % QUEUE_LENGTH] = count;
	pthread_mutex_unlock(&queue->mutex);
	pthread_cond_signal(&queue->not_empty);
	return err;
}

static int get(struct queue *queue, uint64_t *count)
{
	int err = -pthread_mutex_lock(&queue->mutex);

	if (err)
		return err;
	while (!err && queue->last == queue->first)
		err = -pthread_cond_wait(&queue->not_empty, &queue->mutex);
	if (!err)
		*count = queue->counts[queue->first++ % QUEUE_LENGTH];
	pthread_mutex_unlock(&queue->mutex);
	pthread_cond_signal(&queue->not_full);
	return err;
}

RACE_INLINE int put_batch(struct worker *worker, uint64_t count)
{
	return put(worker->race->object, count);
}

static int work(struct worker *worker)
{
	return race_in_messages(worker, put_batch);
}

static int own(struct worker *owner)
{
	struct race *race = owner->race;
	struct message_sum sum = { .owner = owner };
	uint64_t count = 0;
	int err = 0;

	while (!err && sum.ended < race->workers) {
		err = get(race->object, &count);
		if (!err)
			message_count(&sum, count);
	}
	race->counter = sum.count;
	return err;
}

const struct strategy strategy_queue = {
	.name = "queue",
	.summary = "bounded queue in shared memory, a mutex and two conditions",
	.family = FAMILY_MESSAGE,
	.modes = IN_BOTH,
	.promises_exact = true,
	.in_default = true,
	.batches = true,
	.object_size = object_size,
	.mutexes = { offsetof(struct queue, mutex), sizeof(struct queue) },
	.setup = setup,
	.work = work,
	.own = own,
};
