/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writers of files for other programs. Which there are is in base/export_list.h. */
#ifndef REPORT_EXPORT_H
#define REPORT_EXPORT_H

#include <stdio.h>

#include "base/export_list.h"

struct session;

/* What a file is made of: as much of it as there is. */
struct export_source {
	const struct session *session; /* NULL: none */
	FILE *capture; /* a timeline from its start, NULL: none */
};

/* Returns 0 or a negative errno: -ENOMEM, or -EIO when `out` did not take everything. */
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
