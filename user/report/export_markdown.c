/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary, to be pasted into an issue. */
#include "report/export.h"
#include "report/report.h"

int export_markdown(const struct export_source *source, FILE *out)
{
	return report_markdown(report_table, source->session, out);
}
