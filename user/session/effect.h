/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What two sets of samples, one of each session, say about a change: pure numbers. docs/comparing.md
 * argues every choice.
 *
 * The change is the ratio of medians, new / base. What a session knows of its own median is the
 * two-sample bootstrap (session/stats.h). It cannot know how far another run of the same plan would
 * have been off: of 20 runs, 60 % of the 95 % intervals covered the pooled median, which takes an error
 * 2.3 times as large (tools/bench/aa); at ten repeats that is a shift between runs of about the
 * standard deviation of single samples. So that much is added, side by side, as a variance:
 *
 *	var(log ratio) = (half width of the bootstrap / z)^2 + spread(base)^2 + spread(new)^2
 *
 * where spread is half the distance of the 15.9th and the 84.1st percentile of the log samples, which
 * is their standard deviation if they are normal and does not mind an outlier in ten (of the sample
 * quantiles, the ninth definition of R. J. Hyndman, Y. Fan, Sample Quantiles in Statistical Packages,
 * Amer. Statist. 50, 1996, which is nearly unbiased for normal samples). Intervals are
 * of Student's t, with the degrees of freedom of the smaller side: Welch's least. More repeats narrow
 * the first part only.
 */
#ifndef SESSION_EFFECT_H
#define SESSION_EFFECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fewer have no interval worth the name: the bootstrap of five is their range. */
#define EFFECT_FEWEST 6

/* Errors of the first kind that are accepted, over all rows of a comparison together. */
#define EFFECT_ALPHA 0.05

struct effect {
	size_t n; /* samples of the smaller side */
	double base, now; /* medians */
	double ratio; /* now / base */
	double below, above; /* half widths of the bootstrap's interval, of log ratio, over z */
	double between; /* the two spreads, of log ratio */
	double p_ranks; /* the U test: session/rank.h */
	double p; /* the larger of that and of the ratio's: both have to say that it moved */
};

/*
 * All NaN (n are counted nevertheless) where a side has no samples, or one that is not finite and
 * above zero. With a single sample on a side only the medians and the ratio are not. Returns 0 or
 * -ENOMEM.
 */
int effect_measure(const double *base, size_t n_base, const double *now, size_t n_now,
		   uint64_t seed, struct effect *effect);

/* The interval of the ratio that holds it with that confidence, such as 0.95. */
void effect_interval(const struct effect *effect, double confidence, double interval[2]);

/*
 * S. Holm, A Simple Sequentially Rejective Multiple Test Procedure, Scand. J. Statist. 6 (1979): the
 * p-values adjusted so that all below alpha may be called different and the chance of any wrong one
 * is below alpha. Those that are NaN stay so and do not count. Returns 0 or -ENOMEM.
 */
int effect_holm(const double *p, size_t n, double *adjusted);

/*
 * Whether the U test could find anything at all with so many samples and rows: its least p is that of
 * two sets apart, 2 / C(n_base + n_now, n_base), which has to be below alpha / rows.
 */
bool effect_is_enough(size_t n_base, size_t n_now, size_t rows);

/* The least number of repeats of both sides that are enough. */
int64_t effect_fewest(size_t rows);

/*
 * Repeats of each side for an interval of that confidence that reaches no further than `target` from
 * the ratio, on the logarithm; see settle_width(). NO_INT: no number of repeats does, for the runs
 * lie further apart than that, or nothing is known.
 */
int64_t effect_settle(const struct effect *effect, double confidence, double target);

#endif
