/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a dead run left in shared memory is swept, and nothing of anybody else's. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/shared_memory.h"
#include "lib/check_main.h"

static void create(const char *name)
{
	int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);

	ck_assert_msg(fd >= 0, "%s", name);
	close(fd);
}

/* Removes it, and says whether it was there. */
static bool was_there(const char *name)
{
	return shm_unlink(name) == 0;
}

static pid_t dead_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
	return pid;
}

START_TEST(an_orphan_is_swept)
{
	char name[SHARED_MEMORY_NAME];

	ck_assert_int_eq(shared_memory_name(dead_process(), name), 0);
	create(name);
	shared_memory_sweep(geteuid());
	ck_assert(!was_there(name));
}
END_TEST

START_TEST(what_a_living_process_owns_is_left_alone)
{
	char name[SHARED_MEMORY_NAME];

	ck_assert_int_eq(shared_memory_name(getpid(), name), 0);
	create(name);
	shared_memory_sweep(geteuid());
	ck_assert(was_there(name));
}
END_TEST

START_TEST(what_belongs_to_another_user_is_left_alone)
{
	char name[SHARED_MEMORY_NAME];

	ck_assert_int_eq(shared_memory_name(dead_process(), name), 0);
	create(name);
	shared_memory_sweep(geteuid() + 1);
	ck_assert(was_there(name));
}
END_TEST

START_TEST(other_names_and_other_namespaces_are_left_alone)
{
	char names[3][SHARED_MEMORY_NAME];
	pid_t dead = dead_process();

	snprintf(names[0], SHARED_MEMORY_NAME, "/tracebench.1.%d", dead);
	snprintf(names[1], SHARED_MEMORY_NAME, "/tracebench-%d", dead);
	ck_assert_int_eq(shared_memory_name(dead, names[2]), 0);
	snprintf(names[2] + strlen(names[2]), 3, "x");
	for (int i = 0; i < 3; i++)
		create(names[i]);
	shared_memory_sweep(geteuid());
	for (int i = 0; i < 3; i++)
		ck_assert_msg(was_there(names[i]), "%s", names[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("shared memory");

	add_test(suite, an_orphan_is_swept);
	add_test(suite, what_a_living_process_owns_is_left_alone);
	add_test(suite, what_belongs_to_another_user_is_left_alone);
	add_test(suite, other_names_and_other_namespaces_are_left_alone);
	return run_suite(suite);
}
