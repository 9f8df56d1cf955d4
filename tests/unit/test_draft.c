/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A save that is killed leaves nothing, or nothing that the next one would not remove. */
#include "session/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "lib/check_main.h"
#include "lib/saving.h"

#define A_DRAFT ".tracebench-0123456789abcdef"

/* ---- A kernel that fails, or kills, at one system call ---- */

static void filter(uint32_t action, int call, const struct scmp_arg_cmp *argument)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (!filter || seccomp_rule_add_array(filter, action, call, argument != NULL, argument) ||
	    seccomp_load(filter))
		_exit(99);
	seccomp_release(filter);
}

static void die_at(int call)
{
	filter(SCMP_ACT_KILL_PROCESS, call, NULL);
}

/* The C library takes the older call where there are no flags. */
static void die_at_rename(void)
{
	die_at(SCMP_SYS(renameat2));
	die_at(SCMP_SYS(renameat));
}

/* As on file systems that cannot make files without a name. */
static void forbid_unnamed_files(void)
{
	const struct scmp_arg_cmp unnamed =
		SCMP_A2(SCMP_CMP_MASKED_EQ, O_TMPFILE & ~O_DIRECTORY, O_TMPFILE & ~O_DIRECTORY);

	filter(SCMP_ACT_ERRNO(EOPNOTSUPP), SCMP_SYS(openat), &unnamed);
}

enum fate { ENDS_WELL, DIES_BEFORE_LINK, DIES_BEFORE_RENAME };

/* Saves to x.json, overwriting it, in a process of its own. */
static void save_and(enum fate fate, bool unnamed)
{
	struct session *session = fixture_session();
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (!unnamed)
			forbid_unnamed_files();
		if (fate == DIES_BEFORE_LINK)
			die_at(SCMP_SYS(linkat));
		if (fate == DIES_BEFORE_RENAME)
			die_at_rename();
		_exit(save_session("x.json", true, session) ? 1 : 0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	if (fate == ENDS_WELL)
		ck_assert_int_eq(status, 0);
	else
		ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
	session_free(session);
}

static bool can_be_unnamed(void)
{
	int fd = open(".", O_TMPFILE | O_WRONLY, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

START_TEST(a_save_killed_before_its_file_has_a_name_leaves_nothing)
{
	enter();
	if (can_be_unnamed()) {
		save_and(DIES_BEFORE_LINK, true);
		ck_assert_int_eq(entries("."), 0);
	}
	leave();
}
END_TEST

START_TEST(a_save_killed_before_it_replaces_leaves_what_the_next_one_removes)
{
	for (int unnamed = 0; unnamed <= 1; unnamed++) {
		enter();
		put_file("x.json", "precious");
		save_and(DIES_BEFORE_RENAME, unnamed);
		assert_untouched("x.json", "precious");
		ck_assert_int_eq(entries("."), 2);
		ck_assert_int_eq(check_said("y.json", false), 0);
		ck_assert_int_eq(entries("."), 1);
		assert_untouched("x.json", "precious");
		leave();
		memcpy(directory + strlen(directory) - 6, "XXXXXX", 6);
	}
}
END_TEST

START_TEST(a_file_system_without_unnamed_files_will_do)
{
	enter();
	save_and(ENDS_WELL, false);
	assert_saved("x.json");
	ck_assert_int_eq(entries("."), 1);
	save_and(ENDS_WELL, false);
	assert_saved("x.json");
	ck_assert_int_eq(entries("."), 1);
	leave();
}
END_TEST

/* Starts a process that has a draft with a name; *name is the only file here. */
static pid_t draft_and_wait(char name[32])
{
	int ends[2];
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		struct draft draft;
		int here = open(".", O_PATH | O_DIRECTORY);

		forbid_unnamed_files();
		if (draft_create(here, &draft) || write(ends[1], draft.name, 32) != 32)
			_exit(1);
		for (;;)
			pause();
	}
	ck_assert_int_eq(read(ends[0], name, 32), 32);
	close(ends[0]);
	close(ends[1]);
	return child;
}

START_TEST(what_a_living_save_writes_to_is_left_alone)
{
	char name[32];
	pid_t child;

	enter();
	child = draft_and_wait(name);
	ck_assert_int_eq(check_said("x.json", false), 0);
	ck_assert_int_eq(access(name, F_OK), 0);
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	ck_assert_int_eq(access(name, F_OK), 0);
	ck_assert_int_eq(check_said("x.json", false), 0);
	ck_assert_int_eq(access(name, F_OK), -1);
	leave();
}
END_TEST

START_TEST(what_is_no_draft_of_ours_is_left_alone)
{
	static const char *const files[] = {
		".tracebench-0123456789abcdeg",	 ".tracebench-0123456789abcde",
		".tracebench-0123456789abcdef0", "tracebench-0123456789abcdef",
		".tracebench-0123456789ABCDEF",	 "precious"
	};
	const int n = sizeof(files) / sizeof(files[0]);

	enter();
	for (int i = 0; i < n; i++)
		put_file(files[i], "precious");
	ck_assert_int_eq(symlink("precious", ".tracebench-1111111111111111"), 0);
	ck_assert_int_eq(mkdir(".tracebench-2222222222222222", 0755), 0);
	ck_assert_int_eq(mkfifo(".tracebench-3333333333333333", 0644), 0);
	ck_assert_int_eq(check_said("x.json", false), 0);
	ck_assert_int_eq(entries("."), n + 3);
	leave();
}
END_TEST

START_TEST(what_another_user_left_is_left_alone)
{
	enter();
	put_file(A_DRAFT, "theirs");
	if (geteuid() == 0) {
		ck_assert_int_eq(chown(A_DRAFT, NOBODY, NOBODY), 0);
		ck_assert_int_eq(check_said("x.json", false), 0);
		assert_untouched(A_DRAFT, "theirs");
		ck_assert_int_eq(chown(A_DRAFT, 0, 0), 0);
	}
	ck_assert_int_eq(check_said("x.json", false), 0);
	ck_assert_int_eq(access(A_DRAFT, F_OK), -1);
	leave();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("draft");

	add_test(suite, a_save_killed_before_its_file_has_a_name_leaves_nothing);
	add_test(suite, a_save_killed_before_it_replaces_leaves_what_the_next_one_removes);
	add_test(suite, a_file_system_without_unnamed_files_will_do);
	add_test(suite, what_a_living_save_writes_to_is_left_alone);
	add_test(suite, what_is_no_draft_of_ours_is_left_alone);
	add_test(suite, what_another_user_left_is_left_alone);
	return run_suite(suite);
}
