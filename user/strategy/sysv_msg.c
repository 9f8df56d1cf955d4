/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A System V message queue, shared by all: msgsnd(2) waits while it is full (kernel.msgmnb, 16 KiB
 * as a rule, whatever the messages are). It has no name and outlives its process, so it says whose
 * it is (base/sysv_queue.h), and what a killed race leaves is swept by the engine.
 */
#include <errno.h>
#include <sys/msg.h>

#include "base/sysv_queue.h"
#include "strategy/message.h"
#include "strategy/strategy.h"

/* As the calls want it; the words of the message are those of strategy/message.h. */
struct envelope {
	long type;
	uint64_t words[];
};

/* Followed by an envelope of each worker, and one of the owner. */
struct sysv_msg {
	int id;
} RACE_PADDED;

static size_t envelope_stride(const struct race *race)
{
	return message_stride(race) + RACE_PADDING;
}

static struct envelope *envelope_of(const struct race *race, unsigned int task)
{
	return (void *)((char *)race->object + sizeof(struct sysv_msg) +
			task * envelope_stride(race));
}

static size_t object_size(const struct race *race)
{
	return sizeof(struct sysv_msg) + (race->workers + 1) * envelope_stride(race);
}

static const char *unsupported(void)
{
	return sysv_queue_obstacle(RACE_MESSAGE_MIN);
}

static int setup(struct race *race)
{
	struct sysv_msg *object = race->object;

	return sysv_queue_make(&object->id);
}

RACE_INLINE int send_batch(struct worker *worker, uint64_t count)
{
	const struct race *race = worker->race;
	const struct sysv_msg *object = race->object;
	struct envelope *envelope = envelope_of(race, worker->index);
	int ret;

	envelope->type = SYSV_QUEUE_TYPE;
	message_write(envelope->words, race->message, count, message_stamp(worker));
	do {
		ret = msgsnd(object->id, envelope, race->message, 0);
	} while (ret && errno == EINTR);
	return ret ? -errno : 0;
}

static int work(struct worker *worker)
{
	return race_in_messages(worker, send_batch);
}

static int own(struct worker *owner)
{
	struct race *race = owner->race;
	const struct sysv_msg *object = race->object;
	struct envelope *envelope = envelope_of(race, race->workers);
	struct message_sum sum = { .owner = owner };
	int err = 0;

	while (!err && sum.ended < race->workers) {
		ssize_t n = msgrcv(object->id, envelope, race->message, SYSV_QUEUE_TYPE, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n != (ssize_t)race->message)
			err = n < 0 ? -errno : -EBADMSG;
		else
			err = message_add(&sum, envelope->words, race->message);
	}
	race->counter = sum.count;
	return err;
}

static void teardown(struct race *race)
{
	const struct sysv_msg *object = race->object;

	sysv_queue_remove(object->id);
}

const struct strategy strategy_sysv_msg = {
	.name = "sysv-msg",
	.summary = "a System V message queue",
	.family = FAMILY_MESSAGE,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.takes_message = true,
	.object_size = object_size,
	.unsupported = unsupported,
	.message_obstacle = sysv_queue_obstacle,
	.setup = setup,
	.work = work,
	.own = own,
	.teardown = teardown,
};
