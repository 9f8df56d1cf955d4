/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cells of the table between their making and their printing. Internal to the table. */
#ifndef REPORT_GRID_H
#define REPORT_GRID_H

#include "report/view.h"

struct cell {
	char *text;
	enum paint paint;
};

/* A row is a result, a part of it, or the name of the family whose results follow. */
struct row {
	const struct result *result;
	size_t part; /* or NO_PART */
	const char *family;
	struct cell *cells;
};

struct grid {
	const struct view *view;
	struct column *columns;
	size_t n_columns;
	size_t status; /* the column of what was not raced to its end */
	struct row *rows;
	size_t n_rows;
	bool *shown; /* by column */
	unsigned int *width; /* by column, of its widest cell */
	unsigned int gap; /* columns between columns */
};

/* The column's title, clean. The caller frees; NULL: no memory. */
char *grid_title(const struct grid *grid, size_t column);

/* Prints the columns that are shown. Returns 0 or a negative errno. */
int grid_print(const struct grid *grid, FILE *out);

#endif
