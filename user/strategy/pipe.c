/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Workers count a batch by themselves and write its size into one pipe; the counter's owner reads
 * whatever is there and sums. A message of zero is a worker's sentinel. Writes of up to PIPE_BUF
 * bytes are atomic (pipe(7)), so several producers share the pipe; a reader may still get part
 * of a message at the end of its buffer, and keeps it for the next read. A full pipe makes a writer
 * wait.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "strategy/message.h"
#include "strategy/strategy.h"

struct pipe_object {
	int read_end;
	int write_end;
	RACE_PADDED char messages[];
};

static size_t object_size(const struct race *race)
{
	return sizeof(struct pipe_object) + race->workers * message_stride(race);
}

static const char *message_obstacle(uint64_t bytes)
{
	return bytes > PIPE_BUF ? "one pipe carries messages of several workers whole only up to "
				  "PIPE_BUF (--message=4096)" :
				  NULL;
}

static int setup(struct race *race)
{
	struct pipe_object *object = race->object;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	object->read_end = ends[0];
	object->write_end = ends[1];
	return 0;
}

RACE_INLINE int send_batch(struct worker *worker, uint64_t count)
{
	struct pipe_object *object = worker->race->object;

	return message_send(object->write_end, message_compose(worker, object->messages, count),
			    worker->race->message);
}

static int work(struct worker *worker)
{
	return race_in_messages(worker, send_batch);
}

static int own(struct worker *owner)
{
	struct race *race = owner->race;
	const struct pipe_object *object = race->object;
	uint64_t buffer[PIPE_BUF / sizeof(uint64_t)];
	struct message_stream stream = { .buffer = buffer, .capacity = sizeof(buffer) };
	struct message_sum sum = { .owner = owner };
	int err = 0;

	while (!err && sum.ended < race->workers)
		err = message_receive(object->read_end, &stream, race->message, &sum);
	race->counter = sum.count;
	return err;
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
	.takes_message = true,
	.object_size = object_size,
	.message_obstacle = message_obstacle,
	.setup = setup,
	.work = work,
	.own = own,
	.teardown = teardown,
};
