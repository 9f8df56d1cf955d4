/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many repeats it takes.
 *
 * The standard error of a sample's median goes with 1 / sqrt(n) (1 / (2 f sqrt(n)), f being the
 * density there: R. J. Serfling, Approximation Theorems of Mathematical Statistics, 1980, 2.3.3),
 * and so does its interval: n repeats with half a width h make it n (h / w)^2 for w. It is an
 * estimate from an estimate: h itself is off by some 20 % at ten repeats.
 */
#ifndef SESSION_SETTLE_H
#define SESSION_SETTLE_H

#include <stddef.h>
#include <stdint.h>

#include "session/session.h"

/* More are not asked for: it says that it is more than can be had. */
#define SETTLE_MOST 10000

/*
 * Repeats for an interval of half width `wanted`, when n gave `half_width`. At least n, at most
 * SETTLE_MOST. NO_INT: no width is known, or none is wanted.
 */
int64_t settle_width(size_t n, double half_width, double wanted);

/*
 * Repeats of each side, when n gave this ratio of medians, for its 95 % interval to leave out 1 in
 * four of five sessions, if the ratio is what it seems. The interval is taken on the logarithm,
 * where a ratio and its inverse are alike, by the half that reaches across 1. To be seen with a
 * power of 0.8, the ratio has to be z(0.975) + z(0.8) standard errors away from 1, where the
 * interval's half width is z(0.975) (J. Cohen, Statistical Power Analysis for the Behavioral
 * Sciences, 1988). n where it leaves out 1 already; NO_INT: no interval, or the ratio is 1.
 */
int64_t settle_ratio(const struct estimate *ratio, size_t n);

#endif
