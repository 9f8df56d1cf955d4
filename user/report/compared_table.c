/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison for people. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/compared.h"
#include "report/compared_text.h"
#include "report/new_table.h"
#include "report/text.h"

#define NARROWEST 60
#define WIDEST_NAME 24

struct cells {
	const struct comparison *comparison;
	const struct report_style *style;
	char *(*rows)[COMPARED_COLUMNS]; /* clean */
	unsigned int width[COMPARED_COLUMNS];
	bool hidden[COMPARED_COLUMNS];
};

static char *make_cell(const struct cells *cells, const struct compared *row,
		       enum compared_column column)
{
	struct draft draft;
	char *raw, *clean;

	if (draft_open(&draft))
		return NULL;
	compared_put(cells->comparison, row, column, draft.out);
	raw = draft_close(&draft);
	clean = raw ? text_clean(raw, cells->style) : NULL;
	free(raw);
	if (clean && column == COMPARED_WHAT)
		text_cut(clean, WIDEST_NAME, cells->style);
	return clean;
}

static int make_cells(struct cells *cells)
{
	const struct comparison *comparison = cells->comparison;

	cells->rows = calloc(comparison->n_rows + 1, sizeof(*cells->rows));
	if (!cells->rows)
		return -ENOMEM;
	for (unsigned int column = 0; column < COMPARED_COLUMNS; column++) {
		unsigned int widest = text_width(compared_title(column));

		for (size_t i = 0; i < comparison->n_rows; i++) {
			char *cell = make_cell(cells, &comparison->rows[i], column);

			cells->rows[i][column] = cell;
			if (!cell)
				return -ENOMEM;
			if (text_width(cell) > widest)
				widest = text_width(cell);
		}
		cells->width[column] = widest;
	}
	return 0;
}

static unsigned int total_width(const struct cells *cells, unsigned int gap)
{
	unsigned int total = 0;

	for (unsigned int column = 0; column < COMPARED_COLUMNS; column++)
		if (!cells->hidden[column])
			total += cells->width[column] + (total ? gap : 0);
	return total;
}

/* What the verdict is drawn from gives way to it; the sentences below have some of it again. */
static unsigned int choose_columns(struct cells *cells)
{
	static const enum compared_column least_wanted[] = { COMPARED_P, COMPARED_CI95,
							     COMPARED_CHANGE };
	size_t next = 0;

	while (total_width(cells, 1) > cells->style->width &&
	       next < sizeof(least_wanted) / sizeof(least_wanted[0]))
		cells->hidden[least_wanted[next++]] = true;
	return total_width(cells, 2) > cells->style->width ? 1 : 2;
}

static enum paint paint_of(const struct compared *row, enum compared_column column)
{
	if (column != COMPARED_VERDICT && column != COMPARED_CHANGE)
		return PLAIN;
	return row->regressed		       ? ALARM :
	       row->verdict == COMPARED_SLOWER ? RED :
	       row->verdict == COMPARED_FASTER ? GREEN :
	       row->verdict == COMPARED_SAME   ? PLAIN :
	       column == COMPARED_VERDICT      ? YELLOW :
						 PLAIN;
}

static int fill_line(const struct cells *cells, size_t row, struct libscols_line *line)
{
	size_t at = 0;
	int err = 0;

	for (unsigned int column = 0; column < COMPARED_COLUMNS && !err; column++) {
		enum paint paint = paint_of(&cells->comparison->rows[row], column);

		if (cells->hidden[column])
			continue;
		err = scols_line_set_data(line, at, cells->rows[row][column]);
		if (!err && cells->style->color && paint != PLAIN)
			err = scols_cell_set_color(scols_line_get_cell(line, at),
						   paint_start(paint));
		at++;
	}
	return err;
}

static int fill_table(const struct cells *cells, struct libscols_table *table)
{
	int err = 0;

	for (unsigned int column = 0; column < COMPARED_COLUMNS; column++) {
		bool left = column == COMPARED_WHAT || column == COMPARED_VERDICT;

		if (!cells->hidden[column] && !scols_table_new_column(table, compared_title(column),
								      0, left ? 0 : SCOLS_FL_RIGHT))
			return -ENOMEM;
	}
	for (size_t i = 0; i < cells->comparison->n_rows && !err; i++) {
		struct libscols_line *line = scols_table_new_line(table, NULL);

		err = line ? fill_line(cells, i, line) : -ENOMEM;
	}
	return err;
}

