/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strict hand-off by a byte: each worker sleeps in read(2) on a pipe of its own, and whoever has the
 * turn writes one byte into the pipe of the next. The pipe keeps a byte that comes before its
 * reader, so no call is lost; it never holds more than one, so no write has to wait.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "strategy/strategy.h"
#include "strategy/turn.h"

enum { READ_END, WRITE_END };

struct baton {
	int ends[2];
};

static size_t object_size(const struct race *race)
{
	return race->workers * sizeof(struct baton);
}

static int setup(struct race *race)
{
	struct baton *batons = race->object;

	for (unsigned int i = 0; i < race->workers; i++)
		if (pipe2(batons[i].ends, O_CLOEXEC))
			return -errno;
	return 0;
}

RACE_INLINE int await(struct worker *worker, enum turn *turn)
{
	const struct baton *batons = worker->race->object;
	char byte;
	ssize_t n;

	do {
		n = read(batons[worker->index].ends[READ_END], &byte, 1);
	} while (n < 0 && errno == EINTR);
	if (n != 1)
		return n < 0 ? -errno : -EPIPE;
	*turn = (enum turn)byte;
	return 0;
}

RACE_INLINE int hand(struct worker *worker, unsigned int to, enum turn turn)
{
	const struct baton *batons = worker->race->object;
	char byte = (char)turn;
	ssize_t n;

	do {
		n = write(batons[to].ends[WRITE_END], &byte, 1);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

static int work(struct worker *worker)
{
	return race_in_turns(worker, await, hand);
}

static void teardown(struct race *race)
{
	const struct baton *batons = race->object;

	for (unsigned int i = 0; i < race->workers; i++) {
		close(batons[i].ends[READ_END]);
		close(batons[i].ends[WRITE_END]);
	}
}

const struct strategy strategy_turn_pipe = {
	.name = "turn-pipe",
	.summary = "strict hand-off by a byte in a pipe",
	.family = FAMILY_TURN,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
	.teardown = teardown,
};
