/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An atomic instruction, and the C library's locks. */
#include <pthread.h>
#include <semaphore.h>

#include "lib/by_hand.h"

static void add_atomically(struct hand *hand, unsigned int index)
{
	(void)index;
	for (uint64_t i = 0; i < hand->iterations; i++)
		__atomic_fetch_add(&hand->counter, 1, __ATOMIC_RELAXED);
}

static void add_under_mutex(struct hand *hand, unsigned int index)
{
	pthread_mutex_t *mutex = hand->state;

	(void)index;
	for (uint64_t i = 0; i < hand->iterations; i++) {
		pthread_mutex_lock(mutex);
		hand->counter++;
		pthread_mutex_unlock(mutex);
	}
}

static void make_mutex(void *state)
{
	hand_must(!pthread_mutex_init(state, NULL), "pthread_mutex_init");
}

static void add_under_semaphore(struct hand *hand, unsigned int index)
{
	sem_t *semaphore = hand->state;

	(void)index;
	for (uint64_t i = 0; i < hand->iterations; i++) {
		while (sem_wait(semaphore))
			;
		hand->counter++;
		sem_post(semaphore);
	}
}

static void make_semaphore(void *state)
{
	hand_must(!sem_init(state, 0, 1), "sem_init");
}

const struct hand_loop hand_atomic[] = {
	{ .strategy = "atomic", .name = "fetch_add", .work = add_atomically },
	{ 0 },
};

const struct hand_loop hand_locks[] = {
	{
		.strategy = "futex-mutex",
		.name = "pthread_mutex_t",
		.size = sizeof(pthread_mutex_t),
		.setup = make_mutex,
		.work = add_under_mutex,
	},
	{
		.strategy = "sem-futex",
		.name = "sem_t",
		.size = sizeof(sem_t),
		.setup = make_semaphore,
		.work = add_under_semaphore,
	},
	{ 0 },
};
