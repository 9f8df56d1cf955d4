/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Histograms of durations, drawn so that those of all results can be compared by eye. */
#ifndef REPORT_HISTOGRAM_BAR_H
#define REPORT_HISTOGRAM_BAR_H

#include "report/view.h"

#define HISTOGRAM_CELLS 16

/* Logarithmic, from the shortest to the longest of all histograms that are to be compared. */
struct axis {
	int64_t lo, hi; /* nanoseconds, at least 1; NO_INT: there is nothing at all */
};

#define AXIS_OF_NOTHING ((struct axis){ NO_INT, NO_INT })

/* Makes room for a histogram, whose longest is `max`; none where there are no bins. */
void axis_extend(struct axis *axis, const struct bin *bins, size_t n_bins, int64_t max);

/* " · HISTOGRAM from 1 ns to 2 ms ...", of a column or columns with that title. */
void axis_put(const struct axis *axis, const char *title, FILE *out);

/*
 * HISTOGRAM_CELLS cells at most, for none is blank at the end. The fullest is the highest; where
 * anything is, a cell is not blank. "-" without bins.
 */
void histogram_bar(const struct bin *bins, size_t n_bins, const struct axis *axis,
		   const struct report_style *style, FILE *out);

#endif
