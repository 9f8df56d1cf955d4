/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/saver.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
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
 * ---- Both sides. The saver says 0 when it is ready. Then pieces go to it, each a length and that many
 * bytes, and behind the last one END, or GIVEN_UP. A last number comes back, 0 or a negative errno.
 */
#define END 0U
#define GIVEN_UP UINT32_MAX
#define PIECE_MOST 65536U

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

/* Returns 0 when the piece is in the stream or lost to it, which the stream knows. */
static int receive_piece(int socket, uint32_t length, FILE *out)
{
	char piece[PIECE_MOST];
	int err = length > PIECE_MOST ? -EPROTO : receive_all(socket, piece, length);

	if (!err)
		fwrite(piece, 1, length, out);
	return err;
}

/* A save_writer. Nothing is said where it fails: the run is gone, and with it who wanted to know. */
static int receive_pieces(const void *what, FILE *out)
{
	const int *socket = what;

	for (;;) {
		uint32_t length;

		if (receive_all(*socket, &length, sizeof(length)) || length == GIVEN_UP)
			return -ECANCELED;
		if (length == END)
			return ferror(out) ? -EIO : 0;
		if (receive_piece(*socket, length, out))
			return -ECANCELED;
	}
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
	static const int from = STDIN_FILENO;
	int err = prepare(socket);

	send_all(from, &err, sizeof(err));
	if (!err) {
		err = save_written(saver->path, saver->force, receive_pieces, &from);
		send_all(from, &err, sizeof(err));
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

static int send_piece(const struct saver *saver, uint32_t length, const char *bytes)
{
	int err = send_all(saver->socket, &length, sizeof(length));

	return err ? err : send_all(saver->socket, bytes, length);
}

static ssize_t write_pieces(void *cookie, const char *bytes, size_t length)
{
	size_t done = 0;

	while (done < length) {
		size_t piece = length - done < PIECE_MOST ? length - done : PIECE_MOST;

		if (send_piece(cookie, (uint32_t)piece, bytes + done))
			return 0;
		done += piece;
	}
	return (ssize_t)length;
}

/* Returns what the writer did. A saver that is gone has left its answer, if it could. */
static int send_written(struct saver *saver, save_writer *writer, const void *what, int *answer)
{
	FILE *file = fopencookie(saver, "w", (cookie_io_functions_t){ .write = write_pieces });
	uint32_t last;
	int err;

	if (!file)
		return -errno;
	setvbuf(file, NULL, _IOFBF, PIECE_MOST);
	err = writer(what, file);
	if (fclose(file) && !err)
		err = -EIO;
	last = err ? GIVEN_UP : END;
	send_all(saver->socket, &last, sizeof(last));
	*answer = receive_answer(saver);
	return err;
}

int saver_save(struct saver *saver, save_writer *writer, const void *what)
{
	int answer = 0, err;

	if (!saver->pid)
		return save_written(saver->path, saver->force, writer, what);
	err = send_written(saver, writer, what, &answer);
	/* No save fails for want of a pipe; what it does fail for it has said itself. */
	if (answer == -EPIPE)
		log_error("%s: cannot be written: the process that was to do it is gone",
			  saver->path);
	else if (err && err != -ECANCELED && (!answer || answer == -ECANCELED))
		log_error("%s: cannot be written: %s", saver->path, strerror(-err));
	return answer && answer != -ECANCELED ? answer : err;
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
