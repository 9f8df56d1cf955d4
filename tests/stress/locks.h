/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The locks that are ours, for stress_run(), as the table that STRESS_TABLE names. Included once by
 * each file of this folder, behind the macros that are its bug.
 */
#include <stdlib.h>

#include "stress/stress.h"

#include "strategy/futex_mutex.h"
#include "strategy/mcs_lock.h"
#include "strategy/semaphore.h"
#include "strategy/ticket_lock.h"

/* Where the kernel refuses, there is no going on. */
static void must(int err)
{
	if (err)
		abort();
}

static void init_nothing(void *lock)
{
	(void)lock;
}

static void init_futex_mutex(void *lock)
{
	futex_mutex_init(lock, false);
}

static void take_futex_mutex(void *lock, unsigned int task)
{
	(void)task;
	must(futex_mutex_lock(lock));
}

static void give_futex_mutex(void *lock, unsigned int task)
{
	(void)task;
	must(futex_mutex_unlock(lock));
}

static void init_semaphore(void *lock)
{
	semaphore_init(lock, 1, false);
}

static void take_semaphore(void *lock, unsigned int task)
{
	(void)task;
	must(semaphore_wait(lock));
}

static void give_semaphore(void *lock, unsigned int task)
{
	(void)task;
	must(semaphore_post(lock));
}

static void take_ticket(void *lock, unsigned int task)
{
	(void)task;
	ticket_lock_take(lock);
}

static void give_ticket(void *lock, unsigned int task)
{
	(void)task;
	ticket_lock_give(lock);
}

struct mcs_queue {
	struct mcs_lock lock;
	struct mcs_node nodes[STRESS_TASKS];
};

static void take_mcs(void *object, unsigned int task)
{
	struct mcs_queue *queue = object;

	mcs_lock_take(&queue->lock, &queue->nodes[task]);
}

static void give_mcs(void *object, unsigned int task)
{
	struct mcs_queue *queue = object;

	mcs_lock_give(&queue->lock, &queue->nodes[task]);
}

const struct stress_lock STRESS_TABLE[] = {
	{ "futex-mutex", true, sizeof(struct futex_mutex), init_futex_mutex, take_futex_mutex,
	  give_futex_mutex },
	{ "semaphore", true, sizeof(struct semaphore), init_semaphore, take_semaphore,
	  give_semaphore },
	{ "ticket lock", false, sizeof(struct ticket_lock), init_nothing, take_ticket,
	  give_ticket },
	{ "MCS lock", false, sizeof(struct mcs_queue), init_nothing, take_mcs, give_mcs },
	{ 0 },
};
