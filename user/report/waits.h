/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Waits of one kind, and how those of many kinds make rows: the first few each its own, those after
 * them one together. Internal to the table.
 */
#ifndef REPORT_WAITS_H
#define REPORT_WAITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Nanoseconds; NaN: not measured. */
struct waits {
	double count;
	double total_ns;
	double longest_ns; /* of those whose longest is known */
};

/* Waits that may be counted together. */
struct wait_list {
	const void *items;
	size_t n;
	struct waits (*at)(const void *items, size_t item);
};

/* So many rows there are below the one for all. */
size_t waits_rows(size_t n);

/* Of the rows below, whether that is the one of those together that have none of their own. */
bool waits_is_rest(size_t n, size_t part);

/* Of a row: one of the list, those that have no row, or all with NO_PART. */
struct waits waits_of(const struct wait_list *list, size_t part);

/* Of all of them together; no unit where they came to nothing. */
void waits_put_total(struct waits waits, FILE *out);
void waits_put_mean(struct waits waits, FILE *out);
void waits_put_longest(struct waits waits, FILE *out);

/* A cell of a row of waits, which the file's own waits_for() finds. */
#define WAITS_CELL(name, put) \
	CELL(name) \
	{ \
		const struct sleeps *sleeps = cell_sleeps(result, out, paint); \
\
		if (sleeps) \
			put(waits_for(sleeps, part), out); \
	}

/* Likewise, of how many there were for every thousand increments. */
#define WAITS_RATE_CELL(name) \
	CELL(name) \
	{ \
		const struct sleeps *sleeps = cell_sleeps(result, out, paint); \
\
		if (sleeps) \
			cell_put(out, \
				 derive_per_kop(waits_for(sleeps, part).count, \
						derive_real(sleeps->ops)), \
				 ""); \
	}

/* What that row of several says in place of a name. */
void waits_put_rest(size_t n, FILE *out);

#endif
