/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/shared_memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pid_namespace.h"

/* Where the C library keeps shared memory, and where queues show up if that file system is mounted. */
static const char *const directories[] = { "/dev/shm", "/dev/mqueue" };

int shared_memory_name(pid_t owner, char name[SHARED_MEMORY_NAME])
{
	unsigned long inode = pid_namespace();

	if (!inode)
		return -errno;
	snprintf(name, SHARED_MEMORY_NAME, "/tracebench.%lu.%d", inode, owner);
	return 0;
}

/* A process that we may not signal is alive all the same. */
bool shared_memory_is_orphan(const char *name)
{
	unsigned long inode, own_inode = pid_namespace();
	int owner;
	int length = 0;

	return own_inode && sscanf(name, "/tracebench.%lu.%d%n", &inode, &owner, &length) == 2 &&
	       name[length] == '\0' && inode == own_inode && owner > 0 && kill(owner, 0) != 0 &&
	       errno == ESRCH;
}

static void sweep(const char *path, uid_t user)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	char name[SHARED_MEMORY_NAME + 1];
	struct stat file;

	if (!directory)
		return;
	while ((entry = readdir(directory)))
		if (snprintf(name, sizeof(name), "/%s", entry->d_name) < (int)sizeof(name) &&
		    shared_memory_is_orphan(name) &&
		    fstatat(dirfd(directory), entry->d_name, &file, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(file.st_mode) && file.st_uid == user)
			unlinkat(dirfd(directory), entry->d_name, 0);
	closedir(directory);
}

void shared_memory_sweep(uid_t user)
{
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++)
		sweep(directories[i], user);
}
