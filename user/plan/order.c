/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/order.h"

#include <errno.h>
#include <sys/random.h>

struct order order_from(uint64_t seed)
{
	return (struct order){ .state = seed };
}

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
void order_shuffle(struct order *order, struct step *steps, size_t n_steps)
{
	for (size_t left = n_steps; left > 1; left--) {
		size_t pick = below(order, left);
		struct step last = steps[left - 1];

		steps[left - 1] = steps[pick];
		steps[pick] = last;
	}
}

int order_random_seed(uint64_t *seed)
{
	if (getrandom(seed, sizeof(*seed), 0) != (ssize_t)sizeof(*seed))
		return -errno;
	/* Readers of JSON that know no integers (jq) keep 53 bits. */
	*seed >>= 11;
	return 0;
}
