/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saving in a directory of its own, for the check programs about it. */
#ifndef TRACEBENCH_TESTS_SAVING_H
#define TRACEBENCH_TESTS_SAVING_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/capture.h"
#include "lib/fixture.h"
#include "session/json.h"
#include "session/save.h"

#define NOBODY 65534

static char said[4096]; /* on stderr by the last call */
static char directory[] = "/tmp/test_save-XXXXXX"; /* the working directory of a test */

/* Each test has a process and a directory of its own, and no sudo. */
static inline void enter(void)
{
	ck_assert_ptr_nonnull(mkdtemp(directory));
	ck_assert_int_eq(chdir(directory), 0);
	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
	umask(0);
}

static inline int entries(const char *path)
{
	DIR *stream = opendir(path);
	int n = 0;

	ck_assert_ptr_nonnull(stream);
	while (readdir(stream))
		n++;
	closedir(stream);
	return n - 2;
}

static inline void leave(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf '%s'", directory);
	ck_assert_int_eq(system(command), 0);
}

static inline void put_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static inline void assert_untouched(const char *path, const char *text)
{
	char got[64] = "";
	FILE *file = fopen(path, "r");

	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(fgets(got, sizeof(got), file));
	fclose(file);
	ck_assert_str_eq(got, text);
}

static inline void assert_saved(const char *path)
{
	struct session *session;
	FILE *file = fopen(path, "r");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(session_read_json(path, file, &session), 0);
	ck_assert_uint_eq(session->n_results, FIXTURE_RESULTS);
	session_free(session);
	fclose(file);
}

static inline int check_said(const char *path, bool force)
{
	struct capture capture = capture_start();
	int err = save_check(path, force);

	capture_end(&capture, said, sizeof(said));
	return err;
}

static inline int save_said(const char *path, bool force)
{
	struct session *session = fixture_session();
	struct capture capture = capture_start();
	int err = save_session(path, force, session);

	capture_end(&capture, said, sizeof(said));
	session_free(session);
	return err;
}

/* By the check before the races and by the save, with one line that names the path. */
static inline void refused(const char *path, bool force, int err, const char *line)
{
	int before = entries(".");

	ck_assert_int_eq(check_said(path, force), err);
	assert_one_line(said, line);
	ck_assert_int_eq(save_said(path, force), err);
	assert_one_line(said, line);
	ck_assert_int_eq(entries("."), before);
}

#endif
