/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the repeats of a race say together.
 *
 * A confidence interval is the 95 % percentile interval of the bootstrap: the median is computed of
 * 2,000 resamples, drawn from the samples with replacement, and the interval is from the 2.5th to
 * the 97.5th percentile of those medians (B. Efron, R. J. Tibshirani, An Introduction to the
 * Bootstrap, 1993, chapter 13). It asks for no distribution of the samples, which have none that
 * is known: often two groups and a tail.
 *
 * The same samples and seed give the same interval (MT19937). Null is NaN. A sample that is not
 * finite makes the median and the interval null.
 */
#ifndef SESSION_STATS_H
#define SESSION_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "session/session.h"

#define STATS_RESAMPLES 2000

/* Of an even number, the mean of the two in the middle. NaN of none, or when memory runs out. */
double stats_median(const double *samples, size_t n);

/*
 * Fills `estimate`, which must own nothing, with a copy of the samples, their median and its
 * interval. No samples: all null. A single one has a median, but no interval. Returns 0 or -ENOMEM,
 * and then it owns nothing.
 */
int estimate_median(const double *samples, size_t n, uint64_t seed, struct estimate *estimate);

/*
 * The ratio median(a) / median(b), as for a slowdown: a traced, b untraced. Its interval is that of
 * the two-sample bootstrap, which resamples a and b each by itself (chapter 8). It keeps no
 * samples. The median is null where a side has none or its ratio is not finite; the interval also
 * where a side has a single sample, or any resample's ratio is not finite. Returns 0 or -ENOMEM.
 */
int estimate_ratio(const double *a, size_t n_a, const double *b, size_t n_b, uint64_t seed,
		   struct estimate *estimate);

/*
 * Jain's fairness index (sum x)^2 / (n * sum x^2): 1 when all shares are equal, 1/n when one has
 * all. R. Jain, D. Chiu, W. Hawe, A Quantitative Measure of Fairness and Discrimination for
 * Resource Allocation in Shared Computer Systems, DEC-TR-301, 1984. NaN of none, or of zeros.
 */
double stats_jain(const double *shares, size_t n);

#endif
