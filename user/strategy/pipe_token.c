/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A byte in a pipe is the permit: who reads it may go in, and writes it back when it leaves. GNU
 * make's jobserver hands out its jobs so, for a pipe is inherited by whatever a job runs, and it
 * needs no memory in common. There are fewer permits than a pipe holds bytes, so writing one back
 * never waits.
 *
 * Order: the kernel copies the byte out under the same lock under which it was copied in, so the
 * reader sees what was written before it.
 */
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "strategy/strategy.h"

struct tokens {
	int read_end;
	int write_end;
};

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct tokens);
}

RACE_INLINE int acquire(void *object)
{
	const struct tokens *tokens = object;
	char token;
	ssize_t n;

	do {
		n = read(tokens->read_end, &token, 1);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n == 1 ? 0 : -EPIPE;
}

RACE_INLINE int release(void *object)
{
	const struct tokens *tokens = object;
	ssize_t n;

	do {
		n = write(tokens->write_end, "", 1);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

static int setup(struct race *race)
{
	struct tokens *tokens = race->object;
	int ends[2];
	int err = 0;

	/* PIPE_BUF bytes fit into any pipe, so no permit is waited for in here. */
	if (race->permits > PIPE_BUF)
		return -EINVAL;
	if (pipe(ends) != 0)
		return -errno;
	*tokens = (struct tokens){ ends[0], ends[1] };
	for (uint32_t i = 0; i < race->permits && !err; i++)
		err = release(tokens);
	return err;
}

static int work(struct worker *worker)
{
	return race_under_lock(worker, acquire, release);
}

static void teardown(struct race *race)
{
	const struct tokens *tokens = race->object;

	close(tokens->read_end);
	close(tokens->write_end);
}

const struct strategy strategy_pipe_token = {
	.name = "pipe-token",
	.summary = "a byte in a pipe is the permit, as in make's jobserver; takes --permits",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.takes_permits = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
	.teardown = teardown,
};
