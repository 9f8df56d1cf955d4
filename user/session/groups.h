/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether samples fall into two groups.
 *
 * They are split where the variance between the two sides is largest (N. Otsu, A Threshold
 * Selection Method from Gray-Level Histograms, IEEE Trans. SMC 9, 1979), with at least a fifth and
 * at least three on either side: fewer are outliers. What is judged is the gap at the split over
 * the standard deviation within the groups. It is called two groups when less than 1 % of as many
 * uniform samples have so wide a gap: the uniform is the unimodal distribution that is hardest to
 * tell from two groups, as in J. A. Hartigan, P. M. Hartigan, The Dip Test of Unimodality, Ann.
 * Statist. 13 (1985). That share is counted over GROUPS_DRAWS seeded draws. Of normal and of
 * lognormal noise less than 1 % are taken for groups (test_groups.c).
 */
#ifndef SESSION_GROUPS_H
#define SESSION_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GROUPS_DRAWS 2000
#define GROUPS_FEWEST 6 /* samples */

struct groups {
	double bound; /* the samples of the lower group are below it */
	double median[2]; /* of the lower group, of the upper */
	size_t n[2];
};

/* True: they do, and *groups is filled. False also when memory runs out. */
bool groups_find(const double *samples, size_t n, uint64_t seed, struct groups *groups);

#endif
