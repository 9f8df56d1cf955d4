/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/save.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lib/check_main.h"
#include "lib/fixture.h"
#include "lib/saving.h"

START_TEST(a_new_file_is_saved_whole)
{
	struct stat status;

	enter();
	ck_assert_int_eq(check_said("new.json", false), 0);
	ck_assert_int_eq(entries("."), 0);
	ck_assert_int_eq(save_said("new.json", false), 0);
	ck_assert_str_eq(said, "");
	assert_saved("new.json");
	ck_assert_int_eq(entries("."), 1);
	ck_assert_int_eq(stat("new.json", &status), 0);
	ck_assert_uint_eq(status.st_mode, S_IFREG | 0644);
	leave();
}
END_TEST

START_TEST(the_umask_is_honoured)
{
	struct stat status;

	enter();
	umask(077);
	ck_assert_int_eq(save_said("new.json", false), 0);
	ck_assert_int_eq(stat("new.json", &status), 0);
	ck_assert_uint_eq(status.st_mode, S_IFREG | 0600);
	leave();
}
END_TEST

START_TEST(a_path_with_directories_is_followed_to_its_end)
{
	char absolute[64];

	enter();
	mkdir("sub", 0755);
	ck_assert_int_eq(save_said("sub/new.json", false), 0);
	assert_saved("sub/new.json");
	snprintf(absolute, sizeof(absolute), "%s/sub/other.json", directory);
	ck_assert_int_eq(save_said(absolute, false), 0);
	assert_saved("sub/other.json");
	leave();
}
END_TEST

START_TEST(an_existing_file_needs_force)
{
	enter();
	put_file("old.json", "precious");
	refused("old.json", false, -EEXIST,
		"tracebench: old.json: exists; use --force to overwrite\n");
	assert_untouched("old.json", "precious");
	ck_assert_int_eq(check_said("old.json", true), 0);
	ck_assert_int_eq(save_said("old.json", true), 0);
	assert_saved("old.json");
	ck_assert_int_eq(entries("."), 1);
	leave();
}
END_TEST

START_TEST(a_link_is_refused_whatever_it_points_to)
{
	enter();
	put_file("precious", "precious");
	ck_assert_int_eq(symlink("precious", "link"), 0);
	ck_assert_int_eq(symlink("nowhere", "dangling"), 0);
	for (int force = 0; force <= 1; force++) {
		refused("link", force, -ELOOP, "tracebench: link: is a symbolic link");
		refused("dangling", force, -ELOOP, "tracebench: dangling: is a symbolic link");
	}
	assert_untouched("precious", "precious");
	ck_assert_int_ne(access("nowhere", F_OK), 0);
	leave();
}
END_TEST

START_TEST(what_is_no_regular_file_is_refused)
{
	enter();
	mkdir("sub", 0755);
	ck_assert_int_eq(mkfifo("fifo", 0666), 0);
	for (int force = 0; force <= 1; force++) {
		refused("sub", force, -EISDIR, "tracebench: sub: is a directory\n");
		refused("sub/", force, -EISDIR, "tracebench: sub/: names no file\n");
		refused("", force, -EISDIR, "tracebench: : names no file\n");
		refused(".", force, -EISDIR, "tracebench: .: is a directory\n");
		refused("fifo", force, -EINVAL, "tracebench: fifo: is not a regular file\n");
		refused("/dev/full", force, -EINVAL,
			"tracebench: /dev/full: is not a regular file\n");
	}
	leave();
}
END_TEST

START_TEST(a_directory_that_cannot_be_used_is_named)
{
	char name[300];

	enter();
	put_file("file", "text");
	refused("none/x.json", false, -ENOENT,
		"tracebench: none/x.json: cannot use directory 'none/': No such file");
	refused("file/x.json", false, -ENOTDIR,
		"tracebench: file/x.json: cannot use directory 'file/': Not a directory\n");
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	refused(name, false, -ENAMETOOLONG, "tracebench: nnn");
	leave();
}
END_TEST

START_TEST(a_directory_without_the_right_to_write_is_refused)
{
	const bool root = geteuid() == 0;

	enter();
	ck_assert_int_eq(chmod(directory, 0555), 0);
	if (root)
		ck_assert_int_eq(seteuid(NOBODY), 0);
	refused("x.json", false, -EACCES, "tracebench: x.json: user ");
	ck_assert_ptr_nonnull(strstr(said, "cannot write to directory './': Permission denied"));
	if (root)
		ck_assert_int_eq(seteuid(0), 0);
	ck_assert_int_eq(chmod(directory, 0755), 0);
	leave();
}
END_TEST

