/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/stats.h"

#include <errno.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Samples to draw from, and room for a draw: GSL's median reorders what it is given. */
struct urn {
	const double *samples;
	size_t n;
	double *drawn;
};

static int urn_fill(struct urn *urn, const double *samples, size_t n)
{
	*urn = (struct urn){ .samples = samples, .n = n };
	urn->drawn = calloc(n ? n : 1, sizeof(double));
	return urn->drawn ? 0 : -ENOMEM;
}

static double urn_median(struct urn *urn)
{
	if (urn->n == 0)
		return NAN;
	memcpy(urn->drawn, urn->samples, urn->n * sizeof(double));
	return gsl_stats_median(urn->drawn, 1, urn->n);
}

static double urn_resample(struct urn *urn, gsl_rng *rng)
{
	for (size_t i = 0; i < urn->n; i++)
		urn->drawn[i] = urn->samples[gsl_rng_uniform_int(rng, urn->n)];
	return gsl_stats_median(urn->drawn, 1, urn->n);
}

static bool all_finite(const double *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(values[i]))
			return false;
	return true;
}

/* GSL's own answer to a lack of memory is to abort. MT19937 takes 32 bits of seed: fold them. */
static gsl_rng *seeded(uint64_t seed)
{
	gsl_rng *rng;

	gsl_set_error_handler_off();
	rng = gsl_rng_alloc(gsl_rng_mt19937);
	if (rng)
		gsl_rng_set(rng, (unsigned long)((seed ^ (seed >> 32)) & UINT32_MAX));
	return rng;
}

/* The interval of a's median, or where there is a b, of median(a) / median(b). */
static int bootstrap(struct urn *a, struct urn *b, uint64_t seed, double ci95[2])
{
	double *medians = calloc(STATS_RESAMPLES, sizeof(double));
	gsl_rng *rng = seeded(seed);
	int err = medians && rng ? 0 : -ENOMEM;

	if (err)
		goto out;
	for (size_t i = 0; i < STATS_RESAMPLES; i++) {
		medians[i] = urn_resample(a, rng);
		if (b)
			medians[i] /= urn_resample(b, rng);
	}
	if (!all_finite(medians, STATS_RESAMPLES))
		goto out;
	gsl_sort(medians, 1, STATS_RESAMPLES);
	ci95[0] = gsl_stats_quantile_from_sorted_data(medians, 1, STATS_RESAMPLES, 0.025);
	ci95[1] = gsl_stats_quantile_from_sorted_data(medians, 1, STATS_RESAMPLES, 0.975);
out:
	if (rng)
		gsl_rng_free(rng);
	free(medians);
	return err;
}

double stats_median(const double *samples, size_t n)
{
	struct urn urn;
	double median = NAN;

	if (!all_finite(samples, n))
		return NAN;
	if (!urn_fill(&urn, samples, n))
		median = urn_median(&urn);
	free(urn.drawn);
	return median;
}

int estimate_median(const double *samples, size_t n, uint64_t seed, struct estimate *estimate)
{
	struct urn urn;
	int err;

	*estimate = (struct estimate){ .median = NAN, .ci95 = { NAN, NAN } };
	if (n == 0)
		return 0;
	err = urn_fill(&urn, samples, n);
	if (!err && all_finite(samples, n)) {
		estimate->median = urn_median(&urn);
		if (n > 1)
			err = bootstrap(&urn, NULL, seed, estimate->ci95);
	}
	if (err) {
		free(urn.drawn);
		return err;
	}
	/* The urn's room becomes the copy. */
	memcpy(urn.drawn, samples, n * sizeof(double));
	estimate->samples = urn.drawn;
	estimate->n_samples = n;
	return 0;
}

int estimate_ratio(const double *a, size_t n_a, const double *b, size_t n_b, uint64_t seed,
		   struct estimate *estimate)
{
	struct urn over = { .drawn = NULL }, under = { .drawn = NULL };
	double ratio;
	int err;

	*estimate = (struct estimate){ .median = NAN, .ci95 = { NAN, NAN } };
	if (!all_finite(a, n_a) || !all_finite(b, n_b))
		return 0;
	err = urn_fill(&over, a, n_a);
	if (!err)
		err = urn_fill(&under, b, n_b);
	if (!err) {
		ratio = urn_median(&over) / urn_median(&under);
		estimate->median = isfinite(ratio) ? ratio : NAN;
		if (n_a > 1 && n_b > 1)
			err = bootstrap(&over, &under, seed, estimate->ci95);
	}
	free(over.drawn);
	free(under.drawn);
	return err;
}

double stats_jain(const double *shares, size_t n)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < n; i++) {
		sum += shares[i];
		squares += shares[i] * shares[i];
	}
	return squares > 0 ? sum * sum / ((double)n * squares) : NAN;
}
