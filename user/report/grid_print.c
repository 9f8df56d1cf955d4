/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hands the cells to libsmartcols, which aligns them. */
#include <errno.h>
#include <stdlib.h>

#include "report/grid.h"
#include "report/html.h"
#include "report/markdown.h"
#include "report/new_table.h"

static int set_bar(struct libscols_line *line, size_t at, const char *bar)
{
	struct draft draft;
	char *painted;

	if (draft_open(&draft))
		return -ENOMEM;
	budget_paint(bar, draft.out);
	painted = draft_close(&draft);
	return painted ? scols_line_refer_data(line, at, painted) : -ENOMEM;
}

static int set_cell(struct libscols_line *line, size_t at, const struct cell *cell, bool color)
{
	int err = scols_line_set_data(line, at, cell->text);

	if (err || !color || cell->paint == PLAIN || !*cell->text)
		return err;
	return scols_cell_set_color(scols_line_get_cell(line, at), paint_start(cell->paint));
}

static int fill_line(const struct grid *grid, const struct row *row, struct libscols_line *line)
{
	bool color = grid->view->style->color;
	size_t column, at = 0;
	int err = 0;

	for (column = 0; column < grid->n_columns && !err; column++) {
		const struct cell *cell = &row->cells[column];
		bool bar = cell->paint == BY_LETTER;

		if (!grid->shown[column])
			continue;
		err = bar && color ? set_bar(line, at, cell->text) :
				     set_cell(line, at, cell, color);
		at++;
	}
	return err;
}

static int add_columns(const struct grid *grid, struct libscols_table *table)
{
	size_t column;

	for (column = 0; column < grid->n_columns; column++) {
		int flags = grid->columns[column].right ? SCOLS_FL_RIGHT : 0;
		struct libscols_column *added;
		char *title;

		if (!grid->shown[column])
			continue;
		title = grid_title(grid, column);
		added = title ? scols_table_new_column(table, title, 0, flags) : NULL;
		free(title);
		if (!added)
			return -ENOMEM;
	}
	return 0;
}

static int fill_table(const struct grid *grid, struct libscols_table *table)
{
	int err = add_columns(grid, table);
	size_t row;

	for (row = 0; row < grid->n_rows && !err; row++) {
		struct libscols_line *line = scols_table_new_line(table, NULL);

		err = line ? fill_line(grid, &grid->rows[row], line) : -ENOMEM;
	}
	return err;
}

int grid_print(const struct grid *grid, FILE *out)
{
	struct libscols_table *table;
	int err;

	if (grid->view->style->markdown)
		return markdown_grid(grid, out);
	if (grid->view->style->html)
		return html_grid(grid, out);
	table = new_table(grid->view->style, grid->gap, out);

	if (!table)
		return -ENOMEM;
	err = fill_table(grid, table);
	if (!err)
		err = scols_print_table(table);
	scols_unref_table(table);
	return err;
}
