/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a dead run left of System V queues is swept, and nothing of anybody else's. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sysv_key.h"
#include "base/sysv_queue.h"
#include "lib/check_main.h"

struct text_message {
	long type;
	char text[64];
};

static bool available(void)
{
	return !sysv_queue_obstacle(8);
}

/* Removes it, and says whether it was there. */
static bool was_there(int id)
{
	return msgctl(id, IPC_RMID, NULL) == 0;
}

/* As one that is killed before it can sign it leaves it. */
static int make_unsigned(int *id)
{
	*id = msgget(sysv_key_of(getpid()), IPC_CREAT | IPC_EXCL | 0600);
	return *id < 0;
}

/* One that a process made which is gone. */
static int made_by_the_dead(int (*make)(int *id))
{
	int ends[2], id = -1;
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		int made = -1;

		_exit(make(&made) || write(ends[1], &made, sizeof(made)) < 0);
	}
	ck_assert_int_eq(read(ends[0], &id, sizeof(id)), (int)sizeof(id));
	waitpid(pid, NULL, 0);
	close(ends[0]);
	close(ends[1]);
	return id;
}

static int orphan(void)
{
	return made_by_the_dead(sysv_queue_make);
}

START_TEST(one_that_was_not_signed_yet_is_swept)
{
	int id;

	if (!available())
		return;
	id = made_by_the_dead(make_unsigned);
	sysv_queue_sweep(geteuid());
	ck_assert(!was_there(id));
}
END_TEST

START_TEST(one_that_is_about_to_be_signed_is_left_alone)
{
	int id = -1;

	if (!available())
		return;
	ck_assert_int_eq(make_unsigned(&id), 0);
	sysv_queue_sweep(geteuid());
	ck_assert(was_there(id));
}
END_TEST

START_TEST(an_orphan_is_swept)
{
	int id;

	if (!available())
		return;
	id = orphan();
	sysv_queue_sweep(geteuid());
	ck_assert(!was_there(id));
}
END_TEST

START_TEST(an_orphan_with_messages_in_it_is_swept)
{
	struct text_message message = { .type = SYSV_QUEUE_TYPE };
	int id;

	if (!available())
		return;
	id = orphan();
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(msgsnd(id, &message, sizeof(message.text), 0), 0);
	ck_assert_int_gt(msgrcv(id, &message, sizeof(message.text), SYSV_QUEUE_TYPE, 0), 0);
	sysv_queue_sweep(geteuid());
	ck_assert(!was_there(id));
}
END_TEST

START_TEST(what_a_living_process_owns_is_left_alone_and_so_are_its_messages)
{
	struct msqid_ds before, after;
	int id = -1;

	if (!available())
		return;
	ck_assert_int_eq(sysv_queue_make(&id), 0);
	ck_assert_int_eq(msgctl(id, IPC_STAT, &before), 0);
	sysv_queue_sweep(geteuid());
	ck_assert_int_eq(msgctl(id, IPC_STAT, &after), 0);
	ck_assert_uint_eq(before.msg_qnum, after.msg_qnum);
	ck_assert(was_there(id));
}
END_TEST

START_TEST(what_belongs_to_another_user_is_left_alone)
{
	int id;

	if (!available())
		return;
	id = orphan();
	sysv_queue_sweep(geteuid() + 1);
	ck_assert(was_there(id));
}
END_TEST

/* Empty; with another first message; with our kind of message, but of another pid namespace. */
START_TEST(queues_of_others_and_of_other_namespaces_are_left_alone)
{
	struct text_message messages[] = {
		{ .type = 1, .text = "somebody else's" },
		{ .type = 0x7472616365, .text = "somebody else's" },
		{ .type = 0x7472616365, .text = "/tracebench.1.999999999" },
	};
	int ids[4];

	if (!available())
		return;
	for (size_t i = 0; i < 4; i++) {
		ids[i] = msgget(IPC_PRIVATE, 0600);
		ck_assert_int_ge(ids[i], 0);
		if (i < 3)
			ck_assert_int_eq(msgsnd(ids[i], &messages[i], sizeof(messages[i].text), 0),
					 0);
	}
	sysv_queue_sweep(geteuid());
	for (size_t i = 0; i < 4; i++)
		ck_assert_msg(was_there(ids[i]), "%zu", i);
}
END_TEST

START_TEST(a_message_that_is_too_long_names_the_limit)
{
	if (!available())
		return;
	ck_assert_ptr_nonnull(strstr(sysv_queue_obstacle(1UL << 40), "kernel.msgmax"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("System V queues");

	add_test(suite, one_that_was_not_signed_yet_is_swept);
	add_test(suite, one_that_is_about_to_be_signed_is_left_alone);
	add_test(suite, an_orphan_is_swept);
	add_test(suite, an_orphan_with_messages_in_it_is_swept);
	add_test(suite, what_a_living_process_owns_is_left_alone_and_so_are_its_messages);
	add_test(suite, what_belongs_to_another_user_is_left_alone);
	add_test(suite, queues_of_others_and_of_other_namespaces_are_left_alone);
	add_test(suite, a_message_that_is_too_long_names_the_limit);
	return run_suite(suite);
}
