/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writers of a session. They see nothing but the session, so each works on a saved one as well.
 * All return 0 or a negative errno: -ENOMEM, or -EIO when `out` did not take everything.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

struct session;

struct report_style {
	unsigned int width; /* columns no line exceeds; less than 60 is taken as 60 */
	bool color;
	bool utf8; /* only where the locale's encoding is UTF-8 */
	bool markdown; /* a table of Markdown, items of a list: no line is wrapped, nothing painted */
	bool html; /* likewise, tables and paragraphs of HTML */
};

/* A view: one of those below. */
typedef int report_view(const struct session *session, const struct report_style *style, FILE *out);

/* A view as plain ASCII: all columns there are, each sentence in one line. */
int report_plain(report_view *view, const struct session *session, FILE *out);

/* A view in Markdown, in UTF-8 whatever the locale. */
int report_markdown(report_view *view, const struct session *session, FILE *out);

/* The table for people: what was raced, a row for every result, where the time went, what holds. */
int report_table(const struct session *session, const struct report_style *style, FILE *out);

/* How long passes took: a row for every result, with percentiles and a histogram. */
int report_latency(const struct session *session, const struct report_style *style, FILE *out);

/* What came to each worker: below each result its parts, with the shares and the kernel's counts. */
int report_workers(const struct session *session, const struct report_style *style, FILE *out);

/* What the scheduler did: switches, delays, who woke whom, and who took the CPU. */
int report_kernel(const struct session *session, const struct report_style *style, FILE *out);

/* What was waited for: locks in user space by futex word, and, apart, locks inside the kernel. */
int report_locks(const struct session *session, const struct report_style *style, FILE *out);

/* Where every nanosecond of an increment went. */
int report_budget(const struct session *session, const struct report_style *style, FILE *out);

#endif
