/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/latency.h"

#include <math.h>

uint64_t latency_floor(unsigned int bucket)
{
	unsigned int shift = bucket >> LATENCY_SUB_BITS;

	/* The first two runs of buckets are of single nanoseconds. */
	if (shift < 2)
		return bucket;
	shift--;
	return (uint64_t)(bucket - (shift << LATENCY_SUB_BITS)) << shift;
}

void latency_merge(struct latency *sum, const struct latency *part)
{
	if (part->count == 0)
		return;
	if (sum->count == 0 || part->min < sum->min)
		sum->min = part->min;
	if (part->max > sum->max)
		sum->max = part->max;
	sum->count += part->count;
	for (unsigned int i = 0; i < LATENCY_BUCKETS; i++)
		sum->bucket[i] += part->bucket[i];
}

static uint64_t middle(unsigned int bucket)
{
	uint64_t floor = latency_floor(bucket);

	return floor + (latency_floor(bucket + 1) - 1 - floor) / 2;
}

static uint64_t rank_of(const struct latency *latency, double share)
{
	return (uint64_t)ceil(share * (double)latency->count);
}

bool latency_has_quantile(const struct latency *latency, double share)
{
	return rank_of(latency, share) < latency->count;
}

uint64_t latency_quantile(const struct latency *latency, double share)
{
	uint64_t rank = rank_of(latency, share);
	uint64_t below = 0;
	uint64_t ns = 0;

	for (unsigned int i = 0; i < LATENCY_BUCKETS && below < rank; i++) {
		below += latency->bucket[i];
		ns = middle(i);
	}
	ns = ns < latency->min ? latency->min : ns;
	return rank >= latency->count || ns > latency->max ? latency->max : ns;
}
