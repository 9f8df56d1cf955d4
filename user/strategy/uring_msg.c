/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages from ring to ring (MSG_RING, Linux 5.18): a worker posts the size of its batch as a
 * completion into the owner's io_uring, with its own index for a result. There is nothing but that:
 * no pipe, no socket, no buffer.
 *
 * Nothing makes a worker wait: a ring that is full grows in the kernel until there is no memory. So
 * each worker has CREDITS messages that it may have on their way; the owner gives back half of them
 * at a time, by a message into the worker's ring, for which the worker sleeps when it has none left.
 * The owner's ring has room for the credits of all, so it never overflows.
 *
 * All rings are made before the workers are; forked ones inherit descriptors and mappings.
 */
#include <errno.h>

#include "strategy/message.h"
#include "strategy/strategy.h"
#include "strategy/uring.h"

#define ENTRIES 2
/* The longest completion queue has 65,536 entries, which does for 1,024 workers. */
#define CREDITS 64
#define CREDITS_BACK (CREDITS / 2)

/* Results, where an operation's own are never above 0. */
#define FROM_WORKER(index) ((index) + 1)

struct member {
	struct io_uring uring;
	unsigned int credits; /* of a worker: how many messages it may send */
	unsigned int received; /* the owner's: how many it has not given back */
} RACE_PADDED;

/* Of each worker; then the owner's. */
static struct member *members_of(const struct race *race)
{
	return race->object;
}

static size_t object_size(const struct race *race)
{
	return (race->workers + 1) * sizeof(struct member);
}

static const char *unsupported(void)
{
	const char *obstacle = uring_obstacle();

	if (obstacle)
		return obstacle;
	if (!uring_knows(IORING_OP_MSG_RING))
		return "this kernel's io_uring has no messages between rings (MSG_RING)";
	return NULL;
}

static int setup(struct race *race)
{
	struct io_uring_params with_room = { .flags = IORING_SETUP_CQSIZE,
					     .cq_entries = race->workers * CREDITS };
	struct member *members = members_of(race);
	int err = 0;

	for (unsigned int i = 0; i < race->workers && !err; i++) {
		members[i].credits = CREDITS;
		err = io_uring_queue_init(ENTRIES, &members[i].uring, 0);
	}
	return err ? err :
		     io_uring_queue_init_params(ENTRIES, &members[race->workers].uring, &with_room);
}

/*
 * Posts into another ring. It completes silently, but for one that failed: that is a completion with
 * a negative result, which the sender's next uring_take() finds.
 */
static int post(struct io_uring *from, const struct io_uring *to, uint64_t value,
		unsigned int result)
{
	struct io_uring_sqe *sqe = uring_entry(from, IORING_OP_MSG_RING, 0);

	sqe->fd = to->ring_fd;
	sqe->off = value;
	sqe->len = result;
	sqe->flags = IOSQE_CQE_SKIP_SUCCESS;
	return uring_submit(from);
}

/* Takes credits, and sleeps for them. */
static int wait_for_credits(struct member *mine)
{
	struct io_uring_cqe completion;
	int err = uring_take(&mine->uring, &completion);

	if (err || completion.res < 0)
		return err ? err : completion.res;
	mine->credits += (unsigned int)completion.user_data;
	return 0;
}

RACE_INLINE int send_batch(struct worker *worker, uint64_t count)
{
	const struct race *race = worker->race;
	struct member *mine = &members_of(race)[worker->index];

	if (mine->credits == 0) {
		int err = wait_for_credits(mine);

		if (err)
			return err;
	}
	mine->credits--;
	return post(&mine->uring, &members_of(race)[race->workers].uring, count,
		    FROM_WORKER(worker->index));
}

static int work(struct worker *worker)
{
	return race_in_messages(worker, send_batch);
}

/* A worker that has ended may be gone, ring and all; nobody waits for its credits. */
static int give_back(struct io_uring *mine, struct member *worker, uint64_t count)
{
	if (++worker->received < CREDITS_BACK || count == 0)
		return 0;
	worker->received = 0;
	return post(mine, &worker->uring, CREDITS_BACK, FROM_WORKER(0));
}

static int own(struct worker *owner)
{
	struct race *race = owner->race;
	struct member *members = members_of(race);
	struct io_uring *mine = &members[race->workers].uring;
	struct message_sum sum = { .owner = owner };
	struct io_uring_cqe message;
	int err = 0;

	while (!err && sum.ended < race->workers) {
		err = uring_take(mine, &message);
		if (!err && message.res < 0)
			err = message.res;
		if (err)
			break;
		message_count(&sum, message.user_data);
		err = give_back(mine, &members[message.res - FROM_WORKER(0)], message.user_data);
	}
	race->counter = sum.count;
	return err;
}

static void teardown(struct race *race)
{
	for (unsigned int i = 0; i <= race->workers; i++)
		io_uring_queue_exit(&members_of(race)[i].uring);
}

const struct strategy strategy_uring_msg = {
	.name = "uring-msg",
	.summary = "messages posted from io_uring to io_uring (MSG_RING)",
	.family = FAMILY_MESSAGE,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.unsupported = unsupported,
	.setup = setup,
	.work = work,
	.own = own,
	.teardown = teardown,
};
