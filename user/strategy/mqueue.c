/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A POSIX message queue (mq_overview(7)), shared by all: mq_send waits while it is full, which it is
 * with fs.mqueue.msg_max messages, 10 as a rule. Its name is removed as soon as it is open; workers
 * have the descriptor from the arena. The name says whose it is, so that the engine can sweep what a
 * race leaves that was killed in between.
 */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <unistd.h>

#include "base/shared_memory.h"
#include "base/sysctl.h"
#include "strategy/message.h"
#include "strategy/strategy.h"

/* What an ordinary user may have where nobody changed the limit. */
#define LENGTH 10

struct mqueue {
	mqd_t queue;
	RACE_PADDED char messages[]; /* of each worker; then the owner's */
};

static size_t object_size(const struct race *race)
{
	return sizeof(struct mqueue) + (race->workers + 1) * message_stride(race);
}

/* Opens one without a name. Returns 0 or a negative errno. */
static int open_queue(uint64_t bytes, mqd_t *queue)
{
	long length = sysctl_read("/proc/sys/fs/mqueue/msg_max", LENGTH);
	struct mq_attr attributes = { .mq_maxmsg = length < LENGTH ? length : LENGTH,
				      .mq_msgsize = (long)bytes };
	char name[SHARED_MEMORY_NAME];
	int err = shared_memory_name(getpid(), name);

	if (err)
		return err;
	*queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &attributes);
	if (*queue < 0)
		return -errno;
	mq_unlink(name);
	return 0;
}

/* Root may go beyond the first of the limits, so it is read; the others are met by trying. */
static const char *message_obstacle(uint64_t bytes)
{
	mqd_t queue;
	int err;

	if ((long)bytes > sysctl_read("/proc/sys/fs/mqueue/msgsize_max", (long)bytes))
		return "the message is longer than a user's may be (sysctl fs.mqueue.msgsize_max)";
	err = open_queue(bytes, &queue);
	if (err == -EMFILE)
		return "the user's queues would take more memory than RLIMIT_MSGQUEUE allows "
		       "(ulimit -q), or no descriptor is left (ulimit -n)";
	if (err == -ENOSPC)
		return "there are as many queues as the limit allows (sysctl "
		       "fs.mqueue.queues_max)";
	if (err)
		return "the kernel has no POSIX message queues, or does not let us use them";
	mq_close(queue);
	return NULL;
}

static const char *unsupported(void)
{
	return message_obstacle(RACE_MESSAGE_MIN);
}

static int setup(struct race *race)
{
	struct mqueue *object = race->object;

	return open_queue(race->message, &object->queue);
}

RACE_INLINE int send_batch(struct worker *worker, uint64_t count)
{
	struct mqueue *object = worker->race->object;
	const void *message = message_compose(worker, object->messages, count);

	while (mq_send(object->queue, message, worker->race->message, 0))
		if (errno != EINTR)
			return -errno;
	return 0;
}

static int work(struct worker *worker)
{
	return race_in_messages(worker, send_batch);
}

static int own(struct worker *owner)
{
	struct race *race = owner->race;
	struct mqueue *object = race->object;
	void *buffer = object->messages + race->workers * message_stride(race);
	struct message_sum sum = { .owner = owner };
	int err = 0;

	while (!err && sum.ended < race->workers) {
		ssize_t n = mq_receive(object->queue, buffer, race->message, NULL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n != (ssize_t)race->message)
			err = n < 0 ? -errno : -EBADMSG;
		else
			err = message_add(&sum, buffer, race->message);
	}
	race->counter = sum.count;
	return err;
}

static void teardown(struct race *race)
{
	const struct mqueue *object = race->object;

	mq_close(object->queue);
}

const struct strategy strategy_mqueue = {
	.name = "mqueue",
	.summary = "a POSIX message queue",
	.family = FAMILY_MESSAGE,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.takes_message = true,
	.object_size = object_size,
	.unsupported = unsupported,
	.message_obstacle = message_obstacle,
	.setup = setup,
	.work = work,
	.own = own,
	.teardown = teardown,
};
