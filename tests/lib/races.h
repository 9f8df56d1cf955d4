/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small untraced races, as tests of the engine run them over all strategies. */
#ifndef TRACEBENCH_TESTS_RACES_H
#define TRACEBENCH_TESTS_RACES_H

#include <stdbool.h>

#include "base/clock.h"
#include "race/engine.h"

#define RACES_TASKS 17 /* at most */

static const int races_unpinned[RACES_TASKS] = { [0 ... RACES_TASKS - 1] = -1 };

/*
 * Two workers, or the one that the strategy wants, wherever the kernel puts them, who make so many
 * increments each. The deadline is before that of check, which would not say what was raced.
 */
static inline struct race_spec races_spec(const struct strategy *strategy, enum mode mode,
					  uint64_t iterations)
{
	return (struct race_spec){
		.strategy = strategy,
		.mode = mode,
		.workers = strategy->one_worker ? 1 : 2,
		.iterations = iterations,
		.load = { .batch = 1, .permits = 1, .message = RACE_MESSAGE_MIN },
		.deadline_ns = 50 * NS_PER_S,
		.cpus = races_unpinned,
		.interrupt_fd = -1,
	};
}

/* Whether the strategy can be raced so, here. */
static inline bool races_can_run(const struct strategy *strategy, enum mode mode)
{
	return strategy->modes & 1U << mode && !(strategy->unsupported && strategy->unsupported());
}

#endif
