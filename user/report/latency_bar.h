/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Histograms of latencies, drawn so that those of all results can be compared by eye. */
#ifndef REPORT_LATENCY_BAR_H
#define REPORT_LATENCY_BAR_H

#include "report/view.h"

#define LATENCY_CELLS 16

/* Logarithmic, from the shortest to the longest of all results of a session. */
struct axis {
	int64_t lo, hi; /* nanoseconds, at least 1; NO_INT: there is no latency at all */
};

struct axis latency_axis(const struct session *session);

/*
 * LATENCY_CELLS cells at most, for none is blank at the end. The fullest is the highest; where
 * anything is, a cell is not blank. "-" without a latency.
 */
void latency_bar(const struct latencies *latencies, const struct axis *axis,
		 const struct report_style *style, FILE *out);

#endif
