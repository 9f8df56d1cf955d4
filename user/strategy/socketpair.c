/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages over a pair of connected stream sockets for each worker (socketpair(2), SOCK_STREAM); the
 * owner polls its ends of them and reads whatever is there. A worker whose socket is full waits.
 */
#include "strategy/pairs.h"
#include "strategy/strategy.h"

RACE_INLINE int send_batch(struct worker *worker, uint64_t count)
{
	const struct race *race = worker->race;
	const struct pair *pairs = race->object;

	return message_send(pairs[worker->index].ends[WORKERS_END],
			    message_compose(worker, pairs_messages(race), count), race->message);
}

static int work(struct worker *worker)
{
	return race_in_messages(worker, send_batch);
}

static int own(struct worker *owner)
{
	return pairs_own(owner, NULL);
}

const struct strategy strategy_socketpair = {
	.name = "socketpair",
	.summary = "a stream socket pair for each worker, the owner polls them",
	.family = FAMILY_MESSAGE,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.takes_message = true,
	.object_size = pairs_size,
	.setup = pairs_setup,
	.work = work,
	.own = own,
	.teardown = pairs_teardown,
};
