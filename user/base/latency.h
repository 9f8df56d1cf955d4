/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A histogram of durations in nanoseconds, log-linear: durations below 128 have a bucket each, and
 * above that every power of two is divided into 64 buckets of one width (after G. Tene's
 * HdrHistogram). Nothing is left out: the longest duration has a bucket too, and the largest and
 * smallest are kept as they are.
 *
 * Error. A bucket that begins at L >= 128 is at most L / 64 wide, so its middle is off from any
 * duration in it by less than L / 128: a percentile is within 0.8 % of the duration it stands for,
 * and exact below 128 ns.
 *
 * Histograms of the same kind are merged by adding them: the percentiles of the sum are those of all
 * durations together, within the same error.
 */
#ifndef BASE_LATENCY_H
#define BASE_LATENCY_H

#include <stdbool.h>
#include <stdint.h>

#define LATENCY_SUB_BITS 6
#define LATENCY_MAX_BITS 47 /* of a duration: 39 hours, which no race lasts */
#define LATENCY_BUCKETS ((LATENCY_MAX_BITS - LATENCY_SUB_BITS + 1) << LATENCY_SUB_BITS)

/* All zero is empty. */
struct latency {
	uint64_t count;
	uint64_t min; /* of no meaning while it is empty */
	uint64_t max;
	uint64_t bucket[LATENCY_BUCKETS];
};

static inline unsigned int latency_bucket(uint64_t ns)
{
	unsigned int bits = 64 - (unsigned int)__builtin_clzll(ns | 1);
	unsigned int shift = bits > LATENCY_SUB_BITS + 1 ? bits - (LATENCY_SUB_BITS + 1) : 0;

	if (ns >> LATENCY_MAX_BITS)
		return LATENCY_BUCKETS - 1;
	return (shift << LATENCY_SUB_BITS) + (unsigned int)(ns >> shift);
}

static inline void latency_add(struct latency *latency, uint64_t ns)
{
	if (latency->count == 0 || ns < latency->min)
		latency->min = ns;
	if (ns > latency->max)
		latency->max = ns;
	latency->count++;
	latency->bucket[latency_bucket(ns)]++;
}

/* The shortest duration of a bucket; of LATENCY_BUCKETS, the bound that nothing reaches. */
uint64_t latency_floor(unsigned int bucket);

void latency_merge(struct latency *sum, const struct latency *part);

/* Whether a duration lies above the one of that share, by rank. If none does, it would be the longest
 * by another name. */
bool latency_has_quantile(const struct latency *latency, double share);

/*
 * The duration that a share of all do not exceed, by nearest rank: the middle of its bucket, which
 * is never less than the smallest or more than the largest. 0 < share <= 1. Not of an empty one.
 */
uint64_t latency_quantile(const struct latency *latency, double share);

#endif
