/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writers of files for other programs. Which there are is in base/export_list.h. */
#ifndef REPORT_EXPORT_H
#define REPORT_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/export_list.h"

struct session;

/* A timeline, and what became of it. */
struct export_capture {
	const char *name; /* that error lines call it */
	int fd; /* of a regular file */
	bool cut_short; /* it could not be read to its end, which has been told */
};

/* What a file is made of: as much of it as there is. */
struct export_source {
	const struct session *session; /* NULL: none */
	struct export_capture *capture; /* NULL: none */
};

/*
 * Returns 0 or a negative errno: -ENOMEM, -EIO when `out` did not take everything, or -ECANCELED after
 * a line on stderr.
 */
typedef int export_writer(const struct export_source *source, FILE *out);

#define EXPORT_WRITER(name, need) export_writer export_##name;
EXPORT_LIST(EXPORT_WRITER)
#undef EXPORT_WRITER

struct exporter {
	const char *name;
	unsigned int needs; /* enum export_need: what must be there */
	export_writer *write;
};

/* By enum export_kind. */
extern const struct exporter exporters[EXPORT_KINDS];

#endif
