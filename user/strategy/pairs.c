/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "strategy/pairs.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Read at once where messages are shorter. */
#define BUFFER_BYTES 4096

static size_t capacity(const struct race *race)
{
	size_t stride = message_stride(race);

	return stride > BUFFER_BYTES ? stride : BUFFER_BYTES;
}

size_t pairs_size(const struct race *race)
{
	return race->workers * (sizeof(struct pair) + message_stride(race) + capacity(race));
}

void *pairs_messages(const struct race *race)
{
	struct pair *pairs = race->object;

	return pairs + race->workers;
}

int pairs_setup(struct race *race)
{
	struct pair *pairs = race->object;
	char *received = (char *)pairs_messages(race) + race->workers * message_stride(race);

	for (unsigned int i = 0; i < race->workers; i++) {
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pairs[i].ends))
			return -errno;
		pairs[i].stream = (struct message_stream){
			.buffer = (void *)(received + i * capacity(race)),
			.capacity = capacity(race),
		};
	}
	return 0;
}

void pairs_teardown(struct race *race)
{
	const struct pair *pairs = race->object;

	for (unsigned int i = 0; i < race->workers; i++) {
		close(pairs[i].ends[OWNERS_END]);
		close(pairs[i].ends[WORKERS_END]);
	}
}

/* What one worker has sent. One that has ended is polled no more. */
static int serve(const struct race *race, struct pair *pair, struct pollfd *polled,
		 struct message_sum *sum, int (*answer)(int fd, uint64_t total))
{
	unsigned int ended = sum->ended;
	uint64_t count = sum->count;
	int err = message_receive(polled->fd, &pair->stream, race->message, sum);

	if (!err && answer && sum->count != count)
		err = answer(polled->fd, sum->count);
	if (sum->ended != ended)
		polled->fd = -1;
	return err;
}

static int serve_all(struct worker *owner, struct pollfd *polled,
		     int (*answer)(int fd, uint64_t total))
{
	struct race *race = owner->race;
	struct pair *pairs = race->object;
	struct message_sum sum = { .owner = owner };
	int err = 0;

	while (!err && sum.ended < race->workers) {
		if (poll(polled, race->workers, -1) < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		for (unsigned int i = 0; i < race->workers && !err; i++)
			if (polled[i].revents)
				err = serve(race, &pairs[i], &polled[i], &sum, answer);
	}
	race->counter = sum.count;
	return err;
}

int pairs_own(struct worker *owner, int (*answer)(int fd, uint64_t total))
{
	const struct race *race = owner->race;
	const struct pair *pairs = race->object;
	struct pollfd *polled = calloc(race->workers, sizeof(*polled));
	int err;

	if (!polled)
		return -ENOMEM;
	for (unsigned int i = 0; i < race->workers; i++)
		polled[i] = (struct pollfd){ .fd = pairs[i].ends[OWNERS_END], .events = POLLIN };
	err = serve_all(owner, polled, answer);
	free(polled);
	return err;
}
