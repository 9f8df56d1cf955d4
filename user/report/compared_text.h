/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a comparison's table and its Markdown say alike. Internal to report/. */
#ifndef REPORT_COMPARED_TEXT_H
#define REPORT_COMPARED_TEXT_H

#include <stdio.h>

#include "session/comparison.h"

/* The cells of a row, by column. */
enum compared_column {
	COMPARED_WHAT,
	COMPARED_BASE,
	COMPARED_NEW,
	COMPARED_CHANGE,
	COMPARED_CI95,
	COMPARED_P,
	COMPARED_VERDICT,
	COMPARED_COLUMNS,
};

const char *compared_title(enum compared_column column);

/* Writes one; what is not known is "-". */
void compared_put(const struct comparison *comparison, const struct compared *row,
		  enum compared_column column, FILE *out);

/* What else there is to say of a row, a sentence without its name; nothing of what is the same. */
void compared_put_note(const struct compared *row, FILE *out);

/* "Linux 6.1.0 on host, 2026-01-01T00:00:00Z, tracebench 1.0": which session it is. */
void compared_put_session(const struct session *session, FILE *out);

/* "1 slower, 2 faster, ..., of 12 rows" */
void compared_put_summary(const struct comparison *comparison, FILE *out);

/* "host.kernel: 6.1 -> 6.12" */
void compared_put_difference(const struct difference *difference, FILE *out);

/* The names of results of one session. */
void compared_put_names(const struct session *session, const struct result *const *results,
			size_t n_results, FILE *out);

#endif
