/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages over one pair of connected sockets that keep their borders (socketpair(2),
 * SOCK_SEQPACKET): all workers send at one end, the owner receives them one by one at the other. The
 * kernel never cuts or mixes them, so nobody needs to be told apart and nothing has to be polled.
 */
#include <unistd.h>

#include "strategy/packet.h"
#include "strategy/strategy.h"

enum { OWNERS_END, WORKERS_END };

struct seqpacket {
	int ends[2];
	RACE_PADDED char messages[]; /* of each worker; then the owner's */
};

static size_t object_size(const struct race *race)
{
	return sizeof(struct seqpacket) + (race->workers + 1) * message_stride(race);
}

static const char *message_obstacle(uint64_t bytes)
{
	return packet_obstacle(SOCK_SEQPACKET, bytes);
}

static int setup(struct race *race)
{
	struct seqpacket *object = race->object;

	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, object->ends) ? -errno : 0;
}

RACE_INLINE int send_batch(struct worker *worker, uint64_t count)
{
	struct seqpacket *object = worker->race->object;

	return packet_send(object->ends[WORKERS_END],
			   message_compose(worker, object->messages, count), worker->race->message);
}

static int work(struct worker *worker)
{
	return race_in_messages(worker, send_batch);
}

static int own(struct worker *owner)
{
	struct race *race = owner->race;
	struct seqpacket *object = race->object;
	char *buffer = object->messages + race->workers * message_stride(race);

	return packet_own(owner, object->ends[OWNERS_END], (void *)buffer);
}

static void teardown(struct race *race)
{
	const struct seqpacket *object = race->object;

	close(object->ends[OWNERS_END]);
	close(object->ends[WORKERS_END]);
}

const struct strategy strategy_socketpair_seqpacket = {
	.name = "socketpair-seqpacket",
	.summary = "one socket pair for all that keeps messages whole (SOCK_SEQPACKET)",
	.family = FAMILY_MESSAGE,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.takes_message = true,
	.object_size = object_size,
	.message_obstacle = message_obstacle,
	.setup = setup,
	.work = work,
	.own = own,
	.teardown = teardown,
};