static int write_rows(struct cells *cells, FILE *out)
{
	struct libscols_table *table;
	int err = make_cells(cells);

	if (err)
		return err;
	table = new_table(cells->style, choose_columns(cells), out);
	if (!table)
		return -ENOMEM;
	err = fill_table(cells, table);
	if (!err)
		err = scols_print_table(table);
	scols_unref_table(table);
	return err;
}

static void free_rows(struct cells *cells)
{
	for (size_t i = 0; cells->rows && i < cells->comparison->n_rows; i++)
		for (unsigned int column = 0; column < COMPARED_COLUMNS; column++)
			free(cells->rows[i][column]);
	free(cells->rows);
}

/* Closes the draft and prints it behind the label. */
static int print(const struct report_style *style, FILE *out, struct draft *draft,
		 const char *label, enum paint paint, unsigned int indent)
{
	char *text = draft_close(draft);
	int err = text ? text_wrap(out, style, label, paint, indent, text) : -ENOMEM;

	free(text);
	return err;
}

static int write_session(const struct report_style *style, const char *label,
			 const struct session *session, FILE *out)
{
	struct draft draft;

	if (draft_open(&draft))
		return -ENOMEM;
	compared_put_session(session, draft.out);
	return print(style, out, &draft, label, BOLD, 6);
}

static int write_summary(const struct cells *cells, FILE *out)
{
	struct draft draft;

	if (draft_open(&draft))
		return -ENOMEM;
	compared_put_summary(cells->comparison, draft.out);
	return print(cells->style, out, &draft, "", PLAIN, 2);
}

static int write_notes(const struct cells *cells, FILE *out)
{
	const struct comparison *comparison = cells->comparison;
	unsigned int indent = cells->width[COMPARED_WHAT] + 2;
	int err = 0;

	for (size_t i = 0; i < comparison->n_rows && !err; i++) {
		struct draft draft;

		if (comparison->rows[i].verdict == COMPARED_SAME)
			continue;
		if (draft_open(&draft))
			return -ENOMEM;
		compared_put_note(&comparison->rows[i], draft.out);
		err = print(cells->style, out, &draft, cells->rows[i][COMPARED_WHAT], BOLD, indent);
	}
	return err;
}

static int write_unmatched(const struct report_style *style, const char *label,
			   const struct session *session, const struct result *const *results,
			   size_t n_results, FILE *out)
{
	struct draft draft;

	if (!n_results)
		return 0;
	if (draft_open(&draft))
		return -ENOMEM;
	compared_put_names(session, results, n_results, draft.out);
	return print(style, out, &draft, label, BOLD, (unsigned int)strlen(label) + 1);
}

static int write_differences(const struct cells *cells, FILE *out)
{
	const struct comparison *comparison = cells->comparison;
	int err = 0;

	for (size_t i = 0; i < comparison->n_differences && !err; i++) {
		struct draft draft;

		if (draft_open(&draft))
			return -ENOMEM;
		compared_put_difference(&comparison->differences[i], draft.out);
		err = print(cells->style, out, &draft, "warning: differs:", YELLOW, 18);
	}
	return err;
}

static int write_all(struct cells *cells, FILE *out)
{
	const struct comparison *comparison = cells->comparison;
	int err = write_session(cells->style, "base", comparison->base, out);

	if (!err)
		err = write_session(cells->style, "new", comparison->now, out);
	fputc('\n', out);
	if (!err && comparison->n_rows)
		err = write_rows(cells, out);
	fputs(comparison->n_rows ? "\n" : "", out);
	if (!err)
		err = write_summary(cells, out);
	fputc('\n', out);
	if (!err)
		err = write_notes(cells, out);
	if (!err)
		err = write_unmatched(cells->style, "only in base:", comparison->base,
				      comparison->only_base, comparison->n_only_base, out);
	if (!err)
		err = write_unmatched(cells->style, "only in new:", comparison->now,
				      comparison->only_now, comparison->n_only_now, out);
	return err ? err : write_differences(cells, out);
}

int report_compared_table(const struct comparison *comparison, const struct report_style *style,
			  FILE *out)
{
	struct report_style usable = *style;
	struct cells cells = { .comparison = comparison, .style = &usable };
	int err;

	if (usable.width < NARROWEST)
		usable.width = NARROWEST;
	err = write_all(&cells, out);
	free_rows(&cells);
	if (!err && (fflush(out) || ferror(out)))
		err = -EIO;
	return err;
}
