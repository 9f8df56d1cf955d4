/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/draw.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

#include "report/new_table.h"
#include "report/text.h"

int draw_paragraph(const void *what, void (*put)(const void *what, FILE *out),
		   const struct report_style *style, FILE *out)
{
	struct draft draft;
	char *text;
	int err = 0;

	if (draft_open(&draft))
		return -ENOMEM;
	put(what, draft.out);
	text = draft_close(&draft);
	if (!text)
		err = -ENOMEM;
	else if (*text)
		err = text_wrap(out, style, "", PLAIN, 0, text);
	free(text);
	return err;
}

void cells_take(struct cells *cells, char *text)
{
	char **grown = reallocarray(cells->texts, cells->n + 1, sizeof(*grown));

	if (grown)
		cells->texts = grown;
	if (!grown || !text) {
		cells->failed = true;
		free(text);
		return;
	}
	cells->texts[cells->n++] = text;
}

void cells_add(struct cells *cells, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	cells_take(cells, text);
}

void cells_free(struct cells *cells)
{
	for (size_t i = 0; i < cells->n; i++)
		free(cells->texts[i]);
	free(cells->texts);
	*cells = (struct cells){ 0 };
}

static int add_column(struct libscols_table *table, const struct cells_column *column,
		      const struct report_style *style)
{
	char *title = text_clean(column->title, style);
	bool added = title &&
		     scols_table_new_column(table, title, 0, column->right ? SCOLS_FL_RIGHT : 0);

	free(title);
	return added ? 0 : -ENOMEM;
}

static int add_row(struct libscols_table *table, char *const *texts, size_t n_columns,
		   const struct report_style *style)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	int err = line ? 0 : -ENOMEM;

	for (size_t i = 0; !err && i < n_columns; i++) {
		char *text = text_clean(texts[i], style);

		err = text ? scols_line_refer_data(line, i, text) : -ENOMEM;
	}
	return err;
}

static int fill(struct libscols_table *table, const struct cells *cells,
		const struct cells_column *columns, size_t n_columns,
		const struct report_style *style)
{
	int err = cells->failed ? -ENOMEM : 0;

	for (size_t i = 0; !err && i < n_columns; i++)
		err = add_column(table, &columns[i], style);
	for (size_t i = 0; !err && i + n_columns <= cells->n; i += n_columns)
		err = add_row(table, cells->texts + i, n_columns, style);
	return err;
}

int cells_print(const struct cells *cells, const struct cells_column *columns, size_t n_columns,
		const struct report_style *style, FILE *out)
{
	struct libscols_table *table = new_table(style, 2, out);
	int err;

	if (!table)
		return -ENOMEM;
	err = fill(table, cells, columns, n_columns, style);
	if (!err)
		err = scols_print_table(table);
	scols_unref_table(table);
	return err;
}

int draw_json(json_t *json, FILE *out)
{
	int err = 0;

	if (!json || json_dumpf(json, out, JSON_INDENT(2)) || fputc('\n', out) == EOF)
		err = -ENOMEM;
	json_decref(json);
	return err;
}