START_TEST(a_file_that_came_into_being_meanwhile_is_left_alone)
{
	enter();
	ck_assert_int_eq(check_said("late.json", false), 0);
	put_file("late.json", "precious");
	ck_assert_int_eq(save_said("late.json", false), -EEXIST);
	assert_one_line(said, "tracebench: late.json: exists; use --force to overwrite\n");
	assert_untouched("late.json", "precious");
	ck_assert_int_eq(entries("."), 1);
	leave();
}
END_TEST

/* Many at once, of whom exactly one may win: a check alone would let several. */
START_TEST(only_one_of_many_gets_a_name)
{
	enum { SAVERS = 8, ROUNDS = 10 };
	struct session *session = fixture_session();

	enter();
	for (int round = 0; round < ROUNDS; round++) {
		int won = 0, status;

		for (int i = 0; i < SAVERS; i++) {
			if (fork() == 0) {
				close(STDERR_FILENO);
				_exit(save_session("x.json", false, session) ? 1 : 0);
			}
		}
		while (wait(&status) > 0)
			won += status == 0;
		ck_assert_int_eq(won, 1);
		assert_saved("x.json");
		ck_assert_int_eq(entries("."), 1);
		unlink("x.json");
	}
	session_free(session);
	leave();
}
END_TEST

static void limit_files(rlim_t bytes)
{
	const struct rlimit limit = { bytes, bytes };

	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

START_TEST(a_failed_write_leaves_nothing)
{
	pid_t child;
	int status;

	enter();
	put_file("old.json", "precious");
	child = fork();
	if (child == 0) {
		struct session *session = fixture_session();

		close(STDERR_FILENO);
		signal(SIGXFSZ, SIG_IGN);
		limit_files(8192);
		_exit(save_session("old.json", true, session) == -EFBIG ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	assert_untouched("old.json", "precious");
	ck_assert_int_eq(entries("."), 1);
	leave();
}
END_TEST

START_TEST(a_signal_about_the_size_leaves_nothing)
{
	pid_t child;
	int status;

	enter();
	child = fork();
	if (child == 0) {
		struct session *session = fixture_session();

		close(STDERR_FILENO);
		signal(SIGXFSZ, SIG_DFL);
		limit_files(8192);
		save_session("new.json", false, session);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGXFSZ);
	ck_assert_int_eq(entries("."), 0);
	leave();
}
END_TEST

static pid_t start_saving(const struct session *session)
{
	pid_t child = fork();

	while (child == 0)
		save_session("x.json", true, session);
	ck_assert_int_gt(child, 0);
	return child;
}

/* Ends a process that keeps overwriting x.json, at so many moments. */
static void end_saving_by(int signal_number)
{
	struct session *session = fixture_session();

	for (int i = 0; i < 40; i++) {
		pid_t child = start_saving(session);
		int status;

		usleep((useconds_t)(2000 + 331 * i));
		kill(child, signal_number);
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert(WIFSIGNALED(status));
		assert_saved("x.json");
		/* What has no time to tidy up is tidied up after. */
		if (signal_number == SIGKILL)
			ck_assert_int_eq(check_said("x.json", true), 0);
		ck_assert_int_eq(entries("."), 1);
	}
	session_free(session);
}

START_TEST(an_interruption_leaves_the_whole_file_and_no_other)
{
	enter();
	/* check's own handler, inherited, would end this process too. */
	signal(SIGTERM, SIG_DFL);
	ck_assert_int_eq(save_said("x.json", false), 0);
	end_saving_by(SIGTERM);
	end_saving_by(SIGKILL);
	leave();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("save");

	add_test(suite, a_new_file_is_saved_whole);
	add_test(suite, the_umask_is_honoured);
	add_test(suite, a_path_with_directories_is_followed_to_its_end);
	add_test(suite, an_existing_file_needs_force);
	add_test(suite, a_link_is_refused_whatever_it_points_to);
	add_test(suite, what_is_no_regular_file_is_refused);
	add_test(suite, a_directory_that_cannot_be_used_is_named);
	add_test(suite, a_directory_without_the_right_to_write_is_refused);
	add_test(suite, a_file_that_came_into_being_meanwhile_is_left_alone);
	add_test(suite, only_one_of_many_gets_a_name);
	add_test(suite, a_failed_write_leaves_nothing);
	add_test(suite, a_signal_about_the_size_leaves_nothing);
	add_test(suite, an_interruption_leaves_the_whole_file_and_no_other);
	return run_suite(suite);
}
