/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Count locally, merge once: each worker counts by itself, then attaches to a named POSIX
 * shared-memory object by its name, as a process that was not forked from us would, adds its count
 * under a semaphore, and closes it. The object is removed at the end; what a killed race leaves is
 * swept by the engine.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/shared_memory.h"
#include "strategy/semaphore.h"
#include "strategy/strategy.h"

struct shm {
	struct semaphore semaphore;
	char name[SHARED_MEMORY_NAME];
};

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct shm);
}

/* Attaches by name, adds or (count 0) only looks. The total comes back in *total. */
static int add(const char *name, uint64_t count, uint64_t *total)
{
	int fd = shm_open(name, O_RDWR, 0);
	uint64_t *sum;

	if (fd < 0)
		return -errno;
	sum = mmap(NULL, sizeof(*sum), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (sum == MAP_FAILED)
		return -errno;
	*sum += count;
	*total = *sum;
	munmap(sum, sizeof(*sum));
	return 0;
}

static int create(const char *name)
{
	int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	int err;

	if (fd < 0)
		return -errno;
	err = ftruncate(fd, sizeof(uint64_t)) ? -errno : 0;
	close(fd);
	if (err)
		shm_unlink(name);
	return err;
}

static int setup(struct race *race)
{
	struct shm *shm = race->object;
	int err = shared_memory_name(getpid(), shm->name);

	semaphore_init(&shm->semaphore, 1, race->processes);
	return err ? err : create(shm->name);
}

static int work(struct worker *worker)
{
	struct race *race = worker->race;
	struct shm *shm = race->object;
	uint64_t counted = 0;
	uint64_t total;
	int err = race_one_by_one(worker, &counted, race_add);

	if (!err)
		err = semaphore_wait(&shm->semaphore);
	if (err)
		return err;
	err = add(shm->name, counted, &total);
	return err ? err : semaphore_post(&shm->semaphore);
}

static void teardown(struct race *race)
{
	struct shm *shm = race->object;

	/* A total that cannot be read stays zero, and so is an update lost. */
	add(shm->name, 0, &race->counter);
	shm_unlink(shm->name);
}

const struct strategy strategy_shm = {
	.name = "shm",
	.summary = "count locally, add once to a named shared-memory object under a semaphore",
	.family = FAMILY_LOCAL,
	.modes = IN_BOTH,
	.promises_exact = true,
	.in_default = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
	.teardown = teardown,
};
