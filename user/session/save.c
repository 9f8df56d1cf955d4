/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/save.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/rights.h"
#include "session/draft.h"
#include "session/json.h"

#define STREAM_BYTES 65536

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

/* Where a writer's stream ends: a file, and what went wrong with it. */
struct sink {
	int fd;
	int err;
};

static ssize_t sink_write(void *cookie, const char *bytes, size_t length)
{
	struct sink *sink = cookie;
	size_t done = 0;

	while (done < length && !sink->err) {
		ssize_t n = write(sink->fd, bytes + done, length - done);

		if (n < 0 && errno != EINTR)
			sink->err = -errno;
		if (n > 0)
			done += (size_t)n;
	}
	return sink->err ? 0 : (ssize_t)length;
}

/* Why the file did not take it tells more than what a stream makes of that. */
static int fill(int fd, save_writer *writer, const void *what)
{
	struct sink sink = { .fd = fd };
	FILE *file = fopencookie(&sink, "w", (cookie_io_functions_t){ .write = sink_write });
	int err;

	if (!file)
		return -errno;
	setvbuf(file, NULL, _IOFBF, STREAM_BYTES);
	err = writer(what, file);
	if (fclose(file) && !err)
		err = -EIO;
	if (sink.err)
		return sink.err;
	return !err && fsync(fd) ? -errno : err;
}

static int fill_and_publish(struct draft *draft, const struct target *target, bool force,
			    save_writer *writer, const void *what)
{
	int err = fill(draft->fd, writer, what);

	if (!err)
		return draft_publish(draft, target->name, force);
	draft_discard(draft);
	return err;
}

/* Without a writer it only tries whether the directory takes a file. */
static int save_file(const struct target *target, bool force, save_writer *writer, const void *what)
{
	struct draft draft;
	int err = draft_create(target->directory_fd, &draft);

	if (!err && writer)
		err = fill_and_publish(&draft, target, force, writer, what);
	else if (!err)
		draft_discard(&draft);
	if (err == -EEXIST)
		return refuse(target->path, err, "exists; use --force to overwrite");
	if (err && err != -ECANCELED)
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

/* Opens, checks and, if there is a writer, saves what it writes, all with the same rights. */
static int check_and_save(const char *path, bool force, save_writer *writer, const void *what)
{
	struct rights rights;
	struct target target;
	int err = rights_take_callers(&rights);

	if (!err) {
		err = target_open(path, &target);
		if (!err)
			draft_sweep(target.directory_fd);
		if (!err)
			err = target_check(&target, force);
		if (!err)
			err = save_file(&target, force, writer, what);
		target_close(&target);
	}
	rights_give_back(&rights);
	return err;
}

int save_written(const char *path, bool force, save_writer *writer, const void *what)
{
	sigset_t before;
	int err;

	hold_signals(&before);
	err = check_and_save(path, force, writer, what);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}

int save_check(const char *path, bool force)
{
	return save_written(path, force, NULL, NULL);
}

static int write_session(const void *session, FILE *out)
{
	return session_write_json(session, out);
}

int save_session(const char *path, bool force, const struct session *session)
{
	return save_written(path, force, write_session, session);
}
