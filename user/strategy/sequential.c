/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One worker makes all the increments: what sharing the work has to beat. */
#include "strategy/strategy.h"

static int work(struct worker *worker)
{
	return race_without_lock(worker);
}

const struct strategy strategy_sequential = {
	.name = "sequential",
	.summary = "one worker does all the increments: the baseline",
	.family = FAMILY_PLAIN,
	.modes = IN_BOTH,
	.promises_exact = true,
	.in_default = true,
	.one_worker = true,
	.work = work,
};
