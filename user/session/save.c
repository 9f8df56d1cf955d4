/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/save.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/rights.h"
#include "session/json.h"

/* The path taken apart. Its directory is held open: whatever is renamed above it, it stays. */
struct target {
	const char *path;
	char *directory;
	const char *name; /* the path's last part */
	int directory_fd;
};

static int refuse(const char *path, int err, const char *why)
{
	log_error("%s: %s", path, why);
	return err;
}

static int target_open(const char *path, struct target *target)
{
	const char *slash = strrchr(path, '/');

	*target = (struct target){ .path = path, .directory_fd = -1 };
	target->name = slash ? slash + 1 : path;
	if (!*target->name)
		return refuse(path, -EISDIR, "names no file");
	target->directory = slash ? strndup(path, (size_t)(slash + 1 - path)) : strdup("./");
	if (!target->directory)
		return refuse(path, -ENOMEM, strerror(ENOMEM));
	target->directory_fd = open(target->directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (target->directory_fd < 0) {
		int err = -errno;

		log_error("%s: cannot use directory '%s': %s", path, target->directory,
			  strerror(-err));
		return err;
	}
	return 0;
}

static void target_close(struct target *target)
{
	if (target->directory_fd >= 0)
		close(target->directory_fd);
	free(target->directory);
}

/* What is there already. */
static int check_existing(const struct target *target, const struct stat *existing, bool force)
{
	struct stat directory;

	if (S_ISLNK(existing->st_mode))
		return refuse(target->path, -ELOOP, "is a symbolic link, which is not followed");
	if (S_ISDIR(existing->st_mode))
		return refuse(target->path, -EISDIR, "is a directory");
	if (!S_ISREG(existing->st_mode))
		return refuse(target->path, -EINVAL, "is not a regular file");
	if (!force)
		return refuse(target->path, -EEXIST, "exists; use --force to overwrite");
	/* As in /tmp: the rename would fail when all is measured. */
	if (!fstat(target->directory_fd, &directory) && directory.st_mode & S_ISVTX &&
	    geteuid() != 0 && existing->st_uid != geteuid() && directory.st_uid != geteuid())
		return refuse(target->path, -EPERM, "belongs to another user, use another name");
	return 0;
}

static int target_check(const struct target *target, bool force)
{
	struct stat existing;
	int err;

	if (!fstatat(target->directory_fd, target->name, &existing, AT_SYMLINK_NOFOLLOW)) {
		err = check_existing(target, &existing, force);
		if (err)
			return err;
	} else if (errno != ENOENT) {
		err = -errno;
		return refuse(target->path, err, strerror(-err));
	}
	if (faccessat(target->directory_fd, ".", W_OK | X_OK, AT_EACCESS)) {
		err = -errno;
		log_error("%s: user %u cannot write to directory '%s': %s", target->path, geteuid(),
			  target->directory, strerror(-err));
		return err;
	}
	return 0;
}

static int write_temporary(const struct target *target, const char *temporary,
			   const struct session *session)
{
	int fd = openat(target->directory_fd, temporary,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	FILE *file;
	int err;

	if (fd < 0)
		return -errno;
	file = fdopen(fd, "w");
	if (!file) {
		err = -errno;
		close(fd);
	} else {
		err = session ? session_write_json(session, file) : 0;
		if (!err && fsync(fd))
			err = -errno;
		if (fclose(file) && !err)
			err = -errno;
	}
	if (err || !session)
		unlinkat(target->directory_fd, temporary, 0);
	return err;
}

/* Gives the temporary file its name. A rename replaces a link itself, so none is followed. */
static int publish(const struct target *target, const char *temporary, bool force)
{
	const int fd = target->directory_fd;
	int err = 0;

	if (renameat2(fd, temporary, fd, target->name, force ? 0 : RENAME_NOREPLACE))
		err = -errno;
	/* Not every file system can (NFS), but a hard link never replaces anything either. */
	if (err == -EINVAL || err == -ENOSYS) {
		err = linkat(fd, temporary, fd, target->name, 0) ? -errno : 0;
		if (!err)
			unlinkat(fd, temporary, 0);
	}
	if (err)
		unlinkat(fd, temporary, 0);
	return err;
}

/* Without a session it only tries whether the directory takes a file. */
static int save_file(const struct target *target, bool force, const struct session *session)
{
	char temporary[48];
	uint64_t random;
	int err = 0;

	/* Nobody else can guess the name, so finding it taken is not a case to handle. */
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		err = -errno;
	snprintf(temporary, sizeof(temporary), ".tracebench-%016" PRIx64, random);
	if (!err)
		err = write_temporary(target, temporary, session);
	if (!err && session)
		err = publish(target, temporary, force);
	if (err == -EEXIST)
		return refuse(target->path, err, "exists; use --force to overwrite");
	if (err)
		log_error("%s: cannot be written: %s", target->path, strerror(-err));
	return err;
}

/*
 * Those that a person or a service manager ends a program with; and SIGXFSZ, which must come after
 * the write that it is about has failed and been tidied up.
 */
static void hold_signals(sigset_t *before)
{
	static const int held[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXFSZ };
	sigset_t signals;

	sigemptyset(&signals);
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++)
		sigaddset(&signals, held[i]);
	pthread_sigmask(SIG_BLOCK, &signals, before);
}

/* Opens, checks and, if there is a session, saves it, all with the same rights. */
static int check_and_save(const char *path, bool force, const struct session *session)
{
	struct rights rights;
	struct target target;
	int err = rights_take_callers(&rights);

	if (!err) {
		err = target_open(path, &target);
		if (!err)
			err = target_check(&target, force);
		if (!err)
			err = save_file(&target, force, session);
		target_close(&target);
	}
	rights_give_back(&rights);
	return err;
}

static int check_and_save_undisturbed(const char *path, bool force, const struct session *session)
{
	sigset_t before;
	int err;

	hold_signals(&before);
	err = check_and_save(path, force, session);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}

int save_check(const char *path, bool force)
{
	return check_and_save_undisturbed(path, force, NULL);
}

int save_session(const char *path, bool force, const struct session *session)
{
	return check_and_save_undisturbed(path, force, session);
}
