/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary as text. */
#include "report/export.h"
#include "report/report.h"

int export_plain(const struct export_source *source, FILE *out)
{
	return report_plain(report_table, source->session, out);
}
