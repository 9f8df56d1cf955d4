/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sockets that keep the borders of messages: one call sends one, one call receives one, so several
 * workers may share the way to the owner. A socket that is full makes the sender wait.
 */
#ifndef STRATEGY_PACKET_H
#define STRATEGY_PACKET_H

#include <errno.h>
#include <sys/socket.h>

#include "strategy/message.h"

/* Why Unix sockets of that type carry no message of so many bytes, as one line; or NULL. */
const char *packet_obstacle(int type, uint64_t bytes);

/* Returns 0 or a negative errno. */
RACE_INLINE int packet_send(int fd, const void *message, size_t bytes)
{
	ssize_t n;

	do {
		n = send(fd, message, bytes, 0);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/*
 * The owner's loop: receives into `buffer`, of a message's size, until every worker has sent its
 * sentinel, and stores the sum. Returns 0 or a negative errno.
 */
int packet_own(struct worker *owner, int fd, uint64_t *buffer);

#endif
