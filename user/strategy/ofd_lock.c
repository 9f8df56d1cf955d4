/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A lock on a file that belongs to the open file description (F_OFD_SETLKW, fcntl(2)), unlike
 * POSIX record locks, which belong to the process and so keep threads of one process apart from
 * nobody, and are gone when any descriptor of the file is closed. A forked child has the same
 * description as its parent, so every worker opens the file for itself, threads and processes
 * alike: an unnamed one in memory, by its link in /proc.
 *
 * Order: the kernel grants and gives back locks of one file under one lock, so who is granted it
 * sees what was written before it was given back.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "strategy/strategy.h"

struct locked_file {
	int fd;
};

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct locked_file);
}

static int make_file(void)
{
	int fd = memfd_create("tracebench ofd-lock", MFD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* A description of one's own of the same file, or a negative errno. */
static int open_again(int fd)
{
	char path[32];
	int own;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	own = open(path, O_RDWR | O_CLOEXEC);
	return own < 0 ? -errno : own;
}

/* The whole file, from its first byte to wherever it ends. */
static int set_lock(int fd, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

	while (fcntl(fd, F_OFD_SETLKW, &lock))
		if (errno != EINTR)
			return -errno;
	return 0;
}

static const char *unsupported(void)
{
	int fd = make_file();
	int own = fd < 0 ? fd : open_again(fd);
	int err = own < 0 ? own : set_lock(own, F_WRLCK);

	if (own >= 0)
		close(own);
	if (fd >= 0)
		close(fd);
	if (fd < 0)
		return "no memory file can be made (memfd_create)";
	if (own < 0)
		return "a file cannot be opened again by its link in /proc (not mounted?)";
	return err ? "the kernel has no locks of open file descriptions (F_OFD_SETLKW)" : NULL;
}

static int setup(struct race *race)
{
	struct locked_file *file = race->object;

	file->fd = make_file();
	return file->fd < 0 ? file->fd : 0;
}

RACE_INLINE int acquire(void *own)
{
	return set_lock(*(const int *)own, F_WRLCK);
}

RACE_INLINE int release(void *own)
{
	return set_lock(*(const int *)own, F_UNLCK);
}

static int work(struct worker *worker)
{
	const struct locked_file *file = worker->race->object;
	int own = open_again(file->fd);
	int err;

	if (own < 0)
		return own;
	err = race_under_lock_with(worker, &own, acquire, release);
	close(own);
	return err;
}

static void teardown(struct race *race)
{
	const struct locked_file *file = race->object;

	close(file->fd);
}

const struct strategy strategy_ofd_lock = {
	.name = "ofd-lock",
	.summary = "a file lock of the open file description (F_OFD_SETLKW)",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.unsupported = unsupported,
	.setup = setup,
	.work = work,
	.teardown = teardown,
};
