/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/hint.h"
#include "base/log.h"

static sigset_t interruptions(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	return set;
}

int interrupt_open(void)
{
	sigset_t set = interruptions();
	int fd;

	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd >= 0)
		return fd;
	fd = -errno;
	log_error("interruptions cannot be watched: %s%s", strerror(-fd), limit_hint(-fd));
	return fd;
}

bool interrupt_came(int fd)
{
	struct pollfd polled = { .fd = fd, .events = POLLIN };

	return poll(&polled, 1, 0) > 0;
}

void interrupt_close(int fd)
{
	sigset_t set = interruptions();
	struct signalfd_siginfo first;

	if (fd >= 0) {
		/* Nothing to read, when nobody interrupted, is as well. */
		if (read(fd, &first, sizeof(first)) < 0)
			errno = 0;
		close(fd);
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void interrupt_acknowledge(int *fd, const char *what_follows)
{
	log_error("interrupted: %s", what_follows);
	interrupt_close(*fd);
	*fd = -1;
}

int interrupt_conclude(int *fd, int shown, int code)
{
	if (!interrupt_came(*fd))
		return code;
	interrupt_acknowledge(fd, shown == -EINTR ? "standard output did not take all of it" :
						    "all had been measured");
	return EXIT_INTERRUPTED;
}
