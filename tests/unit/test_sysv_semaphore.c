/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a dead run left of System V semaphores is swept, and nothing of anybody else's. */
#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sysv_semaphore.h"
#include "lib/check_main.h"

/* As long as ours are, and signed by another word. */
#define SET_LENGTH 11

union semun {
	int val;
	unsigned short *array;
};

/* Removes it, and says whether it was there. */
static bool was_there(int id)
{
	return semctl(id, 0, IPC_RMID) == 0;
}

/* Runs `make` in a process that ends without removing what it made. */
static int made_by_the_dead(int (*make)(void))
{
	int ends[2];
	int id;
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		id = make();
		_exit(write(ends[1], &id, sizeof(id)) != sizeof(id));
	}
	ck_assert_int_eq(read(ends[0], &id, sizeof(id)), sizeof(id));
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	close(ends[0]);
	close(ends[1]);
	return id;
}

static int make_ours(void)
{
	int id;

	return sysv_semaphore_make(3, &id) ? -1 : id;
}

static int make_like_ours(void)
{
	unsigned short values[SET_LENGTH] = { 1, 't', 'r', 'a', 'c', 'e', 'b', 'a', 'n', 'c', 'h' };
	int id = semget(IPC_PRIVATE, SET_LENGTH, 0600);

	return semctl(id, 0, SETALL, (union semun){ .array = values }) ? -1 : id;
}

static int make_longer(void)
{
	unsigned short values[SET_LENGTH + 1] = { 1,   't', 'r', 'a', 'c', 'e',
						  'b', 'e', 'n', 'c', 'h', 0 };
	int id = semget(IPC_PRIVATE, SET_LENGTH + 1, 0600);

	return semctl(id, 0, SETALL, (union semun){ .array = values }) ? -1 : id;
}

START_TEST(it_has_its_permits)
{
	int id = make_ours();

	ck_assert_int_eq(semctl(id, SYSV_SEMAPHORE, GETVAL), 3);
	sysv_semaphore_remove(id);
	ck_assert(!was_there(id));
}
END_TEST

START_TEST(an_orphan_is_swept)
{
	int id = made_by_the_dead(make_ours);

	ck_assert_int_ge(id, 0);
	sysv_semaphore_sweep(geteuid());
	ck_assert(!was_there(id));
}
END_TEST

/* Whoever used it last does not own it. */
START_TEST(what_a_living_process_owns_is_left_alone)
{
	struct sembuf take = { .sem_num = SYSV_SEMAPHORE, .sem_op = -1 };
	int id = make_ours();
	pid_t pid = fork();

	if (pid == 0)
		_exit(semop(id, &take, 1) != 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(semctl(id, SYSV_SEMAPHORE, GETVAL), 2);
	sysv_semaphore_sweep(geteuid());
	ck_assert(was_there(id));
}
END_TEST

START_TEST(what_belongs_to_another_user_is_left_alone)
{
	int id = made_by_the_dead(make_ours);

	sysv_semaphore_sweep(geteuid() + 1);
	ck_assert(was_there(id));
}
END_TEST

/* A maker who gets no further than the set itself. */
static int make_unsigned(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int id;

	if (!filter || seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINTR), SCMP_SYS(semctl), 0) ||
	    seccomp_load(filter))
		_exit(1);
	seccomp_release(filter);
	sysv_semaphore_make(3, &id);
	return id;
}

START_TEST(one_whose_maker_was_killed_before_he_signed_is_swept)
{
	int id = made_by_the_dead(make_unsigned);

	ck_assert_int_ge(id, 0);
	ck_assert_int_eq(semctl(id, 1, GETVAL), 0);
	sysv_semaphore_sweep(geteuid());
	ck_assert(!was_there(id));
}
END_TEST

START_TEST(one_whose_maker_has_not_signed_yet_is_left_alone)
{
	int id, to_parent[2], to_child[2];
	pid_t pid;
	char byte;

	ck_assert_int_eq(pipe(to_parent) || pipe(to_child), 0);
	pid = fork();
	if (pid == 0) {
		id = make_unsigned();
		_exit(write(to_parent[1], &id, sizeof(id)) != sizeof(id) ||
		      read(to_child[0], &byte, 1) != 1);
	}
	ck_assert_int_eq(read(to_parent[0], &id, sizeof(id)), sizeof(id));
	sysv_semaphore_sweep(geteuid());
	ck_assert(was_there(id));
	ck_assert_int_eq(write(to_child[1], "", 1), 1);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST

START_TEST(sets_that_are_not_signed_so_are_left_alone)
{
	int ids[] = { made_by_the_dead(make_like_ours), made_by_the_dead(make_longer) };

	sysv_semaphore_sweep(geteuid());
	for (int i = 0; i < 2; i++)
		ck_assert_msg(was_there(ids[i]), "set %d", i);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("System V semaphores");

	if (sysv_semaphore_obstacle()) {
		printf("1..0 # SKIP %s\n", sysv_semaphore_obstacle());
		return EXIT_SUCCESS;
	}
	add_test(suite, it_has_its_permits);
	add_test(suite, an_orphan_is_swept);
	add_test(suite, what_a_living_process_owns_is_left_alone);
	add_test(suite, what_belongs_to_another_user_is_left_alone);
	add_test(suite, one_whose_maker_was_killed_before_he_signed_is_swept);
	add_test(suite, one_whose_maker_has_not_signed_yet_is_left_alone);
	add_test(suite, sets_that_are_not_signed_so_are_left_alone);
	return run_suite(suite);
}
