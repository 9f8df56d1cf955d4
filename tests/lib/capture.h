/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a call says on stderr, for tests of error lines. Part of the check programs only:
 *
 *	struct capture capture = capture_start();
 *
 *	err = call();
 *	capture_end(&capture, said, sizeof(said));
 */
#ifndef TRACEBENCH_TESTS_CAPTURE_H
#define TRACEBENCH_TESTS_CAPTURE_H

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct capture {
	FILE *file;
	int stderr_fd; /* the real one */
};

static inline struct capture capture_start(void)
{
	struct capture capture = { .file = tmpfile(), .stderr_fd = dup(STDERR_FILENO) };

	ck_assert(capture.file && capture.stderr_fd >= 0);
	dup2(fileno(capture.file), STDERR_FILENO);
	return capture;
}

static inline void capture_end(struct capture *capture, char *said, size_t size)
{
	size_t got;

	dup2(capture->stderr_fd, STDERR_FILENO);
	close(capture->stderr_fd);
	rewind(capture->file);
	got = fread(said, 1, size - 1, capture->file);
	said[got] = '\0';
	fclose(capture->file);
}

/* One line, and it starts like this. */
static inline void assert_one_line(const char *said, const char *start)
{
	ck_assert_msg(strncmp(said, start, strlen(start)) == 0, "said: %swanted: %s", said, start);
	ck_assert_msg(strchr(said, '\n') == said + strlen(said) - 1, "not one line: %s", said);
}

#endif
