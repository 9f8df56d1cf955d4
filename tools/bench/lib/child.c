/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define EXIT_NOT_STARTED 127

static int redirect(const char *path, int flags, int fd)
{
	int opened = open(path, flags | O_CLOEXEC, 0600);

	return opened < 0 || dup2(opened, fd) < 0 ? -errno : 0;
}

/* In the child: becomes the program, or ends. */
__attribute__((noreturn)) static void become(const char *const *argv, const char *folder,
					     const char *log, pid_t parent)
{
	setpgid(0, 0);
	/* The parent may have ended before it could be said what its end is to do. */
	if (!prctl(PR_SET_PDEATHSIG, SIGTERM) && getppid() == parent && !chdir(folder) &&
	    !redirect("/dev/null", O_RDONLY, STDIN_FILENO) &&
	    !redirect("/dev/null", O_WRONLY, STDOUT_FILENO) &&
	    !redirect(log, O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO)) {
		execvp(argv[0], (char *const *)argv);
		perror(argv[0]);
	}
	_exit(EXIT_NOT_STARTED);
}

pid_t child_start(const char *const *argv, const char *folder, const char *log)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0)
		become(argv, folder, log, parent);
	/* Both sides do: each may be the first to need it. */
	if (pid > 0)
		setpgid(pid, pid);
	return pid;
}

/* A signal ends the wait as the timeout does. */
static bool has_ended_within(pid_t pid, uint64_t timeout_ns)
{
	struct timespec left = clock_timespec(timeout_ns);
	struct pollfd polled = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	int n = polled.fd < 0 ? -1 : ppoll(&polled, 1, &left, NULL);

	if (polled.fd >= 0)
		close(polled.fd);
	return n > 0;
}

bool child_has_ended(pid_t pid)
{
	return has_ended_within(pid, 0);
}

bool child_wait(pid_t pid, uint64_t timeout_ns)
{
	bool ended = has_ended_within(pid, timeout_ns);
	int status;

	if (!ended)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return ended && ((WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
			 (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT));
}

bool child_interrupt(pid_t pid, uint64_t timeout_ns)
{
	kill(pid, SIGINT);
	return child_wait(pid, timeout_ns);
}
