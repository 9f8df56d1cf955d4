/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows: every cell is made first; then it is known which columns fit. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/grid.h"

static const char *status_text(int status)
{
	return status == RESULT_FAILED	    ? "failed" :
	       status == RESULT_UNSUPPORTED ? "unsupported" :
	       status == RESULT_TIMED_OUT   ? "timed out" :
					      "";
}

/* What a column shows of a row, still as it came. The status stands where the time went. */
static void write_cell(const struct grid *grid, const struct row *row, size_t column, FILE *out,
		       enum paint *paint)
{
	const struct column *shows = &report_columns[column];

	if (!row->result) {
		fputs(column ? "" : row->family, out);
		*paint = BOLD;
	} else if (row->result->status == RESULT_OK || shows->names) {
		shows->cell(grid->view, row->result, out, paint);
	} else if (column + 1 == n_report_columns) {
		fputs(status_text(row->result->status), out);
		*paint = row->result->status == RESULT_UNSUPPORTED ? YELLOW : ALARM;
	} else {
		fputc('-', out);
	}
}

static int make_cell(const struct grid *grid, struct row *row, size_t column)
{
	const struct report_style *style = grid->view->style;
	struct cell *cell = &row->cells[column];
	struct draft draft;
	char *raw;

	if (draft_open(&draft))
		return -ENOMEM;
	write_cell(grid, row, column, draft.out, &cell->paint);
	raw = draft_close(&draft);
	if (raw)
		cell->text = text_clean(raw, style);
	free(raw);
	if (!cell->text)
		return -ENOMEM;
	/* The first column holds the longest texts, and all of a name stands below the table. */
	if (!column)
		text_cut(cell->text, style->width / 4, style);
	return 0;
}

static int make_cells(struct grid *grid)
{
	size_t row, column;
	int err;

	for (row = 0; row < grid->n_rows; row++) {
		grid->rows[row].cells = calloc(n_report_columns, sizeof(struct cell));
		if (!grid->rows[row].cells)
			return -ENOMEM;
		for (column = 0; column < n_report_columns; column++) {
			err = make_cell(grid, &grid->rows[row], column);
			if (err)
				return err;
		}
	}
	return 0;
}

/* The name of a family stands above its first row. */
static void lay_rows(struct grid *grid)
{
	const struct view *view = grid->view;
	size_t i;

	for (i = 0; i < view->session->n_results; i++) {
		const struct result *result = view_result(view, i);

		if (!i || !view_same(result->family, view_result(view, i - 1)->family))
			grid->rows[grid->n_rows++].family = result->family ? result->family : "-";
		grid->rows[grid->n_rows++].result = result;
	}
}

char *grid_title(const struct grid *grid, size_t column)
{
	return text_clean(report_columns[column].title, grid->view->style);
}

static int measure(struct grid *grid)
{
	size_t row, column;

	for (column = 0; column < n_report_columns; column++) {
		char *title = grid_title(grid, column);

		if (!title)
			return -ENOMEM;
		grid->width[column] = text_width(title);
		free(title);
		for (row = 0; row < grid->n_rows; row++) {
			unsigned int width = text_width(grid->rows[row].cells[column].text);

			if (width > grid->width[column])
				grid->width[column] = width;
		}
	}
	return 0;
}

static bool fits(const struct grid *grid, unsigned int gap)
{
	unsigned int width = 0;
	size_t column;

	for (column = 0; column < n_report_columns; column++)
		if (grid->shown[column])
			width += grid->width[column] + (width ? gap : 0);
	return width <= grid->view->style->width;
}

/* The column that gives way next; n_report_columns: none may. */
static size_t least_wanted(const struct grid *grid)
{
	size_t least = n_report_columns, column;

	for (column = 0; column < n_report_columns; column++) {
		if (!grid->shown[column] || report_columns[column].priority >= COLUMN_KEPT)
			continue;
		if (least == n_report_columns ||
		    report_columns[column].priority < report_columns[least].priority)
			least = column;
	}
	return least;
}

/*
 * An extra column is there when it fits with room between; what belongs to the core moves closer
 * together before the least of it gives way.
 */
static void choose_columns(struct grid *grid)
{
	size_t column, least;

	for (column = 0; column < n_report_columns; column++)
		grid->shown[column] = !report_columns[column].wanted ||
				      report_columns[column].wanted(grid->view);
	grid->gap = 2;
	while (!fits(grid, grid->gap)) {
		least = least_wanted(grid);
		if (grid->gap == 2 &&
		    (least == n_report_columns || report_columns[least].priority >= COLUMN_CORE))
			grid->gap = 1;
		else if (least == n_report_columns)
			break;
		else
			grid->shown[least] = false;
	}
	if (fits(grid, 2))
		grid->gap = 2;
}

static void free_grid(struct grid *grid)
{
	size_t row, column;

	for (row = 0; grid->rows && row < grid->n_rows; row++) {
		for (column = 0; grid->rows[row].cells && column < n_report_columns; column++)
			free(grid->rows[row].cells[column].text);
		free(grid->rows[row].cells);
	}
	free(grid->rows);
	free(grid->shown);
	free(grid->width);
}

int rows_write(const struct view *view, FILE *out)
{
	struct grid grid = { .view = view };
	int err = -ENOMEM;

	/* Each result is a row, and each may open a family. */
	grid.rows = calloc(2 * view->session->n_results + 1, sizeof(*grid.rows));
	grid.shown = calloc(n_report_columns, sizeof(*grid.shown));
	grid.width = calloc(n_report_columns, sizeof(*grid.width));
	if (grid.rows && grid.shown && grid.width) {
		lay_rows(&grid);
		err = make_cells(&grid);
	}
	if (!err)
		err = measure(&grid);
	if (!err) {
		choose_columns(&grid);
		err = grid_print(&grid, out);
	}
	free_grid(&grid);
	return err;
}
