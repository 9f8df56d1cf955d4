/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/progress.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool progress_is_wanted(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

void progress_show(size_t step, size_t n_steps, const char *what)
{
	struct pollfd terminal = { .fd = STDERR_FILENO, .events = POLLOUT };

	/* A terminal that was stopped (Ctrl-S) must not stop the races, nor an interruption. */
	if (poll(&terminal, 1, 0) > 0)
		fprintf(stderr, "\r\033[K%3zu %%  %s", 100 * step / n_steps, what);
}

void progress_clear(void)
{
	fputs("\r\033[K", stderr);
}
