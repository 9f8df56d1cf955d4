/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Root's file is root's, though the run is not root's any more when it saves. */
#include "session/saver.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/privilege.h"
#include "lib/check_main.h"
#include "lib/saving.h"

static struct saver saver;

static int start_said(bool keep_root)
{
	struct capture capture = capture_start();
	int err = saver_start(&saver, "x.json", false, keep_root);

	capture_end(&capture, said, sizeof(said));
	return err;
}

static int write_session(const void *session, FILE *out)
{
	return session_write_json(session, out);
}

static int saver_save_said(void)
{
	struct session *session = fixture_session();
	struct capture capture = capture_start();
	int err = saver_save(&saver, write_session, session);

	capture_end(&capture, said, sizeof(said));
	session_free(session);
	return err;
}

/* As a run does: a process that starts a saver, gives up root, and then ends as told. */
static int run_that(int (*ends)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (start_said(false) || privilege_narrow(PRIVILEGE_NONE))
			_exit(99);
		_exit(ends());
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return status;
}

static int saves(void)
{
	int err = saver_save_said();

	saver_end(&saver);
	return err ? 1 : 0;
}

START_TEST(what_root_saves_is_roots_wherever_root_may_write)
{
	struct stat status;

	enter();
	ck_assert_int_eq(chown(directory, 4711, 4711), 0);
	ck_assert_int_eq(chmod(directory, 0700), 0);
	ck_assert_int_eq(run_that(saves), 0);
	assert_saved("x.json");
	ck_assert_int_eq(stat("x.json", &status), 0);
	ck_assert_uint_eq(status.st_uid, 0);
	ck_assert_int_eq(entries("."), 1);
	leave();
}
END_TEST

START_TEST(it_is_needed_by_root_alone_and_only_where_root_is_given_up)
{
	enter();
	ck_assert_int_eq(start_said(false), 0);
	ck_assert_int_gt(saver.pid, 0);
	saver_end(&saver);
	ck_assert_int_eq(start_said(true), 0);
	ck_assert_int_eq(saver.pid, 0);
	setenv("SUDO_UID", "4711", 1);
	setenv("SUDO_GID", "4711", 1);
	ck_assert_int_eq(chown(directory, 4711, 4711), 0);
	ck_assert_int_eq(start_said(false), 0);
	ck_assert_int_eq(saver.pid, 0);
	ck_assert_int_eq(entries("."), 0);
	leave();
}
END_TEST

START_TEST(what_cannot_be_saved_starts_nothing)
{
	enter();
	put_file("x.json", "precious");
	ck_assert_int_eq(start_said(false), -EEXIST);
	ck_assert_int_eq(saver.pid, 0);
	assert_one_line(said, "tracebench: x.json: exists; use --force to overwrite\n");
	leave();
}
END_TEST

START_TEST(what_fails_is_said_and_passed_on)
{
	struct session *session = fixture_session();
	struct capture capture;
	int err;

	enter();
	/* The saver says it, where the run did when it was started. */
	capture = capture_start();
	err = saver_start(&saver, "x.json", false, false);
	put_file("x.json", "precious");
	if (!err)
		err = saver_save(&saver, write_session, session);
	capture_end(&capture, said, sizeof(said));
	session_free(session);
	ck_assert_int_eq(err, -EEXIST);
	assert_one_line(said, "tracebench: x.json: exists; use --force to overwrite\n");
	assert_untouched("x.json", "precious");
	saver_end(&saver);
	leave();
}
END_TEST

START_TEST(a_saver_that_is_killed_costs_the_file_and_not_the_run)
{
	enter();
	ck_assert_int_eq(start_said(false), 0);
	kill(saver.pid, SIGKILL);
	ck_assert_int_eq(saver_save_said(), -EPIPE);
	assert_one_line(said, "tracebench: x.json: cannot be written: the process that was to do");
	saver_end(&saver);
	ck_assert_int_eq(entries("."), 0);
	leave();
}
END_TEST

static int is_killed(void)
{
	return raise(SIGKILL);
}

START_TEST(a_run_that_is_killed_leaves_no_saver_and_no_file)
{
	enter();
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	ck_assert(WIFSIGNALED(run_that(is_killed)));
	/* Orphaned, it has come to us, and ends by itself. */
	ck_assert_int_gt(wait(NULL), 0);
	ck_assert_int_eq(wait(NULL), -1);
	ck_assert_int_eq(entries("."), 0);
	leave();
}
END_TEST

int main(void)
{
	Suite *suite;

	if (geteuid() != 0) {
		printf("1..0 # SKIP only root has root's rights to keep\n");
		return EXIT_SUCCESS;
	}
	suite = suite_create("saver");
	add_test(suite, what_root_saves_is_roots_wherever_root_may_write);
	add_test(suite, it_is_needed_by_root_alone_and_only_where_root_is_given_up);
	add_test(suite, what_cannot_be_saved_starts_nothing);
	add_test(suite, what_fails_is_said_and_passed_on);
	add_test(suite, a_saver_that_is_killed_costs_the_file_and_not_the_run);
	add_test(suite, a_run_that_is_killed_leaves_no_saver_and_no_file);
	return run_suite(suite);
}
