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

/* What a column shows of a row, still as it came. */
static void write_cell(const struct grid *grid, const struct row *row, size_t column, FILE *out,
		       enum paint *paint)
{
	const struct column *shows = &grid->columns[column];

	if (!row->result) {
		fputs(column ? "" : row->family, out);
		*paint = BOLD;
	} else if (row->part != NO_PART && column && shows->names) {
		/* Its result's row has it. */
	} else if (row->result->status == RESULT_OK || shows->names) {
		shows->cell(grid->view, row->result, row->part, out, paint);
	} else if (column == grid->status) {
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
	/* The longest texts are names, and all of a name stands below the table. */
	if (grid->columns[column].names && !style->markdown && !style->html)
		text_cut(cell->text, style->width / 4, style);
	return 0;
}

static int make_cells(struct grid *grid)
{
	size_t row, column;
	int err;

	for (row = 0; row < grid->n_rows; row++) {
		grid->rows[row].cells = calloc(grid->n_columns, sizeof(struct cell));
		if (!grid->rows[row].cells)
			return -ENOMEM;
		for (column = 0; column < grid->n_columns; column++) {
			err = make_cell(grid, &grid->rows[row], column);
			if (err)
				return err;
		}
	}
	return 0;
}

static bool has_row(const struct view *view, const struct result *result)
{
	return !view->columns->about || view->columns->about(result);
}

static size_t parts_of(const struct view *view, const struct result *result)
{
	const struct parts *parts = view->columns->parts;

	return parts && result->status == RESULT_OK ? parts->count(result) : 0;
}

static size_t most_rows(const struct view *view)
{
	size_t n = 0, i;

	/* Each result may open a family. */
	for (i = 0; i < view->session->n_results; i++)
		n += 2 + parts_of(view, &view->session->results[i]);
	return n;
}

static void lay(struct grid *grid, const struct result *result, const char *family, size_t part)
{
	grid->rows[grid->n_rows++] =
		(struct row){ .result = result, .family = family, .part = part };
}

static void lay_result(struct grid *grid, const struct result *result)
{
	size_t n = parts_of(grid->view, result), part;

	lay(grid, result, NULL, NO_PART);
	for (part = 0; part < n; part++)
		lay(grid, result, NULL, part);
}

/* The name of a family stands above its first row. */
static int lay_rows(struct grid *grid)
{
	const struct view *view = grid->view;
	const struct result *above = NULL;
	size_t i;

	grid->rows = calloc(most_rows(view) + 1, sizeof(*grid->rows));
	if (!grid->rows)
		return -ENOMEM;
	for (i = 0; i < view->session->n_results; i++) {
		const struct result *result = view_result(view, i);

		if (!has_row(view, result))
			continue;
		if (!above || !view_same(result->family, above->family))
			lay(grid, NULL, result->family ? result->family : "-", NO_PART);
		lay_result(grid, result);
		above = result;
	}
	return 0;
}

char *grid_title(const struct grid *grid, size_t column)
{
	return text_clean(grid->columns[column].title, grid->view->style);
}

static int measure(struct grid *grid)
{
	size_t row, column;

	for (column = 0; column < grid->n_columns; column++) {
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

	for (column = 0; column < grid->n_columns; column++)
		if (grid->shown[column])
			width += grid->width[column] + (width ? gap : 0);
	return width <= grid->view->style->width;
}

/* The column that gives way next; as many as there are: none may. */
static size_t least_wanted(const struct grid *grid)
{
	size_t least = grid->n_columns, column;

	for (column = 0; column < grid->n_columns; column++) {
		if (!grid->shown[column] || grid->columns[column].priority >= COLUMN_KEPT)
			continue;
		if (least == grid->n_columns ||
		    grid->columns[column].priority < grid->columns[least].priority)
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

	for (column = 0; column < grid->n_columns; column++)
		grid->shown[column] = !grid->columns[column].wanted ||
				      grid->columns[column].wanted(grid->view);
	grid->gap = 2;
	while (!fits(grid, grid->gap)) {
		least = least_wanted(grid);
		if (grid->gap == 2 &&
		    (least == grid->n_columns || grid->columns[least].priority >= COLUMN_CORE))
			grid->gap = 1;
		else if (least == grid->n_columns)
			break;
		else
			grid->shown[least] = false;
	}
	if (fits(grid, 2))
		grid->gap = 2;
}

/* First what names the row: a set's own columns, or the summary's. */
static int take_columns(struct grid *grid)
{
	const struct column_set *set = grid->view->columns, *names = &summary_columns;
	size_t i;

	grid->columns = calloc(names->n + set->n, sizeof(*grid->columns));
	grid->shown = calloc(names->n + set->n, sizeof(*grid->shown));
	grid->width = calloc(names->n + set->n, sizeof(*grid->width));
	if (!grid->columns || !grid->shown || !grid->width)
		return -ENOMEM;
	for (i = 0; i < names->n && !set->columns[0].names; i++)
		if (names->columns[i].names)
			grid->columns[grid->n_columns++] = names->columns[i];
	grid->status = grid->n_columns + set->status;
	for (i = 0; i < set->n; i++)
		grid->columns[grid->n_columns++] = set->columns[i];
	return 0;
}

static void free_grid(struct grid *grid)
{
	size_t row, column;

	for (row = 0; grid->rows && row < grid->n_rows; row++) {
		for (column = 0; grid->rows[row].cells && column < grid->n_columns; column++)
			free(grid->rows[row].cells[column].text);
		free(grid->rows[row].cells);
	}
	free(grid->rows);
	free(grid->columns);
	free(grid->shown);
	free(grid->width);
}

static uint64_t shown_of_set(const struct grid *grid)
{
	const size_t first = grid->n_columns - grid->view->columns->n;
	uint64_t shown = 0;
	size_t i;

	for (i = 0; i < grid->view->columns->n; i++)
		shown |= (uint64_t)grid->shown[first + i] << i;
	return shown;
}

static int write_title(const struct view *view, FILE *out)
{
	const struct column_set *set = view->columns;

	if (!set->title)
		return 0;
	return text_wrap(out, view->style, set->title, BOLD, (unsigned int)strlen(set->title) + 1,
			 set->says);
}

int rows_write(struct view *view, FILE *out)
{
	struct grid grid = { .view = view };
	int err = take_columns(&grid);

	if (!err)
		err = lay_rows(&grid);
	if (!err)
		err = make_cells(&grid);
	if (!err)
		err = measure(&grid);
	if (!err) {
		choose_columns(&grid);
		view->shown = shown_of_set(&grid);
		err = write_title(view, out);
	}
	if (!err)
		err = grid_print(&grid, out);
	free_grid(&grid);
	return err;
}
