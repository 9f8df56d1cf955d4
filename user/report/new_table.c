/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/new_table.h"

struct libscols_table *new_table(const struct report_style *style, unsigned int gap, FILE *out)
{
	struct libscols_table *table = scols_new_table();

	if (!table)
		return NULL;
	scols_table_set_stream(table, out);
	scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(table, style->width);
	scols_table_enable_noencoding(table, 1);
	scols_table_enable_minout(table, 1);
	scols_table_enable_colors(table, style->color);
	if (scols_table_set_column_separator(table, gap == 2 ? "  " : " ")) {
		scols_unref_table(table);
		return NULL;
	}
	return table;
}
