/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The probe's histograms of durations, and what a session says of them. Buckets and their error
 * bound are those of <tracebench/histogram.h>.
 */
#ifndef SESSION_HISTOGRAM_H
#define SESSION_HISTOGRAM_H

#include <stdint.h>
#include <tracebench/histogram.h>

#include "session/session.h"

/* Sums over tasks and repeats, which a slot's 32 bits might not hold. */
struct histogram {
	uint64_t count[TB_HIST_BUCKETS];
};

/*
 * What was counted from one copy of a slot's histogram to a later one of the same slot. Right also
 * where a counter wrapped round once in between.
 */
void histogram_window(const struct tb_histogram *from, const struct tb_histogram *to,
		      struct tb_histogram *window);

/* Adds the counts of a window to `sum`. */
void histogram_add(struct histogram *sum, const struct tb_histogram *window);

/*
 * Fills `distribution`, which must own nothing. A percentile is that of the smallest duration that
 * so many percent do not exceed; the durations of a bin are taken to be spread evenly over it, so
 * it is wrong by less than 25 % (256 ns in the first bin). In the last bin, which is open, it is
 * the lower bound. Nothing counted: no percentiles and no bins.
 *
 * Returns 0 or -ENOMEM, and then it owns nothing.
 */
int histogram_distribution(const struct histogram *histogram, struct distribution *distribution);

#endif
