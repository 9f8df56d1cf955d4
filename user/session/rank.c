/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/rank.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool all_finite(const double *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(values[i]))
			return false;
	return true;
}

/* The smaller tail twice. `below` and `above` both hold the value that was seen. */
static double two_sided(double below, double above)
{
	return fmin(1, 2 * fmin(below, above));
}

/* `distance` from what is expected, at least half a unit of which is the step between counts. */
static double normal_p(double distance, double step, double variance)
{
	if (!(variance > 0))
		return 1;
	return two_sided(1,
			 gsl_cdf_ugaussian_Q(fmax(0, fabs(distance) - step / 2) / sqrt(variance)));
}

/* The two tails at `seen` of counts[0..most], which sum to all the ways there are. */
static double counted_p(const double *counts, size_t most, size_t seen)
{
	double below = 0, above = 0, all = 0;

	for (size_t i = 0; i <= most; i++) {
		all += counts[i];
		below += i <= seen ? counts[i] : 0;
		above += i >= seen ? counts[i] : 0;
	}
	return two_sided(below / all, above / all);
}

/*
 * In how many of the ways to choose n_a of n_a + n_b ranks each U comes out. A rank, from the
 * lowest to the highest, is one of a's or not; as the j-th of a's it is larger than as many of b's
 * as there were. Sums of positive numbers: nothing cancels.
 */
static double exact_u_p(size_t n_a, size_t n_b, size_t u)
{
	size_t most = n_a * n_b;
	double *ways = calloc((n_a + 1) * (most + 1), sizeof(double));
	double p;

	if (!ways)
		return NAN;
	ways[0] = 1;
	for (size_t rank = 0; rank < n_a + n_b; rank++) {
		for (size_t j = rank + 1 < n_a ? rank + 1 : n_a; j >= 1; j--) {
			size_t gain = rank + 1 - j; /* of b's below */

			for (size_t sum = gain; sum <= most && gain <= n_b; sum++)
				ways[j * (most + 1) + sum] +=
					ways[(j - 1) * (most + 1) + sum - gain];
		}
	}
	p = counted_p(&ways[n_a * (most + 1)], most, u);
	free(ways);
	return p;
}

static double mann_whitney_ties(double t)
{
	return t * t * t - t;
}

static double kendall_ties(double t)
{
	return t * (t - 1) * (2 * t + 5);
}

/* What a correction adds up to over the groups of equal values; 0: there are none. */
static double ties_of(const double *samples, size_t n, double (*of_group)(double t), double *room)
{
	double sum = 0;
	size_t end;

	memcpy(room, samples, n * sizeof(double));
	gsl_sort(room, 1, n);
	for (size_t start = 0; start < n; start = end) {
		for (end = start; end < n && room[end] == room[start]; end++)
			;
		sum += of_group((double)(end - start));
	}
	return sum;
}

static double approximate_u_p(double u, double n_a, double n_b, double ties)
{
	double n = n_a + n_b;
	double variance = n_a * n_b / 12 * (n + 1 - ties / (n * (n - 1)));

	return normal_p(u - n_a * n_b / 2, 1, variance);
}

struct rank_test rank_compare(const double *a, size_t n_a, const double *b, size_t n_b)
{
	struct rank_test test = { NAN, NAN, NAN };
	double *both, ties;

	if (!n_a || !n_b || !all_finite(a, n_a) || !all_finite(b, n_b))
		return test;
	both = calloc(2 * (n_a + n_b), sizeof(double));
	if (!both)
		return test;
	memcpy(both, a, n_a * sizeof(double));
	memcpy(both + n_a, b, n_b * sizeof(double));
	ties = ties_of(both, n_a + n_b, mann_whitney_ties, both + n_a + n_b);
	free(both);
	test.u = 0;
	for (size_t i = 0; i < n_a; i++)
		for (size_t j = 0; j < n_b; j++)
			test.u += a[i] > b[j] ? 1 : a[i] == b[j] ? 0.5 : 0;
	test.effect = test.u / ((double)n_a * (double)n_b);
	test.p = ties == 0 && n_a < RANK_EXACT_BELOW && n_b < RANK_EXACT_BELOW ?
			 exact_u_p(n_a, n_b, (size_t)test.u) :
			 approximate_u_p(test.u, (double)n_a, (double)n_b, ties);
	return test;
}

/* How many orders of n values have so many pairs the wrong way round: each further value adds from
 * none to as many as there were before it. */
static double exact_trend_p(size_t n, size_t inversions)
{
	size_t most = n * (n - 1) / 2;
	double *ways = calloc(2 * (most + 1), sizeof(double));
	double *now = ways, p;

	if (!ways)
		return NAN;
	now[0] = 1;
	for (size_t added = 1; added < n; added++) {
		double *next = now == ways ? ways + most + 1 : ways;

		for (size_t i = 0; i <= most; i++) {
			next[i] = 0;
			for (size_t more = 0; more <= added && more <= i; more++)
				next[i] += now[i - more];
		}
		now = next;
	}
	p = counted_p(now, most, inversions);
	free(ways);
	return p;
}

static double trend_p(double s, size_t n, double ties)
{
	double pairs = (double)(n * (n - 1)) / 2;
	double variance = (2 * pairs * (2 * (double)n + 5) - ties) / 18;

	/* S is pairs less twice the inversions. */
	if (ties == 0 && n < RANK_EXACT_BELOW)
		return exact_trend_p(n, (size_t)((pairs - s) / 2));
	return normal_p(s, 2, variance);
}

struct rank_trend rank_trend(const double *samples, size_t n)
{
	struct rank_trend trend = { NAN, NAN };
	size_t pairs = n * (n - 1) / 2;
	double *room, ties, s = 0;

	if (n < 3 || !all_finite(samples, n))
		return trend;
	room = calloc(pairs > n ? pairs : n, sizeof(double));
	if (!room)
		return trend;
	ties = ties_of(samples, n, kendall_ties, room);
	pairs = 0;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n; j++) {
			s += (samples[j] > samples[i]) - (samples[j] < samples[i]);
			room[pairs++] = (samples[j] - samples[i]) / (double)(j - i);
		}
	}
	trend.p = trend_p(s, n, ties);
	trend.change = gsl_stats_median(room, 1, pairs) * (double)(n - 1);
	free(room);
	return trend;
}
