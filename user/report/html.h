/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of the HTML report. All of a session's texts come from outside: what writes one escapes
 * it. Internal to the report.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/grid.h"

/* Writes a clean text so that it is read as it stands, in an attribute in double quotes, too. */
void html_put(FILE *out, const char *text);

/* Writes a paragraph, the clean label in bold. */
void html_item(FILE *out, const char *label, const char *text);

/* As grid_print(): a table with a body for each family. */
int html_grid(const struct grid *grid, FILE *out);

/* What the parts of a bar mean: letters and their words in turn. */
void html_key(const char *const *bar, size_t n, FILE *out);

/* What the machine is and what was asked for: each member and its value. 0 or a negative errno. */
int html_facts(const struct session *session, FILE *out);

/* The counts that were held against another source's; of many results, those that differ. */
void html_checks(const struct view *view, FILE *out);

/*
 * What the charts are drawn from, as JSON in which no "<" is left, so that no text can end the block
 * that it stands in. Returns 0 or a negative errno.
 */
int html_data(const struct session *session, FILE *out);

struct html_asset {
	const char *bytes;
	size_t length;
};

/* What the page is made of besides the session, from tools/report-assets. */
struct html_assets {
	struct html_asset style, script, licences;
	struct html_asset script_hash; /* "sha256-...": no other script may run */
};

/* Those that are in the program; false where it was built without. */
bool html_built_in(struct html_assets *assets);

/* Writes the page. Returns 0 or a negative errno. */
int html_page(const struct session *session, const struct html_assets *assets, FILE *out);

#endif
