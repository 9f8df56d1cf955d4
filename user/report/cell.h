/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the columns' cells are written with. What was not measured is "-"; what is not to be
 * believed is "void". Internal to the table.
 */
#ifndef REPORT_CELL_H
#define REPORT_CELL_H

#include "report/view.h"

/* What writes a cell of a column; see struct column. */
#define CELL(name) \
	static void name(const struct view *view __attribute__((unused)), \
			 const struct result *result __attribute__((unused)), \
			 size_t part __attribute__((unused)), FILE *out, \
			 enum paint *paint __attribute__((unused)))

/* Three digits and what comes after the number; "<0.001" for the least. */
void cell_put(FILE *out, double value, const char *after);

/* All digits of a small count, else as cell_put(): half of anything is not counted. */
void cell_put_whole(FILE *out, int64_t count);

/* Narrower than in a sentence: below `decimals_below` with a decimal, what has no room as a bound. */
void cell_put_percent(FILE *out, double percent, double decimals_below);

/* Nanoseconds in the unit that suits them. */
void cell_put_time(FILE *out, int64_t ns);
void cell_put_duration(FILE *out, double ns);

/*
 * The same of a latency. Below 100 ns it is exact to the nanosecond and has no decimals: there is
 * nothing between one and the next.
 */
void cell_put_latency(FILE *out, int64_t ns);

/* Nothing, or the counts that may be shown; says itself why there are none. */
const struct sleeps *cell_sleeps(const struct result *result, FILE *out, enum paint *paint);

/* A count at the sleeps level per thousand increments, or why there is none. */
void cell_put_per_kop(const struct result *result, int64_t count, FILE *out, enum paint *paint);

/* The cell of such a count, by its member. */
#define PER_KOP_CELL(name, count) \
	CELL(name) \
	{ \
		const struct sleeps *seen = derive_sleeps(result); \
\
		cell_put_per_kop(result, seen ? seen->count : NO_INT, out, paint); \
	}

#endif
