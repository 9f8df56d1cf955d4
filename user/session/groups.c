/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/groups.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RARE 0.01

struct split {
	size_t lower; /* samples in the lower group */
	double gap; /* over the standard deviation within the groups */
};

static size_t smallest_group(size_t n)
{
	size_t fifth = (n + 4) / 5;

	return fifth > 3 ? fifth : 3;
}

/*
 * Between and within add up to the whole, so the most between is the least within. It is worked out
 * from the sum of the lower group, as it grows, about the mean of all.
 */
static struct split split_of(const double *sorted, size_t n)
{
	struct split split = { 0, 0 };
	size_t fewest = smallest_group(n);
	double mean = gsl_stats_mean(sorted, 1, n), total = gsl_stats_tss_m(sorted, 1, n, mean);
	double sum = 0, least = INFINITY, step;

	for (size_t lower = 1; lower + fewest <= n; lower++) {
		double within;

		sum += sorted[lower - 1] - mean;
		within = total - sum * sum * (double)n / (double)lower / (double)(n - lower);
		if (lower >= fewest && within < least) {
			least = within;
			split.lower = lower;
		}
	}
	least = gsl_stats_tss(sorted, 1, split.lower) +
		gsl_stats_tss(sorted + split.lower, 1, n - split.lower);
	step = sorted[split.lower] - sorted[split.lower - 1];
	split.gap = step > 0 ? step / sqrt(least / (double)(n - 2)) : 0;
	return split;
}

/* Whether fewer than RARE of as many uniform samples have so wide a gap. */
static bool is_rare(double gap, size_t n, gsl_rng *rng, double *room)
{
	unsigned int as_wide = 0;

	for (unsigned int draw = 0; draw < GROUPS_DRAWS && as_wide < RARE * GROUPS_DRAWS; draw++) {
		for (size_t i = 0; i < n; i++)
			room[i] = gsl_rng_uniform(rng);
		gsl_sort(room, 1, n);
		as_wide += split_of(room, n).gap >= gap;
	}
	return as_wide < RARE * GROUPS_DRAWS;
}

static void describe(const double *sorted, size_t n, const struct split *split,
		     struct groups *groups)
{
	groups->bound = sorted[split->lower];
	groups->n[0] = split->lower;
	groups->n[1] = n - split->lower;
	groups->median[0] = gsl_stats_median_from_sorted_data(sorted, 1, groups->n[0]);
	groups->median[1] =
		gsl_stats_median_from_sorted_data(sorted + split->lower, 1, groups->n[1]);
}

bool groups_find(const double *samples, size_t n, uint64_t seed, struct groups *groups)
{
	struct split split;
	double *sorted;
	gsl_rng *rng;
	bool found = false;

	if (n < GROUPS_FEWEST)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isfinite(samples[i]))
			return false;
	gsl_set_error_handler_off();
	rng = gsl_rng_alloc(gsl_rng_mt19937);
	sorted = calloc(2 * n, sizeof(double));
	if (rng && sorted) {
		gsl_rng_set(rng, (unsigned long)((seed ^ (seed >> 32)) & UINT32_MAX));
		memcpy(sorted, samples, n * sizeof(double));
		gsl_sort(sorted, 1, n);
		split = split_of(sorted, n);
		describe(sorted, n, &split, groups);
		found = is_rare(split.gap, n, rng, sorted + n);
	}
	free(sorted);
	if (rng)
		gsl_rng_free(rng);
	return found;
}
