/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/order.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

/*
 * splitmix64: G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number generators,
 * OOPSLA 2014. GSL's generators take 32 bits of a seed; this one takes all 64 and is its own
 * specification.
 */
struct order {
	uint64_t state;
};

static uint64_t next(struct order *order)
{
	uint64_t z = order->state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* 0 to n - 1. What lies below 2^64 mod n is thrown away: it would favour small results. */
static uint64_t below(struct order *order, uint64_t n)
{
	uint64_t biased = -n % n;
	uint64_t number;

	do
		number = next(order);
	while (number < biased);
	return number % n;
}

/* Fisher-Yates, from the end down: R. Durstenfeld, Algorithm 235, CACM 7(7), 1964. */
static void shuffle(struct order *order, struct step *steps, size_t n_steps)
{
	for (size_t left = n_steps; left > 1; left--) {
		size_t pick = below(order, left);
		struct step last = steps[left - 1];

		steps[left - 1] = steps[pick];
		steps[pick] = last;
	}
}

/* Adds each entry once at a level, and returns the number of steps there are then. */
static size_t add_level(const struct rounds *rounds, enum level level, struct step *steps,
			size_t n_steps)
{
	for (size_t i = 0; i < rounds->n_entries; i++)
		steps[n_steps++] = (struct step){ rounds->entries[i], level };
	return n_steps;
}

/* So many rounds with each entry once at each of the levels. */
static size_t add_rounds(struct order *order, const struct rounds *rounds, uint64_t n_rounds,
			 const enum level *levels, size_t n_levels, struct step *steps, size_t n)
{
	for (uint64_t i = 0; i < n_rounds; i++) {
		size_t start = n;

		for (size_t l = 0; l < n_levels; l++)
			n = add_level(rounds, levels[l], steps, n);
		shuffle(order, steps + start, n - start);
	}
	return n;
}

int order_rounds(const struct rounds *rounds, struct step **steps, size_t *n_steps)
{
	struct order order = { .state = rounds->seed };
	size_t each = rounds->warmup + rounds->n_levels * rounds->repeats + rounds->latency +
		      rounds->wakers + rounds->stacks + rounds->timeline + rounds->counted;
	/* At least one, for there may be no entry that can be raced. */
	struct step *all = calloc(rounds->n_entries * each + 1, sizeof(*all));
	const enum level latency = LEVEL_LATENCY, wakers = LEVEL_WAKERS, counters = LEVEL_COUNTERS;
	const enum level stacks = LEVEL_STACKS, timeline = LEVEL_TIMELINE;
	size_t n = 0;

	if (!all)
		return -ENOMEM;
	for (uint64_t i = 0; i < rounds->warmup; i++)
		n = add_level(rounds, LEVEL_WARMUP, all, n);
	shuffle(&order, all, n);
	n = add_rounds(&order, rounds, rounds->repeats, rounds->levels, rounds->n_levels, all, n);
	n = add_rounds(&order, rounds, rounds->latency, &latency, 1, all, n);
	n = add_rounds(&order, rounds, rounds->wakers, &wakers, 1, all, n);
	n = add_rounds(&order, rounds, rounds->stacks, &stacks, 1, all, n);
	n = add_rounds(&order, rounds, rounds->timeline, &timeline, 1, all, n);
	n = add_rounds(&order, rounds, rounds->counted, &counters, 1, all, n);
	*steps = all;
	*n_steps = n;
	return 0;
}

int order_random_seed(uint64_t *seed)
{
	if (getrandom(seed, sizeof(*seed), 0) != (ssize_t)sizeof(*seed))
		return -errno;
	/* Readers of JSON that know no integers (jq) keep 53 bits. */
	*seed >>= 11;
	return 0;
}
