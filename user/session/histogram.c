/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/histogram.h"

#include <errno.h>
#include <stdlib.h>

void histogram_window(const struct tb_histogram *from, const struct tb_histogram *to,
		      struct tb_histogram *window)
{
	for (uint32_t i = 0; i < TB_HIST_BUCKETS; i++)
		window->count[i] = to->count[i] - from->count[i];
}

void histogram_add(struct histogram *sum, const struct tb_histogram *window)
{
	for (uint32_t i = 0; i < TB_HIST_BUCKETS; i++)
		sum->count[i] += window->count[i];
}

static struct bin make_bin(uint32_t index, uint64_t n)
{
	bool open = index == TB_HIST_BUCKETS - 1;

	return (struct bin){
		.lo = (int64_t)tb_hist_floor(index),
		.hi = open ? NO_INT : (int64_t)tb_hist_floor(index + 1),
		.n = (int64_t)n,
	};
}

/* The rank-th of a bin's n, from 1: n durations spread evenly lie in the middles of n parts. */
static int64_t inside(const struct bin *bin, uint64_t rank)
{
	double part;

	if (bin->hi == NO_INT)
		return bin->lo;
	part = ((double)rank - 0.5) / (double)bin->n;
	return bin->lo + (int64_t)((double)(bin->hi - bin->lo) * part);
}

/* By nearest rank: the ceil(percent / 100 * total)-th duration in order. */
static int64_t percentile(const struct distribution *distribution, uint64_t total,
			  unsigned int percent)
{
	/* Whole hundreds apart, so that no product overflows. */
	uint64_t rank = total / 100 * percent + (total % 100 * percent + 99) / 100;

	for (size_t i = 0; i < distribution->n_bins; i++) {
		const struct bin *bin = &distribution->bins[i];

		if (rank <= (uint64_t)bin->n)
			return inside(bin, rank);
		rank -= (uint64_t)bin->n;
	}
	return NO_INT;
}

int histogram_distribution(const struct histogram *histogram, struct distribution *distribution)
{
	uint64_t total = 0;
	size_t used = 0;

	*distribution = (struct distribution){ .p50 = NO_INT, .p99 = NO_INT, .max = NO_INT };
	for (uint32_t i = 0; i < TB_HIST_BUCKETS; i++) {
		total += histogram->count[i];
		used += histogram->count[i] != 0;
	}
	if (used == 0)
		return 0;
	distribution->bins = calloc(used, sizeof(*distribution->bins));
	if (!distribution->bins)
		return -ENOMEM;
	for (uint32_t i = 0; i < TB_HIST_BUCKETS; i++)
		if (histogram->count[i])
			distribution->bins[distribution->n_bins++] =
				make_bin(i, histogram->count[i]);
	distribution->p50 = percentile(distribution, total, 50);
	distribution->p99 = percentile(distribution, total, 99);
	distribution->max = distribution->bins[used - 1].hi;
	return 0;
}
