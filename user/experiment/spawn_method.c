/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/spawn_method.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

const char *spawn_makes_name(enum spawn_makes makes)
{
	static const char *const names[] = {
		[MAKES_THREAD] = "thread",
		[MAKES_PROCESS] = "process",
		[MAKES_PROGRAM] = "program",
	};

	return names[makes];
}

/* ---- Threads ---- */

static void *do_nothing(void *argument)
{
	return argument;
}

static int create_thread(struct creation *creation)
{
	return -pthread_create(&creation->thread, NULL, do_nothing, NULL);
}

static int join_thread(struct creation *creation, int *status, struct rusage *usage)
{
	(void)status;
	(void)usage;
	return -pthread_join(creation->thread, NULL);
}

/* ---- Processes ---- */

static int join_process(struct creation *creation, int *status, struct rusage *usage)
{
	return wait4(creation->pid, status, 0, usage) == creation->pid ? 0 : -errno;
}

static int create_by_fork(struct creation *creation)
{
	creation->pid = fork();
	if (creation->pid == 0)
		_exit(EXIT_SUCCESS);
	return creation->pid < 0 ? -errno : 0;
}

/*
 * The system call itself: the C library has no function for it. Its child has the C library's
 * memory as it was, and calls nothing of it but _exit().
 */
static int create_by_clone3(struct creation *creation)
{
	struct clone_args args = {
		.flags = CLONE_PIDFD,
		.pidfd = (uintptr_t)&creation->pidfd,
		.exit_signal = SIGCHLD,
	};

	creation->pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (creation->pid == 0)
		_exit(EXIT_SUCCESS);
	return creation->pid < 0 ? -errno : 0;
}

/* The system call has an argument more than waitid(3), the usage. */
static int join_by_pidfd(struct creation *creation, int *status, struct rusage *usage)
{
	siginfo_t info;
	int err = syscall(SYS_waitid, P_PIDFD, creation->pidfd, &info, WEXITED, usage) ? -errno : 0;

	close(creation->pidfd);
	if (!err)
		*status = info.si_code == CLD_EXITED ? W_EXITCODE(info.si_status, 0) :
						       W_EXITCODE(0, info.si_status);
	return err;
}

/* With a size of nothing it makes nothing, and where it is there says that this is too little. */
static const char *without_clone3(void)
{
	return syscall(SYS_clone3, NULL, 0) && errno == EINVAL ?
		       NULL :
		       "this kernel has no clone3 (Linux 5.3), or a seccomp filter hides it";
}

/* ---- Programs ---- */

static int create_by_fork_and_exec(struct creation *creation)
{
	char *const arguments[] = { (char *)creation->program, NULL };

	creation->pid = fork();
	if (creation->pid == 0) {
		execve(creation->program, arguments, environ);
		_exit(SPAWN_NOT_EXECUTED);
	}
	return creation->pid < 0 ? -errno : 0;
}

/* The child has this very frame until it executes: it may change nothing in it. */
static int create_by_vfork_and_exec(struct creation *creation)
{
	char *const arguments[] = { (char *)creation->program, NULL };
	pid_t pid = vfork();

	if (pid == 0) {
		execve(creation->program, arguments, environ);
		_exit(SPAWN_NOT_EXECUTED);
	}
	creation->pid = pid;
	return pid < 0 ? -errno : 0;
}

static int create_by_posix_spawn(struct creation *creation)
{
	char *const arguments[] = { (char *)creation->program, NULL };

	return -posix_spawn(&creation->pid, creation->program, NULL, NULL, arguments, environ);
}

/* ---- The list ---- */

const struct spawn_method spawn_methods[] = {
	{ .name = "pthread",
	  .summary = "pthread_create, pthread_join",
	  .makes = MAKES_THREAD,
	  .create = create_thread,
	  .join = join_thread },
	{ .name = "fork",
	  .summary = "fork, waitpid; the child exits at once",
	  .makes = MAKES_PROCESS,
	  .create = create_by_fork,
	  .join = join_process },
	{ .name = "clone3",
	  .summary = "clone3 with CLONE_PIDFD, waitid for that descriptor; else as fork",
	  .makes = MAKES_PROCESS,
	  .unsupported = without_clone3,
	  .create = create_by_clone3,
	  .join = join_by_pidfd },
	{ .name = "fork+exec",
	  .summary = "fork, execve, waitpid",
	  .makes = MAKES_PROGRAM,
	  .create = create_by_fork_and_exec,
	  .join = join_process },
	{ .name = "vfork+exec",
	  .summary = "vfork, execve, waitpid; the parent waits for the execve",
	  .makes = MAKES_PROGRAM,
	  .create = create_by_vfork_and_exec,
	  .join = join_process },
	{ .name = "posix_spawn",
	  .summary = "posix_spawn, waitpid; in glibc a clone with CLONE_VM and CLONE_VFORK",
	  .makes = MAKES_PROGRAM,
	  .create = create_by_posix_spawn,
	  .join = join_process },
};

const size_t n_spawn_methods = sizeof(spawn_methods) / sizeof(spawn_methods[0]);
