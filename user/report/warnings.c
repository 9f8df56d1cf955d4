/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session's warnings, below all else. Where several results have one of a kind, one is told. */
#include <errno.h>

#include "report/view.h"

/* A file may name a result that it does not have. */
static const struct result *result_of(const struct view *view, const struct warning *warning)
{
	if (warning->result < 0 || (uint64_t)warning->result >= view->session->n_results)
		return NULL;
	return &view->session->results[warning->result];
}

/* Of a merged session, what is of no result is of one source among others. */
static bool of_a_kind(const struct view *view, const struct warning *a, const struct warning *b)
{
	const struct result *left = result_of(view, a), *right = result_of(view, b);

	return view_same(a->kind, b->kind) && !left == !right && (left || view->session->n_sources);
}

static void put_label(const struct view *view, const struct warning *warning, FILE *out)
{
	const struct result *result = result_of(view, warning);

	if (result)
		view_put_label(view, result, out);
	else
		view_put_source(view, (size_t)warning->source, out);
}

static bool is_told(const struct view *view, const struct warning *warning)
{
	for (const struct warning *before = view->session->warnings; before < warning; before++)
		if (of_a_kind(view, before, warning))
			return true;
	return false;
}

static void put_others(const struct view *view, const struct warning *warning, FILE *out)
{
	const struct warning *end = view->session->warnings + view->session->n_warnings;
	const char *before = " (also ";
	bool any = false;

	for (const struct warning *other = warning + 1; other < end; other++) {
		if (!of_a_kind(view, warning, other))
			continue;
		fputs(before, out);
		put_label(view, other, out);
		before = ", ";
		any = true;
	}
	if (any)
		fputc(')', out);
}

static int show_one(const struct view *view, const struct warning *warning, FILE *out)
{
	struct draft draft;

	if (draft_open(&draft))
		return -ENOMEM;
	if (result_of(view, warning) || view->session->n_sources) {
		put_label(view, warning, draft.out);
		fputs(": ", draft.out);
	}
	fputs(warning->text, draft.out);
	put_others(view, warning, draft.out);
	return view_print(view, out, &draft, "warning:", YELLOW);
}

int warnings_show(const struct view *view, FILE *out)
{
	int err = 0;

	for (size_t i = 0; i < view->session->n_warnings && !err; i++)
		if (!is_told(view, &view->session->warnings[i]))
			err = show_one(view, &view->session->warnings[i], out);
	return err;
}
