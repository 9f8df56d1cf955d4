/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strict hand-off through eventfd(2): each worker sleeps in read(2) on an eventfd of its own, to
 * which whoever has the turn adds what the call is for. The counter in the kernel keeps a call that
 * comes before its reader, and reading it sets it to zero again.
 */
#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "strategy/strategy.h"
#include "strategy/turn.h"

static size_t object_size(const struct race *race)
{
	return race->workers * sizeof(int);
}

static int setup(struct race *race)
{
	int *events = race->object;

	for (unsigned int i = 0; i < race->workers; i++) {
		events[i] = eventfd(0, EFD_CLOEXEC);
		if (events[i] < 0)
			return -errno;
	}
	return 0;
}

RACE_INLINE int await(struct worker *worker, enum turn *turn)
{
	const int *events = worker->race->object;
	eventfd_t value;

	while (eventfd_read(events[worker->index], &value))
		if (errno != EINTR)
			return -errno;
	*turn = (enum turn)value;
	return 0;
}

RACE_INLINE int hand(struct worker *worker, unsigned int to, enum turn turn)
{
	const int *events = worker->race->object;

	while (eventfd_write(events[to], turn))
		if (errno != EINTR)
			return -errno;
	return 0;
}

static int work(struct worker *worker)
{
	return race_in_turns(worker, await, hand);
}

static void teardown(struct race *race)
{
	const int *events = race->object;

	for (unsigned int i = 0; i < race->workers; i++)
		close(events[i]);
}

const struct strategy strategy_turn_eventfd = {
	.name = "turn-eventfd",
	.summary = "strict hand-off through an eventfd",
	.family = FAMILY_TURN,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
	.teardown = teardown,
};
