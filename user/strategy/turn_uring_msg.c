/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strict hand-off by a message from one io_uring to another (MSG_RING, Linux 5.18): each worker has
 * a ring and sleeps until there is a completion in it; whoever has the turn posts one into the ring
 * of the next. The ring keeps a completion that comes before its wait, so no call is lost.
 *
 * All rings are made before the workers are. Forked ones inherit descriptors and mappings, and the
 * kernel asks for the descriptor alone, so a ring may belong to another process.
 */
#include "strategy/strategy.h"
#include "strategy/turn.h"
#include "strategy/uring.h"

#define ENTRIES 2
#define FAILED UINT64_MAX /* user_data of a message that could not be posted */

struct member {
	struct io_uring uring;
} RACE_PADDED;

static size_t object_size(const struct race *race)
{
	return race->workers * sizeof(struct member);
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
	struct member *members = race->object;
	int err = 0;

	for (unsigned int i = 0; i < race->workers && !err; i++)
		err = io_uring_queue_init(ENTRIES, &members[i].uring, 0);
	return err;
}

RACE_INLINE int await(struct worker *worker, enum turn *turn)
{
	struct member *members = worker->race->object;
	struct io_uring_cqe completion;
	int err = uring_take(&members[worker->index].uring, &completion);

	if (err)
		return err;
	if (completion.user_data == FAILED)
		return completion.res;
	*turn = (enum turn)completion.user_data;
	return 0;
}

/* A message that was posted completes silently; one that was not is found by the next await(). */
RACE_INLINE int hand(struct worker *worker, unsigned int to, enum turn turn)
{
	struct member *members = worker->race->object;
	struct io_uring *uring = &members[worker->index].uring;
	struct io_uring_sqe *sqe = uring_entry(uring, IORING_OP_MSG_RING, FAILED);

	sqe->fd = members[to].uring.ring_fd;
	sqe->off = turn;
	sqe->flags = IOSQE_CQE_SKIP_SUCCESS;
	return uring_submit(uring);
}

static int work(struct worker *worker)
{
	return race_in_turns(worker, await, hand);
}

static void teardown(struct race *race)
{
	struct member *members = race->object;

	for (unsigned int i = 0; i < race->workers; i++)
		io_uring_queue_exit(&members[i].uring);
}

const struct strategy strategy_turn_uring_msg = {
	.name = "turn-uring-msg",
	.summary = "strict hand-off by a message from one io_uring to the next",
	.family = FAMILY_TURN,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.unsupported = unsupported,
	.setup = setup,
	.work = work,
	.teardown = teardown,
};
