/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A System V semaphore: it lives in the kernel, so that both ends of every critical section are
 * system calls, whether anybody waits or not. Without SEM_UNDO, which would give back the permit of
 * a process that died: here that one costs the race anyway, and each call would be dearer. The
 * semaphore outlives its process; what a killed race leaves is swept by the engine.
 *
 * Order: the kernel changes the value under a lock of the semaphore or its set, so who takes a
 * permit sees what was written before it was given back.
 */
#include <errno.h>
#include <sys/sem.h>

#include "base/sysv_semaphore.h"
#include "strategy/strategy.h"

struct sem_sysv {
	int id;
};

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct sem_sysv);
}

static int setup(struct race *race)
{
	struct sem_sysv *sem = race->object;

	return sysv_semaphore_make(race->permits, &sem->id);
}

RACE_INLINE int add(const struct sem_sysv *sem, short permits)
{
	struct sembuf operation = { .sem_num = SYSV_SEMAPHORE, .sem_op = permits };

	while (semop(sem->id, &operation, 1))
		if (errno != EINTR)
			return -errno;
	return 0;
}

RACE_INLINE int acquire(void *sem)
{
	return add(sem, -1);
}

RACE_INLINE int release(void *sem)
{
	return add(sem, 1);
}

static int work(struct worker *worker)
{
	return race_under_lock(worker, acquire, release);
}

static void teardown(struct race *race)
{
	const struct sem_sysv *sem = race->object;

	sysv_semaphore_remove(sem->id);
}

const struct strategy strategy_sem_sysv = {
	.name = "sem-sysv",
	.summary = "System V semaphore, a system call at both ends; takes --permits",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.takes_permits = true,
	.object_size = object_size,
	.unsupported = sysv_semaphore_obstacle,
	.setup = setup,
	.work = work,
	.teardown = teardown,
};
