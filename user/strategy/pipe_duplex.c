/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Request and reply over a two-way pipe (a socket pair, as Python's multiprocessing.Pipe()): each
 * worker has one of its own, sends the size of a batch it counted, and waits for the owner to
 * answer with the total so far. A request of zero is the sentinel, and gets no answer.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "strategy/strategy.h"

enum { OWNERS_END, WORKERS_END };

struct pair {
	int ends[2];
};

static size_t object_size(const struct race *race)
{
	return race->workers * sizeof(struct pair);
}

static int setup(struct race *race)
{
	struct pair *pairs = race->object;

	for (unsigned int i = 0; i < race->workers; i++)
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pairs[i].ends))
			return -errno;
	return 0;
}

/* Eight bytes travel over a socket pair in one piece, or not at all. */
static int send_number(int fd, uint64_t number)
{
	ssize_t n;

	do {
		n = write(fd, &number, sizeof(number));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n == (ssize_t)sizeof(number) ? 0 : -EIO;
}

static int receive_number(int fd, uint64_t *number)
{
	ssize_t n;

	do {
		n = read(fd, number, sizeof(*number));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n == (ssize_t)sizeof(*number) ? 0 : -EIO;
}

/* The sentinel gets no answer. */
RACE_INLINE int request(struct worker *worker, uint64_t count)
{
	const struct pair *pairs = worker->race->object;
	int fd = pairs[worker->index].ends[WORKERS_END];
	uint64_t total;
	int err = send_number(fd, count);

	return err || count == 0 ? err : receive_number(fd, &total);
}

static int work(struct worker *worker)
{
	return race_in_messages(worker, request);
}

/* One request of one worker. A worker that sent its sentinel is polled no more. */
static int answer(struct pollfd *polled, uint64_t *sum, unsigned int *ended)
{
	uint64_t count;
	int err = receive_number(polled->fd, &count);

	if (err)
		return err;
	if (count == 0) {
		polled->fd = -1;
		(*ended)++;
		return 0;
	}
	*sum += count;
	return send_number(polled->fd, *sum);
}

static int answer_all(struct race *race, struct pollfd *polled)
{
	unsigned int ended = 0;
	uint64_t sum = 0;
	int err = 0;

	while (!err && ended < race->workers) {
		if (poll(polled, race->workers, -1) < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		for (unsigned int i = 0; i < race->workers && !err; i++)
			if (polled[i].revents)
				err = answer(&polled[i], &sum, &ended);
	}
	race->counter = sum;
	return err;
}

static int own(struct worker *owner)
{
	struct race *race = owner->race;
	const struct pair *pairs = race->object;
	struct pollfd *polled = calloc(race->workers, sizeof(*polled));
	int err;

	if (!polled)
		return -ENOMEM;
	for (unsigned int i = 0; i < race->workers; i++)
		polled[i] = (struct pollfd){ .fd = pairs[i].ends[OWNERS_END], .events = POLLIN };
	err = answer_all(race, polled);
	free(polled);
	return err;
}

static void teardown(struct race *race)
{
	const struct pair *pairs = race->object;

	for (unsigned int i = 0; i < race->workers; i++) {
		close(pairs[i].ends[OWNERS_END]);
		close(pairs[i].ends[WORKERS_END]);
	}
}

const struct strategy strategy_pipe_duplex = {
	.name = "pipe-duplex",
	.summary = "request and reply over a two-way pipe to the counter's owner",
	.family = FAMILY_MESSAGE,
	.modes = IN_BOTH,
	.promises_exact = true,
	.in_default = true,
	.batches = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
	.own = own,
	.teardown = teardown,
};
