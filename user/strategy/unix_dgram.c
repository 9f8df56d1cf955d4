/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Datagrams to a Unix socket, as to syslog: the owner's socket has an address, each worker has a
 * socket of its own that is connected to it. Unlike others these datagrams are neither lost nor
 * reordered (unix(7)): a sender waits while net.unix.max_dgram_qlen of them are in the receiver's
 * queue, 10 as a rule, and so there are many more sleeps than with a pair, whose limit is bytes.
 *
 * The kernel chooses the address, in the abstract namespace. It ends with the last descriptor, so
 * nothing can be left behind.
 */
#include <sys/un.h>
#include <unistd.h>

#include "strategy/packet.h"
#include "strategy/strategy.h"

/* Followed by a message of each worker, and one of the owner. */
struct dgram {
	int owner;
	int workers[];
};

static size_t sockets_size(const struct race *race)
{
	size_t bytes = sizeof(struct dgram) + race->workers * sizeof(int);

	return (bytes + RACE_PADDING - 1) / RACE_PADDING * RACE_PADDING;
}

static size_t object_size(const struct race *race)
{
	return sockets_size(race) + (race->workers + 1) * message_stride(race);
}

static const char *message_obstacle(uint64_t bytes)
{
	return packet_obstacle(SOCK_DGRAM, bytes);
}

static int open_owner(int *owner, struct sockaddr_un *address, socklen_t *length)
{
	const struct sockaddr_un any = { .sun_family = AF_UNIX };

	*owner = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (*owner < 0)
		return -errno;
	/* An address of the family alone asks the kernel for one. */
	if (bind(*owner, (const struct sockaddr *)&any, sizeof(any.sun_family)) ||
	    getsockname(*owner, (struct sockaddr *)address, length))
		return -errno;
	return 0;
}

static int setup(struct race *race)
{
	struct dgram *dgram = race->object;
	struct sockaddr_un address;
	socklen_t length = sizeof(address);
	int err = open_owner(&dgram->owner, &address, &length);

	for (unsigned int i = 0; i < race->workers && !err; i++) {
		dgram->workers[i] = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (dgram->workers[i] < 0 ||
		    connect(dgram->workers[i], (struct sockaddr *)&address, length))
			err = -errno;
	}
	return err;
}

RACE_INLINE int send_batch(struct worker *worker, uint64_t count)
{
	const struct race *race = worker->race;
	struct dgram *dgram = race->object;
	void *messages = (char *)dgram + sockets_size(race);

	return packet_send(dgram->workers[worker->index], message_compose(worker, messages, count),
			   race->message);
}

static int work(struct worker *worker)
{
	return race_in_messages(worker, send_batch);
}

static int own(struct worker *owner)
{
	struct race *race = owner->race;
	struct dgram *dgram = race->object;
	char *buffer = (char *)dgram + sockets_size(race) + race->workers * message_stride(race);

	return packet_own(owner, dgram->owner, (void *)buffer);
}

static void teardown(struct race *race)
{
	const struct dgram *dgram = race->object;

	for (unsigned int i = 0; i < race->workers; i++)
		close(dgram->workers[i]);
	close(dgram->owner);
}

const struct strategy strategy_unix_dgram = {
	.name = "unix-dgram",
	.summary = "datagrams to the owner's Unix socket, a socket for each worker",
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
