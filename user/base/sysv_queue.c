/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sysv_queue.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/msg.h>
#include <unistd.h>

#include "base/shared_memory.h"
#include "base/sysctl.h"
#include "base/sysv_key.h"

#define OWNER_TYPE 0x7472616365 /* of the message that says whose the queue is */

struct owner_message {
	long type;
	char name[SHARED_MEMORY_NAME];
};

/* The key is for who is killed between the two calls. */
int sysv_queue_make(int *id)
{
	struct owner_message message = { .type = OWNER_TYPE };
	int err = shared_memory_name(getpid(), message.name);

	if (err)
		return err;
	*id = msgget(sysv_key_of(getpid()), IPC_CREAT | IPC_EXCL | 0600);
	/* Somebody else's program has chosen the same number, or we have a queue already. */
	if (*id < 0 && errno == EEXIST)
		*id = msgget(IPC_PRIVATE, 0600);
	if (*id < 0)
		return -errno;
	if (msgsnd(*id, &message, sizeof(message.name), IPC_NOWAIT)) {
		err = -errno;
		sysv_queue_remove(*id);
	}
	return err;
}

void sysv_queue_remove(int id)
{
	msgctl(id, IPC_RMID, NULL);
}

/* Whether it is ours, and its process gone. */
static bool is_signed_by_the_dead(int id)
{
	struct owner_message message;
	ssize_t n = msgrcv(id, &message, sizeof(message.name), 0, MSG_COPY | IPC_NOWAIT);

	return n == (ssize_t)sizeof(message.name) && message.type == OWNER_TYPE &&
	       message.name[sizeof(message.name) - 1] == '\0' &&
	       shared_memory_is_orphan(message.name);
}

/* As the kernel makes a queue, whose maker is gone. */
static bool is_unsigned_by_the_dead(const struct msqid_ds *queue)
{
	return queue->msg_qnum == 0 && queue->msg_lspid == 0 && queue->msg_lrpid == 0 &&
	       sysv_key_is_of_the_dead(queue->msg_perm.__key);
}

void sysv_queue_sweep(uid_t user)
{
	struct msginfo info;
	struct msqid_ds queue = { 0 };
	int last = msgctl(0, MSG_INFO, (struct msqid_ds *)&info);

	for (int index = 0; index <= last; index++) {
		int id = msgctl(index, MSG_STAT, &queue);

		if (id >= 0 && queue.msg_perm.cuid == user &&
		    (is_signed_by_the_dead(id) || is_unsigned_by_the_dead(&queue)))
			sysv_queue_remove(id);
	}
}

/* Whether there is such a queue does not matter: ENOSYS comes before it is looked for. */
static bool can_copy(void)
{
	struct owner_message message;

	return msgrcv(INT_MAX, &message, sizeof(message.name), 0, MSG_COPY | IPC_NOWAIT) >= 0 ||
	       errno != ENOSYS;
}

/* The limits of this IPC namespace, which are the same for root. */
const char *sysv_queue_obstacle(uint64_t bytes)
{
	struct msginfo used;

	if (msgctl(0, MSG_INFO, (struct msqid_ds *)&used) < 0)
		return "the kernel or the container has no System V message queues";
	if (used.msgpool >= sysctl_read("/proc/sys/kernel/msgmni", used.msgpool + 1))
		return "there are as many System V message queues as the limit allows (sysctl "
		       "kernel.msgmni)";
	if (bytes > (uint64_t)sysctl_read("/proc/sys/kernel/msgmax", (long)bytes))
		return "the message is longer than a System V message may be (sysctl "
		       "kernel.msgmax)";
	if (bytes + SHARED_MEMORY_NAME >
	    (uint64_t)sysctl_read("/proc/sys/kernel/msgmnb", (long)bytes + SHARED_MEMORY_NAME))
		return "the message is longer than a System V queue may be (sysctl kernel.msgmnb)";
	if (!can_copy())
		return "the kernel cannot copy a message (MSG_COPY), so nobody could tell a queue "
		       "that was left behind";
	return NULL;
}
