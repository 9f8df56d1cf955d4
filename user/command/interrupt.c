/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

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
	return fd < 0 ? -errno : fd;
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
