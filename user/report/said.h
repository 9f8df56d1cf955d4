/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Below a table: a line for each result of which there is something to say, under one title. */
#ifndef REPORT_SAID_H
#define REPORT_SAID_H

#include "report/view.h"

struct said {
	const char *title; /* "Preempted:" */
	const char *what; /* the rest of the title's line */
	bool (*applies)(const struct result *result);
	void (*put)(const struct result *result, FILE *out);
};

/* Nothing where it applies to no result. Returns 0 or -ENOMEM. */
int said_write(const struct view *view, FILE *out, const struct said *said);

#endif
