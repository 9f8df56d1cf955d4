/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/progress.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool progress_is_wanted(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

/* What is longer than the terminal is wide would go on in a line that is not cleared. */
static int columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col == 0)
		return 80;
	return size.ws_col;
}

void progress_show(size_t step, size_t n_steps, const char *what)
{
	struct pollfd terminal = { .fd = STDERR_FILENO, .events = POLLOUT };

	char line[128];

	snprintf(line, sizeof(line), "%3zu %%  %s", 100 * step / n_steps, what);
	/* A terminal that was stopped (Ctrl-S) must not stop the races, nor an interruption. */
	if (poll(&terminal, 1, 0) > 0)
		fprintf(stderr, "\r\033[K%.*s", columns() - 1, line);
}

void progress_clear(void)
{
	fputs("\r\033[K", stderr);
}
