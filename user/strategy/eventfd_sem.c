/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An eventfd that counts down by one at a time (EFD_SEMAPHORE): reading takes a permit and waits
 * while there is none, writing gives one back. As with any descriptor, poll(2) can wait for it
 * among others.
 *
 * Order: the kernel changes the count under the lock of its wait queue, so who takes a permit sees
 * what was written before it was given back.
 */
#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "strategy/strategy.h"

struct eventfd_sem {
	int fd;
};

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct eventfd_sem);
}

static int setup(struct race *race)
{
	struct eventfd_sem *sem = race->object;

	sem->fd = eventfd(race->permits, EFD_SEMAPHORE | EFD_CLOEXEC);
	return sem->fd < 0 ? -errno : 0;
}

RACE_INLINE int acquire(void *object)
{
	const struct eventfd_sem *sem = object;
	eventfd_t one;

	while (eventfd_read(sem->fd, &one))
		if (errno != EINTR)
			return -errno;
	return 0;
}

RACE_INLINE int release(void *object)
{
	const struct eventfd_sem *sem = object;

	while (eventfd_write(sem->fd, 1))
		if (errno != EINTR)
			return -errno;
	return 0;
}

static int work(struct worker *worker)
{
	return race_under_lock(worker, acquire, release);
}

static void teardown(struct race *race)
{
	const struct eventfd_sem *sem = race->object;

	close(sem->fd);
}

const struct strategy strategy_eventfd_sem = {
	.name = "eventfd-sem",
	.summary = "an eventfd that counts permits (EFD_SEMAPHORE); takes --permits",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.takes_permits = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
	.teardown = teardown,
};
