/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a function under test writes to stdout or stderr. */
#ifndef TRACEBENCH_TESTS_CAPTURE_H
#define TRACEBENCH_TESTS_CAPTURE_H

#include <check.h>
#include <stdio.h>
#include <unistd.h>

#define CAPTURE_BYTES 16384

struct capture {
	int fd; /* the one that is captured */
	int saved; /* where it led before */
	FILE *file;
};

static inline struct capture capture_start(int fd)
{
	struct capture capture = { .fd = fd, .saved = dup(fd), .file = tmpfile() };

	fflush(NULL);
	ck_assert(capture.saved >= 0 && capture.file);
	ck_assert_int_eq(dup2(fileno(capture.file), fd), fd);
	return capture;
}

/* Puts the descriptor back and fills `text` with what came in between. */
static inline void capture_end(struct capture *capture, char text[static CAPTURE_BYTES])
{
	size_t length;

	fflush(NULL);
	dup2(capture->saved, capture->fd);
	close(capture->saved);
	rewind(capture->file);
	length = fread(text, 1, CAPTURE_BYTES - 1, capture->file);
	text[length] = '\0';
	fclose(capture->file);
}

#endif
