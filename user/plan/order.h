/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The random order of the races: the same for the same seed, on every machine and in every version. */
#ifndef PLAN_ORDER_H
#define PLAN_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "plan/plan.h"

/*
 * splitmix64: G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number generators,
 * OOPSLA 2014. GSL's generators take 32 bits of a seed; this one takes all 64 and is its own
 * specification.
 */
struct order {
	uint64_t state;
};

struct order order_from(uint64_t seed);

/* Puts the steps into one of their n! orders, all equally likely. */
void order_shuffle(struct order *order, struct step *steps, size_t n_steps);

/* A random seed from 0 to INT64_MAX, which is what a session file can hold. 0 or -errno. */
int order_random_seed(uint64_t *seed);

#endif
