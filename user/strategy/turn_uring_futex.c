/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strict hand-off through a futex, with both sides of it operations of io_uring (Linux 6.7): each
 * worker has a ring of its own, waits for its word by submitting a FUTEX_WAIT and sleeping for the
 * completion, and calls the next by a FUTEX_WAKE. Nobody gains by that here, where one thing is done
 * at a time: it is what io_uring adds to a futex.
 *
 * No wake-up is lost: the operation compares the word with 0 and queues under the lock that a waker
 * takes as well, as futex(2) does. A private wait that is armed while a process has a single thread
 * is looked for elsewhere once it has two, and never woken; here the arena's threads are all there
 * before any of them waits.
 */
#include <errno.h>
#include <linux/futex.h>

#include "strategy/strategy.h"
#include "strategy/turn.h"
#include "strategy/uring.h"

/* Linux 6.7, and neither the headers of 6.1 nor liburing 2.3. */
#define URING_FUTEX_WAIT 51
#define URING_FUTEX_WAKE 52

#define ANY_WAITER 0xffffffffU /* all bits of the mask, which has 32 */
#define ENTRIES 1

struct member {
	struct turn_word word;
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
	if (!uring_knows(URING_FUTEX_WAKE))
		return "this kernel's io_uring has no futex operations";
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

/* `value`: what the word is while one waits, or how many to wake. Returns the operation's result. */
static int operate(struct worker *worker, int operation, struct turn_word *word, uint64_t value)
{
	struct member *members = worker->race->object;
	struct io_uring *uring = &members[worker->index].uring;
	struct io_uring_sqe *sqe = uring_entry(uring, operation, 0);
	struct io_uring_cqe completion;
	int err;

	sqe->fd = FUTEX_32 | (worker->race->processes ? 0 : FUTEX_PRIVATE_FLAG);
	sqe->addr = (uintptr_t)&word->turn;
	sqe->off = value;
	sqe->addr3 = ANY_WAITER;
	err = uring_submit_and_wait(uring);
	if (!err)
		err = uring_take(uring, &completion);
	return err ? err : completion.res;
}

RACE_INLINE int await(struct worker *worker, enum turn *turn)
{
	struct member *members = worker->race->object;
	struct turn_word *mine = &members[worker->index].word;

	while (!turn_word_take(mine, turn)) {
		int result = operate(worker, URING_FUTEX_WAIT, mine, 0);

		if (result < 0 && result != -EAGAIN && result != -EINTR)
			return result;
	}
	return 0;
}

RACE_INLINE int hand(struct worker *worker, unsigned int to, enum turn turn)
{
	struct member *members = worker->race->object;
	int woken;

	turn_word_call(&members[to].word, turn);
	woken = operate(worker, URING_FUTEX_WAKE, &members[to].word, 1);
	return woken < 0 ? woken : 0;
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

const struct strategy strategy_turn_uring_futex = {
	.name = "turn-uring-futex",
	.summary = "strict hand-off through a futex, waited for and woken by io_uring",
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
