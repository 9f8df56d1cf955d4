/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/draft.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX ".tracebench-"
#define RANDOM_DIGITS 16
#define MODE 0644
#define MAX_TRIES 100

/* Nobody can guess it, so finding it taken is not a case to handle. */
static int make_name(struct draft *draft)
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -errno;
	snprintf(draft->name, sizeof(draft->name), PREFIX "%0*" PRIx64, RANDOM_DIGITS, random);
	return 0;
}

static bool is_draft_name(const char *name)
{
	size_t prefix = strlen(PREFIX);

	return strncmp(name, PREFIX, prefix) == 0 &&
	       strspn(name + prefix, "0123456789abcdef") == RANDOM_DIGITS &&
	       name[prefix + RANDOM_DIGITS] == '\0';
}

/* How linkat() finds a file without a name. */
static void descriptor_path(const struct draft *draft, char path[32])
{
	snprintf(path, 32, "/proc/self/fd/%d", draft->fd);
}

static bool can_be_linked(const struct draft *draft)
{
	char path[32];

	descriptor_path(draft, path);
	return access(path, F_OK) == 0;
}

static int create_unnamed(struct draft *draft)
{
	draft->fd = openat(draft->directory_fd, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, MODE);
	if (draft->fd < 0)
		return -errno;
	if (can_be_linked(draft))
		return 0;
	close(draft->fd);
	return -EOPNOTSUPP;
}

/* Without a lock it would be taken for one that was left. Where there are no locks nobody tries. */
static bool was_swept(const struct draft *draft)
{
	struct stat file;

	if (flock(draft->fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
		return true;
	return fstat(draft->fd, &file) == 0 && file.st_nlink == 0;
}

static int create_named(struct draft *draft)
{
	for (int tries = 0; tries < MAX_TRIES; tries++) {
		int err = make_name(draft);

		if (err)
			return err;
		draft->fd = openat(draft->directory_fd, draft->name,
				   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, MODE);
		if (draft->fd < 0)
			return -errno;
		/* Somebody looked for leftovers before we had the lock. */
		if (!was_swept(draft))
			return 0;
		close(draft->fd);
	}
	return -EBUSY;
}

int draft_create(int directory_fd, struct draft *draft)
{
	*draft = (struct draft){ .directory_fd = directory_fd };
	if (create_unnamed(draft) == 0)
		return 0;
	/* Why not is told in many ways (EOPNOTSUPP, EISDIR, EINVAL). What is wrong with the
	 * directory this finds out as well. */
	return create_named(draft);
}

static int link_to(const struct draft *draft, const char *name)
{
	const int directory = draft->directory_fd;
	char path[32];

	descriptor_path(draft, path);
	return linkat(AT_FDCWD, path, directory, name, AT_SYMLINK_FOLLOW) ? -errno : 0;
}

/* To be renamed at once. */
static int link_temporarily(struct draft *draft)
{
	int err = make_name(draft);

	if (!err) {
		flock(draft->fd, LOCK_EX | LOCK_NB);
		err = link_to(draft, draft->name);
	}
	if (err)
		draft->name[0] = '\0';
	return err;
}

/* A rename replaces a link itself, so none is followed. */
static int rename_to(struct draft *draft, const char *name, bool replace)
{
	const int directory = draft->directory_fd;
	int err = 0;

	if (renameat2(directory, draft->name, directory, name, replace ? 0 : RENAME_NOREPLACE))
		err = -errno;
	/* Not every file system can (NFS), but a hard link never replaces anything either. */
	if (!replace && (err == -EINVAL || err == -ENOSYS)) {
		err = linkat(directory, draft->name, directory, name, 0) ? -errno : 0;
		if (!err)
			unlinkat(directory, draft->name, 0);
	}
	if (!err)
		draft->name[0] = '\0';
	return err;
}

int draft_publish(struct draft *draft, const char *name, bool replace)
{
	int err = 0;

	if (!*draft->name) {
		err = link_to(draft, name);
		if (err == -EEXIST && replace)
			err = link_temporarily(draft);
	}
	if (!err && *draft->name)
		err = rename_to(draft, name, replace);
	draft_discard(draft);
	return err;
}

void draft_discard(struct draft *draft)
{
	if (*draft->name)
		unlinkat(draft->directory_fd, draft->name, 0);
	close(draft->fd);
}

/* Ours, and the one who made it is gone. Held locked until the caller has removed it. */
static bool is_left(int directory, const char *name, int *fd)
{
	struct stat file;

	*fd = openat(directory, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	return *fd >= 0 && fstat(*fd, &file) == 0 && S_ISREG(file.st_mode) &&
	       file.st_uid == geteuid() && flock(*fd, LOCK_EX | LOCK_NB) == 0;
}

/* Where one may not look, nothing can be found. */
void draft_sweep(int directory_fd)
{
	int fd = openat(directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!directory) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(directory))) {
		int left;

		if (!is_draft_name(entry->d_name))
			continue;
		if (is_left(directory_fd, entry->d_name, &left))
			unlinkat(directory_fd, entry->d_name, 0);
		if (left >= 0)
			close(left);
	}
	closedir(directory);
}
