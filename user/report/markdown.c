/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/markdown.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a page shows without being moved sideways. */
#define WIDTH 120

/* A backslash before any of these makes it stand for itself. */
static const char special[] = "\\`*_[]<|~#&$";

/* What would make a list, a heading or a rule at the beginning of an item. */
static size_t put_start(FILE *out, const char *text)
{
	size_t digits = strspn(text, "0123456789");

	if (*text && strchr("-+=>", *text)) {
		fprintf(out, "\\%c", *text);
		return 1;
	}
	if (digits && (text[digits] == '.' || text[digits] == ')') && text[digits + 1] == ' ') {
		fprintf(out, "%.*s\\%c", (int)digits, text, text[digits]);
		return digits + 1;
	}
	return 0;
}

void markdown_put(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr(special, *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

void markdown_item(FILE *out, const char *label, const char *text)
{
	fputs("- ", out);
	label += strspn(label, " ");
	if (*label) {
		fputs("**", out);
		markdown_put(out, label);
		fputs("** ", out);
	} else {
		text += put_start(out, text);
	}
	markdown_put(out, text);
	fputc('\n', out);
}

/* A drawing keeps its blanks. In a table, a bar ends a cell even in code. */
static void put_code(FILE *out, const char *text)
{
	fputc('`', out);
	for (; *text; text++) {
		if (*text == '|')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('`', out);
}

static bool is_drawing(const struct cell *cell)
{
	return (cell->paint == BY_LETTER || cell->paint == BLUE) && strcmp(cell->text, "-") != 0 &&
	       !strchr(cell->text, '`');
}

static void put_cell(FILE *out, const struct row *row, size_t column)
{
	const struct cell *cell = &row->cells[column];
	bool is_family = !row->result && !column;

	if (is_drawing(cell)) {
		put_code(out, cell->text);
		return;
	}
	if (!column && row->part != NO_PART)
		fputs("&emsp;", out);
	fputs(is_family ? "**" : "", out);
	markdown_put(out, cell->text + strspn(cell->text, " "));
	fputs(is_family ? "**" : "", out);
}

static int put_titles(const struct grid *grid, FILE *out)
{
	for (size_t column = 0; column < grid->n_columns; column++) {
		char *title;

		if (!grid->shown[column])
			continue;
		title = grid_title(grid, column);
		if (!title)
			return -ENOMEM;
		fputs("| ", out);
		markdown_put(out, title);
		fputc(' ', out);
		free(title);
	}
	fputs("|\n", out);
	for (size_t column = 0; column < grid->n_columns; column++)
		if (grid->shown[column])
			fputs(grid->columns[column].right ? "|--:" : "|---", out);
	fputs("|\n", out);
	return 0;
}

int markdown_grid(const struct grid *grid, FILE *out)
{
	int err = put_titles(grid, out);

	for (size_t row = 0; row < grid->n_rows && !err; row++) {
		for (size_t column = 0; column < grid->n_columns; column++) {
			if (!grid->shown[column])
				continue;
			fputs("| ", out);
			put_cell(out, &grid->rows[row], column);
			fputc(' ', out);
		}
		fputs("|\n", out);
	}
	return err;
}

int report_markdown(report_view *view, const struct session *session, FILE *out)
{
	struct report_style style = { .width = WIDTH, .markdown = true };
	locale_t before = text_begin_utf8(&style);
	int err = view(session, &style, out);

	text_end_utf8(before);
	return err;
}
