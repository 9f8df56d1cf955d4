/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "strategy/packet.h"

#include <stdlib.h>
#include <unistd.h>

/* Sends one, into a pair that nobody reads. Returns 0 or a negative errno. */
static int try_to_send(int type, uint64_t bytes)
{
	void *message = calloc(1, bytes);
	int ends[2];
	int err = 0;

	if (!message)
		return -ENOMEM;
	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends)) {
		err = -errno;
	} else {
		if (send(ends[0], message, bytes, MSG_DONTWAIT) < 0)
			err = -errno;
		close(ends[0]);
		close(ends[1]);
	}
	free(message);
	return err;
}

const char *packet_obstacle(int type, uint64_t bytes)
{
	switch (try_to_send(type, bytes)) {
	case 0:
		return NULL;
	case -EMSGSIZE:
		return "the message is longer than a socket's buffer (sysctl net.core.wmem_default)";
	case -EMFILE:
		return "no descriptor is left for a socket (ulimit -n)";
	default:
		return "this kernel has no such Unix sockets, or does not let us use them";
	}
}

int packet_own(struct worker *owner, int fd, uint64_t *buffer)
{
	struct race *race = owner->race;
	struct message_sum sum = { .owner = owner };
	int err = 0;

	while (!err && sum.ended < race->workers) {
		ssize_t n = recv(fd, buffer, race->message, 0);

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
