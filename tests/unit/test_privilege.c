/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a process has after it gave up its rights, as the kernel tells. */
#include "base/privilege.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/check_main.h"

#define NOBODY 65534

/* A line of /proc/self/status behind its name, blanks made one, without those at the ends. */
static void status_line(const char *name, char value[256])
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256] = "";
	size_t length = 0;

	while (file && strncmp(line, name, strlen(name)) != 0)
		if (!fgets(line, sizeof(line), file))
			ck_abort_msg("no %s in /proc/self/status", name);
	fclose(file);
	for (const char *word = strtok(line + strlen(name), ": \t\n"); word;
	     word = strtok(NULL, " \t\n"))
		length += (size_t)snprintf(value + length, 256 - length, "%s%s", length ? " " : "",
					   word);
	value[length] = '\0';
}

static void assert_status(const char *name, const char *want)
{
	char got[256];

	status_line(name, got);
	ck_assert_msg(strcmp(got, want) == 0, "%s: got %s, want %s", name, got, want);
}

static void assert_capabilities(uint64_t set)
{
	char want[17];

	snprintf(want, sizeof(want), "%016llx", (unsigned long long)set);
	assert_status("CapPrm", want);
	assert_status("CapEff", want);
	assert_status("CapInh", "0000000000000000");
	assert_status("CapAmb", "0000000000000000");
	assert_status("NoNewPrivs", "1");
	if (geteuid() == 0)
		assert_status("CapBnd", "0000000000000000");
}

/* check gives each test a process of its own, so it may do this to itself. */
START_TEST(root_becomes_nobody_with_what_it_is_to_keep)
{
	ck_assert_int_eq(privilege_narrow(PRIVILEGE_TRACING), 0);
	assert_capabilities(PRIVILEGE_TRACING);
	assert_status("CapBnd", "0000000000000000");
	assert_status("Uid", "65534 65534 65534 65534");
	assert_status("Gid", "65534 65534 65534 65534");
	assert_status("Groups", "");
	ck_assert_int_eq(seteuid(0), -1);
	ck_assert_int_eq(privilege_narrow(PRIVILEGE_NONE), 0);
	assert_capabilities(PRIVILEGE_NONE);
	/* What is gone cannot be kept. */
	ck_assert_int_eq(privilege_narrow(PRIVILEGE_TRACING), 0);
	assert_capabilities(PRIVILEGE_NONE);
}
END_TEST

START_TEST(by_way_of_sudo_it_becomes_the_caller)
{
	setenv("SUDO_UID", "4711", 1);
	setenv("SUDO_GID", "4712", 1);
	ck_assert_int_eq(privilege_narrow(PRIVILEGE_NONE), 0);
	assert_capabilities(PRIVILEGE_NONE);
	assert_status("Uid", "4711 4711 4711 4711");
	assert_status("Gid", "4712 4712 4712 4712");
	assert_status("Groups", "4712");
}
END_TEST

START_TEST(what_sudo_cannot_have_said_makes_it_nobody)
{
	setenv("SUDO_UID", "4711", 1);
	setenv("SUDO_GID", "wheel", 1);
	ck_assert_int_eq(privilege_narrow(PRIVILEGE_NONE), 0);
	assert_status("Uid", "65534 65534 65534 65534");
}
END_TEST

/* As of a program file with the set-user-ID bit: the environment is its caller's. */
START_TEST(with_a_set_user_id_bit_it_becomes_its_real_user)
{
	setenv("SUDO_UID", "4711", 1);
	setenv("SUDO_GID", "4712", 1);
	ck_assert_int_eq(setresgid(4713, 0, 0), 0);
	ck_assert_int_eq(setresuid(4714, 0, 0), 0);
	ck_assert_int_eq(privilege_narrow(PRIVILEGE_NONE), 0);
	assert_status("Uid", "4714 4714 4714 4714");
	assert_status("Gid", "4713 4713 4713 4713");
}
END_TEST

START_TEST(root_may_stay_root_in_name)
{
	ck_assert_int_eq(privilege_limit(PRIVILEGE_FILES), 0);
	assert_capabilities(PRIVILEGE_FILES);
	assert_status("Uid", "0 0 0 0");
}
END_TEST

START_TEST(who_may_not_become_another_is_told)
{
	/* Root without the right to change users, as in some containers. */
	ck_assert_int_eq(privilege_limit(PRIVILEGE_NONE), 0);
	ck_assert_int_eq(privilege_narrow(PRIVILEGE_NONE), -EPERM);
}
END_TEST

START_TEST(an_ordinary_user_stays_that)
{
	char before[256];

	if (geteuid() == 0)
		ck_assert_int_eq(setresuid(NOBODY, NOBODY, NOBODY), 0);
	status_line("Uid", before);
	ck_assert_int_eq(privilege_narrow(PRIVILEGE_TRACING), 0);
	assert_capabilities(PRIVILEGE_NONE);
	assert_status("Uid", before);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("privilege");

	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
	add_test(suite, an_ordinary_user_stays_that);
	if (geteuid() == 0) {
		add_test(suite, root_becomes_nobody_with_what_it_is_to_keep);
		add_test(suite, by_way_of_sudo_it_becomes_the_caller);
		add_test(suite, what_sudo_cannot_have_said_makes_it_nobody);
		add_test(suite, with_a_set_user_id_bit_it_becomes_its_real_user);
		add_test(suite, root_may_stay_root_in_name);
		add_test(suite, who_may_not_become_another_is_told);
	}
	return run_suite(suite);
}
