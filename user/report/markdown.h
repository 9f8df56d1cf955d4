/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a table and its sentences are in Markdown (CommonMark and GitHub's tables), so that they can be
 * pasted into an issue: a table, and items of a list. Internal to the table.
 */
#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "report/grid.h"

/* Writes a clean text so that it is read as it stands. */
void markdown_put(FILE *out, const char *text);

/* Writes an item of a list, the clean label in bold. */
void markdown_item(FILE *out, const char *label, const char *text);

/* As grid_print(). */
int markdown_grid(const struct grid *grid, FILE *out);

#endif
