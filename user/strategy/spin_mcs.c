/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Our own MCS lock (mcs_lock.h). The nodes are in the object, at one address in all processes, one
 * for each worker.
 */
#include "strategy/mcs_lock.h"
#include "strategy/strategy.h"

struct queue {
	struct mcs_lock lock;
	struct mcs_node nodes[];
};

/* The lock as one worker sees it. */
struct place {
	struct mcs_lock *lock;
	struct mcs_node *mine;
};

static size_t object_size(const struct race *race)
{
	return sizeof(struct queue) + race->workers * sizeof(struct mcs_node);
}

RACE_INLINE int acquire(void *own)
{
	const struct place *place = own;

	mcs_lock_take(place->lock, place->mine);
	return 0;
}

RACE_INLINE int release(void *own)
{
	const struct place *place = own;

	mcs_lock_give(place->lock, place->mine);
	return 0;
}

static int work(struct worker *worker)
{
	struct queue *queue = worker->race->object;
	struct place place = { &queue->lock, &queue->nodes[worker->index] };

	return race_under_lock_with(worker, &place, acquire, release);
}

const struct strategy strategy_spin_mcs = {
	.name = "spin-mcs",
	.summary = "MCS queue lock: first come, first served, each spinning in its own line",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.work = work,
};
