/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the letters and signs of the rows mean, and what each row means. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/html.h"
#include "report/view.h"
#include "session/derive.h"

static bool any_void(const struct session *session)
{
	struct watched watched[WATCHED_LEVELS];
	size_t i;

	for (i = 0; i < session->n_results; i++)
		if (derive_watched(&session->results[i], watched) &&
		    !derive_is_believed(&session->results[i]))
			return true;
	return false;
}

/* On-CPU time is split where the calls level was traced. */
static bool any_split(const struct session *session)
{
	size_t i;

	for (i = 0; i < session->n_results; i++)
		if (isfinite(derive_system_percent(&session->results[i])))
			return true;
	return false;
}

static void put_letters(const struct view *view, const char *const *bar, size_t n, FILE *out)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i % 2 == 0 && view->style->color)
			budget_paint(bar[i], out);
		else
			fputs(bar[i], out);
	}
}

/* What the letters of the bar mean: each, and its words. */
static int write_letters(const struct view *view, const char *const *bar, size_t n, FILE *out)
{
	struct draft line;

	fputc('\n', out);
	if (view->style->html) {
		html_key(bar, n, out);
		return 0;
	}
	if (!view->style->markdown) {
		fputs("  ", out);
		put_letters(view, bar, n, out);
		fputc('\n', out);
		return 0;
	}
	if (draft_open(&line))
		return -ENOMEM;
	put_letters(view, bar, n, line.out);
	return view_print(view, out, &line, "", PLAIN);
}

int legend_write(const struct view *view, FILE *out)
{
	static const char *const whole[] = { "|", " on CPU  ",	"r", " run queue  ",
					     ".", " blocked  ", "?", " unaccounted" };
	static const char *const split[] = { "|", " user  ",	  "s", " system  ",
					     "r", " run queue  ", ".", " blocked  ",
					     "?", " unaccounted" };
	bool is_split = any_split(view->session);
	const char *const *bar = is_split ? split : whole;
	size_t n = is_split ? sizeof(split) / sizeof(*split) : sizeof(whole) / sizeof(*whole);
	struct draft signs;
	int err = write_letters(view, bar, n, out);

	if (err)
		return err;
	if (draft_open(&signs))
		return -ENOMEM;
	fputs("/KOP per thousand increments · - not measured · ! lost updates", signs.out);
	view_put_star(view, signs.out);
	if (any_void(view->session))
		fputs(" · void: the kernel's counts did not reconcile, see below", signs.out);
	return view_print_indented(view, out, &signs, 2);
}

static const char *trouble(const struct result *result)
{
	return result->status == RESULT_FAILED	    ? "failed: " :
	       result->status == RESULT_UNSUPPORTED ? "unsupported: " :
						      "timed out: ";
}

static enum paint paint_of(const struct view *view, const struct result *result)
{
	if (result->status == RESULT_FAILED || result->status == RESULT_TIMED_OUT)
		return ALARM;
	if (result->status == RESULT_UNSUPPORTED)
		return YELLOW;
	if (result->counter.promises_exact && result->counter.lost != NO_INT &&
	    result->counter.lost != 0)
		return ALARM;
	return view_is_best(view, result) ? GREEN : BOLD;
}

static int write_one(const struct view *view, const struct result *result, unsigned int indent,
		     FILE *out)
{
	const char *text = result->status == RESULT_OK ? result->verdict : result->reason;
	char *label = view_label(view, result), *said = NULL;
	int err = -ENOMEM;

	if (label && asprintf(&said, "%s%s", result->status == RESULT_OK ? "" : trouble(result),
			      text ? text : "no reason is recorded") >= 0)
		err = text_wrap(out, view->style, label, paint_of(view, result), indent, said);
	free(said);
	free(label);
	return err;
}

static bool has_words(const struct result *result)
{
	return result->status != RESULT_OK || result->verdict;
}

static bool was_not_raced(const struct result *result)
{
	return result->status != RESULT_OK;
}

static int write_those(const struct view *view, bool (*wanted)(const struct result *), FILE *out)
{
	unsigned int indent = view_label_indent(view);
	int err = 0;
	size_t i;

	for (i = 0; i < view->session->n_results && !err; i++)
		if (wanted(view_result(view, i)))
			err = write_one(view, view_result(view, i), indent, out);
	return err;
}

int verdicts_write(const struct view *view, FILE *out)
{
	fputc('\n', out);
	return write_those(view, has_words, out);
}

int reasons_write(const struct view *view, FILE *out)
{
	size_t i;

	for (i = 0; i < view->session->n_results; i++)
		if (was_not_raced(&view->session->results[i])) {
			fputc('\n', out);
			return write_those(view, was_not_raced, out);
		}
	return 0;
}
