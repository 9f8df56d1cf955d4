/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/latency_bar.h"

#include <math.h>

#include "session/derive.h"

#define HEIGHTS 8

static int64_t at_least_one(int64_t ns)
{
	return ns < 1 ? 1 : ns;
}

struct axis latency_axis(const struct session *session)
{
	struct axis axis = { NO_INT, NO_INT };
	size_t i;

	for (i = 0; i < session->n_results; i++) {
		const struct latencies *latencies = session->results[i].latency;
		int64_t lo, hi;

		if (!latencies || !latencies->n_bins)
			continue;
		lo = at_least_one(latencies->bins[0].lo);
		hi = at_least_one(latencies->max);
		if (axis.lo == NO_INT || lo < axis.lo)
			axis.lo = lo;
		if (axis.hi == NO_INT || hi > axis.hi)
			axis.hi = hi;
	}
	return axis;
}

/* In the middle of a bin is what its percentiles say. */
static double middle_of(const struct bin *bin)
{
	double lo = derive_real(bin->lo), hi = derive_real(bin->hi);

	return fmax(1, isfinite(hi) ? (lo + hi) / 2 : lo);
}

static size_t cell_of(const struct axis *axis, double ns)
{
	double span = log((double)axis->hi / (double)axis->lo);
	double at = span > 0 ? LATENCY_CELLS * log(ns / (double)axis->lo) / span : 0;

	return at >= LATENCY_CELLS ? LATENCY_CELLS - 1 : at > 0 ? (size_t)at : 0;
}

/* Returns the fullest. */
static double fill(const struct latencies *latencies, const struct axis *axis,
		   double cells[LATENCY_CELLS])
{
	double most = 0;
	size_t i;

	for (i = 0; i < latencies->n_bins; i++) {
		const struct bin *bin = &latencies->bins[i];
		double *cell = &cells[cell_of(axis, middle_of(bin))];

		*cell += fmax(0, derive_real(bin->n));
		most = fmax(most, *cell);
	}
	return most;
}

void latency_bar(const struct latencies *latencies, const struct axis *axis,
		 const struct report_style *style, FILE *out)
{
	static const char *const blocks[HEIGHTS] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const ascii[HEIGHTS] = { ".", ":", "-", "=", "+", "*", "#", "@" };
	const char *const *heights = style->utf8 ? blocks : ascii;
	double cells[LATENCY_CELLS] = { 0 };
	double most = latencies ? fill(latencies, axis, cells) : 0;
	size_t used = LATENCY_CELLS, i;

	if (most == 0) {
		fputc('-', out);
		return;
	}
	while (cells[used - 1] == 0)
		used--;
	for (i = 0; i < used; i++)
		fputs(cells[i] > 0 ? heights[(size_t)ceil(HEIGHTS * (cells[i] / most)) - 1] : " ",
		      out);
}
