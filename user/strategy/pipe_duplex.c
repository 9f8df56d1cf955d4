/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Request and reply over a two-way pipe (a socket pair, as Python's multiprocessing.Pipe()): each
 * worker has one of its own, sends the size of a batch it counted, and waits for the owner to
 * answer with the total so far. A request of zero is the sentinel, and gets no answer.
 */
#include <errno.h>
#include <unistd.h>

#include "strategy/pairs.h"
#include "strategy/strategy.h"

/* Eight bytes travel over a socket pair in one piece, or not at all. */
static int receive_total(int fd, uint64_t *total)
{
	ssize_t n;

	do {
		n = read(fd, total, sizeof(*total));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n == (ssize_t)sizeof(*total) ? 0 : -EIO;
}

static int send_total(int fd, uint64_t total)
{
	return message_send(fd, &total, sizeof(total));
}

RACE_INLINE int request(struct worker *worker, uint64_t count)
{
	const struct race *race = worker->race;
	const struct pair *pairs = race->object;
	int fd = pairs[worker->index].ends[WORKERS_END];
	uint64_t total;
	int err = message_send(fd, message_compose(worker, pairs_messages(race), count),
			       race->message);

	return err || count == 0 ? err : receive_total(fd, &total);
}

static int work(struct worker *worker)
{
	return race_in_messages(worker, request);
}

static int own(struct worker *owner)
{
	return pairs_own(owner, send_total);
}

const struct strategy strategy_pipe_duplex = {
	.name = "pipe-duplex",
	.summary = "request and reply over a two-way pipe to the counter's owner",
	.family = FAMILY_MESSAGE,
	.modes = IN_BOTH,
	.promises_exact = true,
	.in_default = true,
	.batches = true,
	.takes_message = true,
	.object_size = pairs_size,
	.setup = pairs_setup,
	.work = work,
	.own = own,
	.teardown = pairs_teardown,
};
