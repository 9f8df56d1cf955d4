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

static int write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			length -= (size_t)n;
		}
	}
	return fsync(fd) ? -errno : 0;
}

static int fill_and_publish(struct draft *draft, const struct target *target, bool force,
			    const struct save_text *text)
{
	int err = write_all(draft->fd, text->bytes, text->length);

	if (!err)
		return draft_publish(draft, target->name, force);
	draft_discard(draft);
	return err;
}

/* Without a text it only tries whether the directory takes a file. */
static int save_file(const struct target *target, bool force, const struct save_text *text)
{
	struct draft draft;
	int err = draft_create(target->directory_fd, &draft);

	if (!err && text)
		err = fill_and_publish(&draft, target, force, text);
	else if (!err)
		draft_discard(&draft);
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

/* Opens, checks and, if there is a text, saves it, all with the same rights. */
static int check_and_save(const char *path, bool force, const struct save_text *text)
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
			err = save_file(&target, force, text);
		target_close(&target);
	}
	rights_give_back(&rights);
	return err;
}

int save_text(const char *path, bool force, const struct save_text *text)
{
	sigset_t before;
	int err;

	hold_signals(&before);
	err = check_and_save(path, force, text);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}

int save_check(const char *path, bool force)
{
	return save_text(path, force, NULL);
}

int save_text_of(const char *path, save_writer *write, const void *what, struct save_text *text)
{
	FILE *file;
	int err;

	*text = (struct save_text){ 0 };
	file = open_memstream(&text->bytes, &text->length);
	err = file ? write(what, file) : -errno;
	if (file && fclose(file) && !err)
		err = -errno;
	if (err) {
		log_error("%s: cannot be written: %s", path, strerror(-err));
		save_text_free(text);
	}
	return err;
}

void save_text_free(struct save_text *text)
{
	free(text->bytes);
	*text = (struct save_text){ 0 };
}

int save_written(const char *path, bool force, save_writer *write, const void *what)
{
	struct save_text text;
	int err = save_text_of(path, write, what, &text);

	if (!err) {
		err = save_text(path, force, &text);
		save_text_free(&text);
	}
	return err;
}

static int write_session(const void *session, FILE *out)
{
	return session_write_json(session, out);
}

int save_session(const char *path, bool force, const struct session *session)
{
	return save_written(path, force, write_session, session);
}
