/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pipe, with both ends operations of io_uring: each worker writes its messages into the one pipe
 * through a ring of its own, and the owner reads through another. One operation is on its way at a
 * time, so this is what io_uring adds to a pipe. Where the pipe is full or empty the kernel keeps
 * the operation until it is not, and the task sleeps for its completion.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "strategy/message.h"
#include "strategy/strategy.h"
#include "strategy/uring.h"

#define ENTRIES 1

struct member {
	struct io_uring uring;
} RACE_PADDED;

/* Followed by a message of each worker. */
struct uring_pipe {
	int read_end;
	int write_end;
	struct member members[]; /* of each worker; then the owner's */
};

static size_t object_size(const struct race *race)
{
	return sizeof(struct uring_pipe) + (race->workers + 1) * sizeof(struct member) +
	       race->workers * message_stride(race);
}

static const char *message_obstacle(uint64_t bytes)
{
	return bytes > PIPE_BUF ? "one pipe carries messages of several workers whole only up to "
				  "PIPE_BUF (--message=4096)" :
				  NULL;
}

static int setup(struct race *race)
{
	struct uring_pipe *object = race->object;
	int ends[2];
	int err = 0;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	object->read_end = ends[0];
	object->write_end = ends[1];
	for (unsigned int i = 0; i <= race->workers && !err; i++)
		err = io_uring_queue_init(ENTRIES, &object->members[i].uring, 0);
	return err;
}

/* One read or write; sleeps until it is done. Returns bytes or a negative errno. */
RACE_INLINE int transfer(struct io_uring *uring, int operation, int fd, void *buffer, size_t bytes)
{
	struct io_uring_sqe *sqe = uring_entry(uring, operation, 0);
	struct io_uring_cqe completion;
	int err;

	sqe->fd = fd;
	sqe->addr = (uintptr_t)buffer;
	sqe->len = (unsigned int)bytes;
	sqe->off = -1ULL; /* where a pipe is, which has no offsets */
	err = uring_submit_and_wait(uring);
	if (!err)
		err = uring_take(uring, &completion);
	return err ? err : completion.res;
}

RACE_INLINE int send_batch(struct worker *worker, uint64_t count)
{
	const struct race *race = worker->race;
	struct uring_pipe *object = race->object;
	void *message = message_compose(worker, &object->members[race->workers + 1], count);
	int n;

	do {
		n = transfer(&object->members[worker->index].uring, IORING_OP_WRITE,
			     object->write_end, message, race->message);
	} while (n == -EINTR);
	if (n < 0)
		return n;
	return (uint64_t)n == race->message ? 0 : -EIO;
}

static int work(struct worker *worker)
{
	return race_in_messages(worker, send_batch);
}

static int own(struct worker *owner)
{
	struct race *race = owner->race;
	struct uring_pipe *object = race->object;
	uint64_t buffer[PIPE_BUF / sizeof(uint64_t)];
	struct message_stream stream = { .buffer = buffer, .capacity = sizeof(buffer) };
	struct message_sum sum = { .owner = owner };
	int err = 0;

	while (!err && sum.ended < race->workers) {
		int n = transfer(&object->members[race->workers].uring, IORING_OP_READ,
				 object->read_end, (char *)buffer + stream.kept,
				 stream.capacity - stream.kept);

		if (n == -EINTR)
			continue;
		err = n > 0 ? message_take(&stream, (size_t)n, race->message, &sum) :
		      n < 0 ? n :
			      -EPIPE;
	}
	race->counter = sum.count;
	return err;
}

static void teardown(struct race *race)
{
	struct uring_pipe *object = race->object;

	for (unsigned int i = 0; i <= race->workers; i++)
		io_uring_queue_exit(&object->members[i].uring);
	close(object->read_end);
	close(object->write_end);
}

const struct strategy strategy_uring_pipe = {
	.name = "uring-pipe",
	.summary = "a pipe, written and read through io_uring",
	.family = FAMILY_MESSAGE,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.takes_message = true,
	.object_size = object_size,
	.unsupported = uring_obstacle,
	.message_obstacle = message_obstacle,
	.setup = setup,
	.work = work,
	.own = own,
	.teardown = teardown,
};
