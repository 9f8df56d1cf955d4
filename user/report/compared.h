/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writers of a comparison, each from the struct alone. All return 0 or a negative errno: -ENOMEM, or
 * -EIO when `out` did not take everything.
 */
#ifndef REPORT_COMPARED_H
#define REPORT_COMPARED_H

#include <stdio.h>

#include "report/report.h"

struct comparison;

/* For people: a row for every pair, and below what to make of those that are not the same. */
int report_compared_table(const struct comparison *comparison, const struct report_style *style,
			  FILE *out);

/* The same for an issue: a table of GitHub's Markdown and lists. Whatever comes from a file is escaped. */
int report_compared_markdown(const struct comparison *comparison, FILE *out);

/* All of it: "tracebench.comparison/1", docs/comparing.md. */
int report_compared_json(const struct comparison *comparison, FILE *out);

#endif
