/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Workers count a batch by themselves and write its size into one pipe; the counter's owner reads
 * whatever is there and sums. A message of zero is a worker's sentinel. Writes of up to PIPE_BUF
 * bytes are atomic (pipe(7)), so several producers share the pipe; a reader may still get part
 * of a message at the end of its buffer, and keeps it for the next read.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "strategy/strategy.h"

struct pipe_object {
	int read_end;
	int write_end;
};

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct pipe_object);
}

static int setup(struct race *race)
{
	struct pipe_object *object = race->object;
	int ends[2];

	if (pipe(ends) != 0)
		return -errno;
	object->read_end = ends[0];
	object->write_end = ends[1];
	return 0;
}

static int send_count(const struct pipe_object *object, uint64_t count)
{
	ssize_t n;

	do {
		n = write(object->write_end, &count, sizeof(count));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n == (ssize_t)sizeof(count) ? 0 : -EIO;
}

RACE_INLINE int send_batch(struct worker *worker, uint64_t count)
{
	return send_count(worker->race->object, count);
}

static int work(struct worker *worker)
{
	return race_in_messages(worker, send_batch);
}

/* Adds up whole messages, counts sentinels, and returns how many bytes that took. */
static size_t take(const char *buffer, size_t length, uint64_t *sum, unsigned int *ended)
{
	size_t used = 0;
	uint64_t count;

	while (length - used >= sizeof(count)) {
		memcpy(&count, buffer + used, sizeof(count));
		used += sizeof(count);
		*sum += count;
		*ended += count == 0;
	}
	return used;
}

static int own(struct worker *owner)
{
	struct race *race = owner->race;
	const struct pipe_object *object = race->object;
	char buffer[4096];
	size_t kept = 0;
	uint64_t sum = 0;
	unsigned int ended = 0;

	while (ended < race->workers) {
		ssize_t n = read(object->read_end, buffer + kept, sizeof(buffer) - kept);
		size_t length, used;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EPIPE;
		length = kept + (size_t)n;
		used = take(buffer, length, &sum, &ended);
		kept = length - used;
		memmove(buffer, buffer + used, kept);
	}
	race->counter = sum;
	return 0;
}

static void teardown(struct race *race)
{
	const struct pipe_object *object = race->object;

	close(object->read_end);
	close(object->write_end);
}

const struct strategy strategy_pipe = {
	.name = "pipe",
	.summary = "increments written into a pipe, summed by the counter's owner",
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
