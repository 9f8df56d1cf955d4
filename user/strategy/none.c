/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every worker reads the counter, adds one and writes it back, with nothing to keep the others
 * out. Two that read the same value write the same sum, and one increment is lost.
 */
#include "strategy/strategy.h"

static int work(struct worker *worker)
{
	return race_without_lock(worker);
}

const struct strategy strategy_none = {
	.name = "none",
	.summary = "no synchronisation: loses updates, and shows how many",
	.family = FAMILY_PLAIN,
	.modes = IN_BOTH,
	.promises_exact = false,
	.in_default = true,
	.work = work,
};
