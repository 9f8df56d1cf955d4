/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The random order of the races: the same for the same seed, on every machine and in every version. */
#ifndef PLAN_ORDER_H
#define PLAN_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "plan/plan.h"

/*
 * What is raced how often: first each entry `warmup` times, then `repeats` rounds with every entry
 * at every level, then `latency` rounds in which passes are timed, for which the others say how many
 * there are, then `wakers` ones in which wakers are looked for, `stacks` ones for stacks, `timeline` ones
 * whose events are recorded, then `counted` ones for the processor's counters. Each is put into one of its n! orders,
 * all equally likely: whatever drifts meanwhile, a clock rate or a neighbour's load, meets all
 * entries and levels alike.
 */
struct rounds {
	const size_t *entries;
	size_t n_entries;
	uint64_t warmup;
	uint64_t repeats;
	const enum level *levels; /* of each repeat */
	size_t n_levels;
	uint64_t latency;
	uint64_t wakers;
	uint64_t stacks;
	uint64_t timeline;
	uint64_t counted;
	uint64_t seed;
};

/* The steps in their order, to be freed; never NULL. Returns 0 or -ENOMEM. */
int order_rounds(const struct rounds *rounds, struct step **steps, size_t *n_steps);

/* A random seed from 0 to INT64_MAX, which is what a session file can hold. 0 or -errno. */
int order_random_seed(uint64_t *seed);

#endif
