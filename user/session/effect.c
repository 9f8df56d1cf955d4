/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/effect.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "session/rank.h"
#include "session/session.h"
#include "session/settle.h"
#include "session/stats.h"

/* One standard deviation to either side of the mean, if normal. */
#define ONE_SIGMA 0.158655

static bool have_logarithms(const double *samples, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(samples[i]) || !(samples[i] > 0))
			return false;
	return n > 0;
}

static int spread_of(const double *samples, size_t n, double *spread)
{
	double *logs = calloc(n, sizeof(double)), at = 0;

	if (!logs)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		logs[i] = log(samples[i]);
	gsl_sort(logs, 1, n);
	/* The k-th of n is taken for the quantile (k - 3/8) / (n + 1/4); GSL's own would be
	 * (k - 1) / (n - 1), with which ten samples seem to spread by a seventh less. */
	if (n > 1)
		at = fmax(0, (ONE_SIGMA * ((double)n + 0.25) - 0.625) / (double)(n - 1));
	*spread = (gsl_stats_quantile_from_sorted_data(logs, 1, n, 1 - at) -
		   gsl_stats_quantile_from_sorted_data(logs, 1, n, at)) /
		  2;
	free(logs);
	return 0;
}

static double freedom(const struct effect *effect)
{
	return (double)effect->n - 1;
}

/* That the ratio is one, by the half of its interval that reaches there. */
static double ratio_p(const struct effect *effect)
{
	double away = log(effect->ratio);
	double error = hypot(away > 0 ? effect->below : effect->above, effect->between);

	if (error == 0)
		return away == 0 ? 1 : 0;
	return fmin(1, 2 * gsl_cdf_tdist_Q(fabs(away) / error, freedom(effect)));
}

static int measure_errors(const double *base, size_t n_base, const double *now, size_t n_now,
			  uint64_t seed, struct effect *effect)
{
	const double z = gsl_cdf_ugaussian_Pinv(0.975);
	double spread_base, spread_now;
	struct estimate ratio;
	int err = estimate_ratio(now, n_now, base, n_base, seed, &ratio);

	if (!err)
		err = spread_of(base, n_base, &spread_base);
	if (!err)
		err = spread_of(now, n_now, &spread_now);
	if (err)
		return err;
	/* The median of all resamples need not be that of the samples. */
	effect->below = fmax(0, log(effect->ratio / ratio.ci95[0])) / z;
	effect->above = fmax(0, log(ratio.ci95[1] / effect->ratio)) / z;
	effect->between = hypot(spread_base, spread_now);
	effect->p_ranks = rank_compare(now, n_now, base, n_base).p;
	effect->p = fmax(effect->p_ranks, ratio_p(effect));
	return isnan(effect->p_ranks) ? -ENOMEM : 0;
}

int effect_measure(const double *base, size_t n_base, const double *now, size_t n_now,
		   uint64_t seed, struct effect *effect)
{
	*effect = (struct effect){
		.n = n_base < n_now ? n_base : n_now,
		.base = NAN,
		.now = NAN,
		.ratio = NAN,
		.below = NAN,
		.above = NAN,
		.between = NAN,
		.p_ranks = NAN,
		.p = NAN,
	};
	if (!have_logarithms(base, n_base) || !have_logarithms(now, n_now))
		return 0;
	effect->base = stats_median(base, n_base);
	effect->now = stats_median(now, n_now);
	if (isnan(effect->base) || isnan(effect->now))
		return -ENOMEM;
	effect->ratio = effect->now / effect->base;
	if (!isfinite(log(effect->ratio)))
		effect->ratio = NAN;
	if (isnan(effect->ratio) || effect->n < 2)
		return 0;
	return measure_errors(base, n_base, now, n_now, seed, effect);
}

static double quantile(const struct effect *effect, double confidence)
{
	return gsl_cdf_tdist_Pinv((1 + confidence) / 2, freedom(effect));
}

void effect_interval(const struct effect *effect, double confidence, double interval[2])
{
	double t;

	interval[0] = interval[1] = NAN;
	if (effect->n < 2)
		return;
	t = quantile(effect, confidence);
	interval[0] = effect->ratio * exp(-t * hypot(effect->below, effect->between));
	interval[1] = effect->ratio * exp(t * hypot(effect->above, effect->between));
}

int effect_holm(const double *p, size_t n, double *adjusted)
{
	size_t *order = calloc(n + 1, sizeof(*order)), tests = 0, rank;
	double least = 0;

	if (!order)
		return -ENOMEM;
	/* What has no p comes last: none is above 1. */
	for (size_t i = 0; i < n; i++) {
		adjusted[i] = isnan(p[i]) ? 2 : p[i];
		tests += isnan(p[i]) ? 0 : 1;
	}
	gsl_sort_index(order, adjusted, 1, n);
	for (rank = 0; rank < tests; rank++) {
		least = fmax(least, fmin(1, (double)(tests - rank) * p[order[rank]]));
		adjusted[order[rank]] = least;
	}
	for (; rank < n; rank++)
		adjusted[order[rank]] = NAN;
	free(order);
	return 0;
}

bool effect_is_enough(size_t n_base, size_t n_now, size_t rows)
{
	size_t n = n_base < n_now ? n_base : n_now;
	double ways; /* their logarithm: of a few hundred samples they are no double */

	if (n < EFFECT_FEWEST)
		return false;
	ways = gsl_sf_lngamma((double)(n_base + n_now) + 1) - gsl_sf_lngamma((double)n_base + 1) -
	       gsl_sf_lngamma((double)n_now + 1);
	return log(2) - ways < log(EFFECT_ALPHA / (rows ? (double)rows : 1));
}

int64_t effect_fewest(size_t rows)
{
	size_t n = EFFECT_FEWEST;

	while (!effect_is_enough(n, n, rows))
		n++;
	return (int64_t)n;
}

int64_t effect_settle(const struct effect *effect, double confidence, double target)
{
	double t, within, between;

	if (effect->n < 2 || isnan(effect->p))
		return NO_INT;
	t = quantile(effect, confidence);
	within = t * fmax(effect->below, effect->above);
	between = t * effect->between;
	if (!(target > between))
		return NO_INT;
	return settle_width(effect->n, within, sqrt(target * target - between * between));
}
