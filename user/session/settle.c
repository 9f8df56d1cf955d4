/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/settle.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

int64_t settle_width(size_t n, double half_width, double wanted)
{
	double factor = half_width / wanted;

	if (n == 0 || !isfinite(half_width) || !(half_width >= 0) || !(wanted > 0))
		return NO_INT;
	if (factor <= 1)
		return n < SETTLE_MOST ? (int64_t)n : SETTLE_MOST;
	return (int64_t)fmin(SETTLE_MOST, ceil((double)n * factor * factor));
}

int64_t settle_ratio(const struct estimate *ratio, size_t n)
{
	const double interval = gsl_cdf_ugaussian_Pinv(0.975), power = gsl_cdf_ugaussian_Pinv(0.8);
	double away = log(ratio->median);
	double half_width = away > 0 ? away - log(ratio->ci95[0]) : log(ratio->ci95[1]) - away;

	if (ratio->ci95[0] > 1 || ratio->ci95[1] < 1)
		return settle_width(n, 0, 1);
	/* A side that reaches to zero or beyond has no logarithm. */
	if (!isfinite(half_width))
		return NO_INT;
	return settle_width(n, half_width * (interval + power) / interval, fabs(away));
}
