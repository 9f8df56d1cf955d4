/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison that pastes into an issue. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/compared.h"
#include "report/compared_text.h"
#include "report/text.h"

/* A name from a file must not start a link, a tag, another column or another line. */
static void put_escaped(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (strchr("\\`*_{}[]<>()#|!~&@", *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

/* Closes the draft and writes it, clean and escaped. */
static int put_draft(struct draft *draft, FILE *out)
{
	static const struct report_style plain = { .utf8 = true };
	char *raw = draft_close(draft);
	char *clean = raw ? text_clean(raw, &plain) : NULL;

	if (clean)
		put_escaped(clean, out);
	free(raw);
	free(clean);
	return clean ? 0 : -ENOMEM;
}

static int put_row(const struct comparison *comparison, const struct compared *row, FILE *out)
{
	int err = 0;

	fputc('|', out);
	for (unsigned int column = 0; column < COMPARED_COLUMNS && !err; column++) {
		struct draft draft;

		if (draft_open(&draft))
			return -ENOMEM;
		fputc(' ', out);
		compared_put(comparison, row, column, draft.out);
		err = put_draft(&draft, out);
		fputs(" |", out);
	}
	fputc('\n', out);
	return err;
}

static int put_rows(const struct comparison *comparison, FILE *out)
{
	int err = 0;

	fputc('|', out);
	for (unsigned int column = 0; column < COMPARED_COLUMNS; column++)
		fprintf(out, " %s |", compared_title(column));
	fputs("\n|:--|--:|--:|--:|--:|--:|:--|\n", out);
	for (size_t i = 0; i < comparison->n_rows && !err; i++)
		err = put_row(comparison, &comparison->rows[i], out);
	fputc('\n', out);
	return err;
}

static int put_session(const char *side, const struct session *session, FILE *out)
{
	struct draft draft;
	int err;

	if (draft_open(&draft))
		return -ENOMEM;
	compared_put_session(session, draft.out);
	fprintf(out, "- **%s**: ", side);
	err = put_draft(&draft, out);
	fputc('\n', out);
	return err;
}

static int put_summary(const struct comparison *comparison, FILE *out)
{
	struct draft draft;
	int err;

	if (draft_open(&draft))
		return -ENOMEM;
	compared_put_summary(comparison, draft.out);
	err = put_draft(&draft, out);
	fputs("\n\n", out);
	return err;
}

static int put_note(const struct comparison *comparison, const struct compared *row, FILE *out)
{
	struct draft draft;
	int err;

	if (row->verdict == COMPARED_SAME)
		return 0;
	if (draft_open(&draft))
		return -ENOMEM;
	compared_put(comparison, row, COMPARED_WHAT, draft.out);
	fputs("- **", out);
	err = put_draft(&draft, out);
	fputs("**: ", out);
	if (err || draft_open(&draft))
		return -ENOMEM;
	compared_put_note(row, draft.out);
	err = put_draft(&draft, out);
	fputc('\n', out);
	return err;
}

static int put_unmatched(const char *side, const struct session *session,
			 const struct result *const *results, size_t n_results, FILE *out)
{
	struct draft draft;
	int err;

	if (!n_results)
		return 0;
	if (draft_open(&draft))
		return -ENOMEM;
	compared_put_names(session, results, n_results, draft.out);
	fprintf(out, "- **only in %s**: ", side);
	err = put_draft(&draft, out);
	fputc('\n', out);
	return err;
}

static int put_difference(const struct difference *difference, FILE *out)
{
	struct draft draft;
	int err;

	if (draft_open(&draft))
		return -ENOMEM;
	compared_put_difference(difference, draft.out);
	fputs("- **warning: differs**: ", out);
	err = put_draft(&draft, out);
	fputc('\n', out);
	return err;
}

static int put_lists(const struct comparison *comparison, FILE *out)
{
	int err = 0;

	for (size_t i = 0; i < comparison->n_rows && !err; i++)
		err = put_note(comparison, &comparison->rows[i], out);
	if (!err)
		err = put_unmatched("base", comparison->base, comparison->only_base,
				    comparison->n_only_base, out);
	if (!err)
		err = put_unmatched("new", comparison->now, comparison->only_now,
				    comparison->n_only_now, out);
	for (size_t i = 0; i < comparison->n_differences && !err; i++)
		err = put_difference(&comparison->differences[i], out);
	return err;
}

int report_compared_markdown(const struct comparison *comparison, FILE *out)
{
	struct report_style style = { .utf8 = true };
	locale_t before = text_begin_utf8(&style);
	int err = put_session("base", comparison->base, out);

	if (!err)
		err = put_session("new", comparison->now, out);
	fputc('\n', out);
	if (!err && comparison->n_rows)
		err = put_rows(comparison, out);
	if (!err)
		err = put_summary(comparison, out);
	if (!err)
		err = put_lists(comparison, out);
	text_end_utf8(before);
	if (!err && (fflush(out) || ferror(out)))
		err = -EIO;
	return err;
}
