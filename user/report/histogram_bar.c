/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/histogram_bar.h"

#include <math.h>

#include "report/cell.h"
#include "session/derive.h"

#define HEIGHTS 8

static int64_t at_least_one(int64_t ns)
{
	return ns < 1 ? 1 : ns;
}

void axis_extend(struct axis *axis, const struct bin *bins, size_t n_bins, int64_t max)
{
	int64_t lo, hi;

	if (!n_bins)
		return;
	lo = at_least_one(bins[0].lo);
	hi = at_least_one(max);
	if (axis->lo == NO_INT || lo < axis->lo)
		axis->lo = lo;
	if (axis->hi == NO_INT || hi > axis->hi)
		axis->hi = hi;
}

void axis_put(const struct axis *axis, const char *title, FILE *out)
{
	fprintf(out, " · %s from ", title);
	cell_put_latency(out, axis->lo);
	fputs(" to ", out);
	cell_put_latency(out, axis->hi);
	fputs(" on a logarithmic axis, the same for all; its fullest cell is the highest", out);
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
	double at = span > 0 ? HISTOGRAM_CELLS * log(ns / (double)axis->lo) / span : 0;

	return at >= HISTOGRAM_CELLS ? HISTOGRAM_CELLS - 1 : at > 0 ? (size_t)at : 0;
}

/* Returns the fullest. */
static double fill(const struct bin *bins, size_t n_bins, const struct axis *axis,
		   double cells[HISTOGRAM_CELLS])
{
	double most = 0;
	size_t i;

	for (i = 0; i < n_bins; i++) {
		double *cell = &cells[cell_of(axis, middle_of(&bins[i]))];

		*cell += fmax(0, derive_real(bins[i].n));
		most = fmax(most, *cell);
	}
	return most;
}

void histogram_bar(const struct bin *bins, size_t n_bins, const struct axis *axis,
		   const struct report_style *style, FILE *out)
{
	static const char *const blocks[HEIGHTS] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const ascii[HEIGHTS] = { ".", ":", "-", "=", "+", "*", "#", "@" };
	const char *const *heights = style->utf8 ? blocks : ascii;
	double cells[HISTOGRAM_CELLS] = { 0 };
	double most = fill(bins, n_bins, axis, cells);
	size_t used = HISTOGRAM_CELLS, i;

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
