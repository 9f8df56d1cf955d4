/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands without a session draw: paragraphs, tables of texts, JSON. */
#ifndef COMMAND_DRAW_H
#define COMMAND_DRAW_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/report.h"

/* Writes what `put` puts of something, wrapped; nothing where that is nothing. 0 or -ENOMEM. */
int draw_paragraph(const void *what, void (*put)(const void *what, FILE *out),
		   const struct report_style *style, FILE *out);

struct cells_column {
	const char *title;
	bool right; /* aligned there */
};

/* A table in the making, row by row. Starts all zero; cells_free() it. */
struct cells {
	char **texts; /* row by row; the last row may be incomplete */
	size_t n;
	bool failed; /* for want of memory: printing it says so */
};

/* The next cell, which may hold anything: it is cleaned when it is printed. */
__attribute__((format(printf, 2, 3))) void cells_add(struct cells *cells, const char *format, ...);

/* The same of a text from malloc(), which it takes over; NULL is a want of memory. */
void cells_take(struct cells *cells, char *text);
void cells_free(struct cells *cells);

/* Returns 0 or a negative errno. */
int cells_print(const struct cells *cells, const struct cells_column *columns, size_t n_columns,
		const struct report_style *style, FILE *out);

/* Takes over the reference; NULL is a want of memory. Returns 0 or -ENOMEM. */
int draw_json(json_t *json, FILE *out);

#endif
