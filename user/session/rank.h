/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the ranks of samples say, whatever their distribution. All p-values are two-sided. NaN where
 * there is too little to say, a sample is not finite, or memory runs out.
 */
#ifndef SESSION_RANK_H
#define SESSION_RANK_H

#include <stddef.h>

/* With fewer on both sides, and no ties, the distribution is counted out; R draws the line there. */
#define RANK_EXACT_BELOW 50

struct rank_test {
	double u; /* pairs in which a's is the larger, ties counted half */
	double effect; /* u / (n_a * n_b): how likely one of a is larger than one of b */
	double p;
};

/*
 * Whether a and b differ in location: the U test. H. B. Mann, D. R. Whitney, On a Test of Whether
 * one of Two Random Variables is Stochastically Larger than the Other, Ann. Math. Statist. 18
 * (1947). Exact by their recurrence for few samples without ties; otherwise the normal
 * approximation, with the variance corrected for ties and half a unit for continuity: M. Hollander,
 * D. A. Wolfe, Nonparametric Statistical Methods, 1973, chapter 4. As R's wilcox.test() by default.
 */
struct rank_test rank_compare(const double *a, size_t n_a, const double *b, size_t n_b);

struct rank_trend {
	double p;
	double change; /* from the first sample to the last, along the line: n - 1 slopes */
};

/*
 * Whether the samples rise or fall with their order: Mann's test by Kendall's S (H. B. Mann,
 * Nonparametric Tests Against Trend, Econometrica 13, 1945; M. G. Kendall, Rank Correlation
 * Methods, 1975), exact or approximated as above. How much: by Theil and Sen's slope, the median
 * of those of all pairs (P. K. Sen, Estimates of the Regression Coefficient Based on Kendall's Tau,
 * J. Amer. Statist. Assoc. 63, 1968).
 */
struct rank_trend rank_trend(const double *samples, size_t n);

#endif
