/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/saver.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hint.h"
#include "base/log.h"
#include "base/privilege.h"
#include "base/sudo.h"

/*
 * ---- Both sides. The saver says 0 when it is ready, then a length and that many bytes go to it, and
 * a last number comes back, 0 or a negative errno.
 */

/* Not write(): a saver that is gone must not end the run by SIGPIPE. */
static int send_all(int socket, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length) {
		ssize_t n = send(socket, at, length, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			at += n;
			length -= (size_t)n;
		}
	}
	return 0;
}

static int receive_all(int socket, void *bytes, size_t length)
{
	char *at = bytes;

	while (length) {
		ssize_t n = recv(socket, at, length, 0);

		if (n == 0)
			return -EPIPE;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			at += n;
			length -= (size_t)n;
		}
	}
	return 0;
}

/* ---- The process that stays root ---- */

/* Nothing is said where it fails: the run is gone, and with it who wanted to know. */
static int receive_text(int socket, struct save_text *text)
{
	uint64_t length;
	int err = receive_all(socket, &length, sizeof(length));

	if (err)
		return err;
	text->length = length;
	text->bytes = malloc(length);
	return text->bytes ? receive_all(socket, text->bytes, length) : -ENOMEM;
}

/* Only stderr and the socket are any of its business. What ends the run ends it as well. */
static int prepare(int socket)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	prctl(PR_SET_NAME, "tracebench-save");
	if (dup2(socket, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0 ||
	    close_range(STDERR_FILENO + 1, ~0U, 0))
		return -errno;
	return privilege_limit(PRIVILEGE_FILES);
}

static _Noreturn void serve(const struct saver *saver, int socket)
{
	struct save_text text = { 0 };
	int err = prepare(socket);

	send_all(STDIN_FILENO, &err, sizeof(err));
	if (!err)
		err = receive_text(STDIN_FILENO, &text);
	if (!err) {
		err = save_text(saver->path, saver->force, &text);
		send_all(STDIN_FILENO, &err, sizeof(err));
	}
	_exit(err ? EXIT_FAILURE : EXIT_SUCCESS);
}

/* ---- The run ---- */

/* Whether the rights to save are not those that a run is left with. */
static bool is_needed(bool keep_root)
{
	uid_t user;
	gid_t group;
	const char *wrong;

	return geteuid() == 0 && !keep_root && sudo_caller(&user, &group, &wrong) == 0;
}

/* Its answer, or -EPIPE when it is gone. */
static int receive_answer(const struct saver *saver)
{
	int answer;
	int err = receive_all(saver->socket, &answer, sizeof(answer));

	return err ? -EPIPE : answer;
}

static int start_process(struct saver *saver)
{
	int sockets[2];
	int err = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets))
		return -errno;
	saver->pid = fork();
	if (saver->pid == 0) {
		close(sockets[0]);
		serve(saver, sockets[1]);
	}
	if (saver->pid < 0) {
		err = -errno;
		saver->pid = 0;
		close(sockets[0]);
	} else {
		saver->socket = sockets[0];
	}
	close(sockets[1]);
	return err ? err : receive_answer(saver);
}

int saver_start(struct saver *saver, const char *path, bool force, bool keep_root)
{
	int err = save_check(path, force);

	*saver = (struct saver){ .path = path, .force = force };
	if (err || !is_needed(keep_root))
		return err;
	err = start_process(saver);
	if (err)
		log_error("%s: no process to save it as root: %s%s", path, strerror(-err),
			  limit_hint(-err));
	return err;
}

static int send_text(const struct saver *saver, const struct save_text *text)
{
	uint64_t length = text->length;
	int err = send_all(saver->socket, &length, sizeof(length));

	if (!err)
		err = send_all(saver->socket, text->bytes, text->length);
	return err ? -EPIPE : receive_answer(saver);
}

int saver_save(struct saver *saver, save_writer *write, const void *what)
{
	struct save_text text;
	int err;

	if (!saver->pid)
		return save_written(saver->path, saver->force, write, what);
	err = save_text_of(saver->path, write, what, &text);
	if (err)
		return err;
	err = send_text(saver, &text);
	save_text_free(&text);
	/* No save fails for want of a pipe; what it does fail for it has said itself. */
	if (err == -EPIPE)
		log_error("%s: cannot be written: the process that was to do it is gone",
			  saver->path);
	return err;
}

void saver_end(struct saver *saver)
{
	if (!saver->pid)
		return;
	close(saver->socket);
	while (waitpid(saver->pid, NULL, 0) < 0 && errno == EINTR)
		;
	saver->pid = 0;
}
