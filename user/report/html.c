/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/html.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void html_put(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

void html_item(FILE *out, const char *label, const char *text)
{
	label += strspn(label, " ");
	fputs("<p class=said>", out);
	if (*label) {
		fputs("<b>", out);
		html_put(out, label);
		fputs("</b> ", out);
	}
	html_put(out, text);
	fputs("</p>\n", out);
}

static const char *part_of_bar(char letter)
{
	switch (letter) {
	case '|':
		return "user";
	case 's':
		return "system";
	case 'r':
		return "run-queue";
	case '.':
		return "blocked";
	case '?':
		return "unaccounted";
	default:
		return NULL;
	}
}

static bool is_bar(const struct cell *cell)
{
	size_t length = strspn(cell->text, "|sr.?");

	return cell->paint == BY_LETTER && length == BUDGET_CELLS;
}

/* Drawn without the script; the letters are what is read aloud. */
static void put_bar(FILE *out, const char *bar)
{
	const char *rest = bar + BUDGET_CELLS;

	fputs("<span class=bar role=img aria-label=\"", out);
	for (const char *at = bar; at < rest;) {
		size_t run = strspn(at, (char[]){ *at, '\0' });

		fprintf(out, "%s%zu%% %s", at == bar ? "" : ", ", 100 * run / BUDGET_CELLS,
			part_of_bar(*at));
		at += run;
	}
	fputs("\">", out);
	for (const char *at = bar; at < rest;) {
		size_t run = strspn(at, (char[]){ *at, '\0' });

		fprintf(out, "<i class=%s style=\"width:%zu%%\"></i>", part_of_bar(*at),
			100 * run / BUDGET_CELLS);
		at += run;
	}
	fputs("</span>", out);
	html_put(out, rest);
}

void html_key(const char *const *bar, size_t n, FILE *out)
{
	fputs("<p class=\"said key\">", out);
	for (size_t i = 0; i + 1 < n; i += 2) {
		const char *part = part_of_bar(*bar[i]);

		fprintf(out, "<i class=%s></i>", part ? part : "none");
		html_put(out, bar[i + 1]);
	}
	fputs("</p>\n", out);
}

static const char *class_of(const struct grid *grid, const struct cell *cell, size_t column)
{
	return cell->paint == ALARM	   ? " class=alarm" :
	       cell->paint == YELLOW	   ? " class=warn" :
	       cell->paint == GREEN	   ? " class=best" :
	       cell->paint == BLUE	   ? " class=drawn" :
	       grid->columns[column].right ? " class=n" :
					     "";
}

static void put_cell(const struct grid *grid, const struct row *row, size_t column, FILE *out)
{
	const struct cell *cell = &row->cells[column];
	const char *text = cell->text + strspn(cell->text, " ");
	bool names = !column;

	fprintf(out, names ? "<th scope=row%s>" : "<td%s>",
		names && row->part != NO_PART ? " class=part" : class_of(grid, cell, column));
	if (is_bar(cell))
		put_bar(out, cell->text);
	else
		html_put(out, text);
}

static void put_family(const struct row *row, size_t n_columns, FILE *out)
{
	fprintf(out, "<tbody><tr class=family><th scope=rowgroup colspan=%zu>", n_columns);
	html_put(out, row->cells[0].text);
	fputs("</th></tr>\n", out);
}

/* How many columns are shown. */
static int put_titles(const struct grid *grid, size_t *n, FILE *out)
{
	fputs("<thead><tr>", out);
	for (size_t column = 0; column < grid->n_columns; column++) {
		char *title;

		if (!grid->shown[column])
			continue;
		title = grid_title(grid, column);
		if (!title)
			return -ENOMEM;
		fprintf(out, "<th scope=col%s>", grid->columns[column].right ? " class=n" : "");
		html_put(out, title);
		fputs("</th>", out);
		free(title);
		(*n)++;
	}
	fputs("</tr></thead>\n", out);
	return 0;
}

int html_grid(const struct grid *grid, FILE *out)
{
	size_t n_columns = 0;
	int err;

	fputs("<div class=scroll tabindex=0><table>", out);
	err = put_titles(grid, &n_columns, out);
	for (size_t i = 0; i < grid->n_rows && !err; i++) {
		const struct row *row = &grid->rows[i];

		if (!row->result) {
			put_family(row, n_columns, out);
			continue;
		}
		fputs("<tr>", out);
		for (size_t column = 0; column < grid->n_columns; column++)
			if (grid->shown[column])
				put_cell(grid, row, column, out);
		fputs("\n", out);
	}
	fputs("</table></div>\n", out);
	return err;
}
