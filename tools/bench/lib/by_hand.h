/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The loops that a user would write instead of a strategy, without any of the engine's machinery:
 * threads over one counter, each pinned, released together, timed from the first start to the last
 * end.
 */
#ifndef BENCH_BY_HAND_H
#define BENCH_BY_HAND_H

#include <stddef.h>
#include <stdint.h>

#include "strategy/race.h"

/* What the threads of one run share. */
struct hand {
	RACE_PADDED uint64_t counter;
	RACE_PADDED uint64_t iterations; /* per worker */
	void *state; /* the loop's own, `size` bytes, zeroed, with lines of its own */
};

struct hand_loop {
	const char *strategy; /* that it stands beside */
	const char *name;
	size_t size;
	void (*setup)(void *state); /* NULL: zero will do */
	void (*work)(struct hand *hand, unsigned int index);
	void (*own)(struct hand *hand); /* of the consumer, which is one thread more; or NULL */
	void (*teardown)(void *state);
};

/* Ends the program with a line unless the call succeeded. */
void hand_must(bool ok, const char *what);

/* Nanoseconds an increment. `cpus`: one per thread, the consumer's last. The sum must be right. */
double hand_ns(const struct hand_loop *loop, unsigned int workers, uint64_t iterations,
	       const int *cpus);

/*
 * The loops, each list ended by one without a strategy. The turns are of two workers; those that
 * spin need a CPU each.
 */
extern const struct hand_loop hand_atomic[], hand_locks[], hand_rings[], hand_drained_rings[],
	hand_turns[], hand_spinning_turns[];

#endif
