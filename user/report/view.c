/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/view.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "session/number.h"

#define WIDEST_LABEL 26

int view_print(const struct view *view, FILE *out, struct draft *draft, const char *label,
	       enum paint paint)
{
	char *text = draft_close(draft);
	unsigned int indent = *label ? (unsigned int)strlen(label) + 1 : 0;
	int err = text ? text_wrap(out, view->style, label, paint, indent, text) : -ENOMEM;

	free(text);
	return err;
}

int view_print_indented(const struct view *view, FILE *out, struct draft *draft,
			unsigned int indent)
{
	char *text = draft_close(draft);
	int err = text ? text_wrap(out, view->style, "", PLAIN, indent, text) : -ENOMEM;

	free(text);
	return err;
}

void view_put_meanings(const struct view *view, const struct meaning *meanings, size_t n, FILE *out)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (view_shows(view, meanings[i].column))
			fprintf(out, "%s · ", meanings[i].words);
}

void view_put_star(const struct view *view, FILE *out)
{
	if (view->any_best)
		fputs(" · * fastest that shares the work and counts exactly", out);
	if (view->any_best && view->scanned)
		fputs(", of the rows at a point of the scan", out);
	if (view->any_best && view->session->n_sources)
		fputs(view->scanned ? " and of one source" : ", of the rows of one source", out);
}

void view_put_count(FILE *out, int64_t count)
{
	char text[NUMBER_TEXT];

	number_count(text, count);
	fputs(count == NO_INT ? "-" : text, out);
}

void view_put_task(FILE *out, const char *role, int64_t worker)
{
	fputs(role ? role : "-", out);
	if (!view_same(role, "owner") && worker != NO_INT)
		fprintf(out, " %" PRId64, worker);
}

static void put_length(FILE *out, const char *name, int64_t ns)
{
	const char *unit;
	char text[NUMBER_TEXT];

	number_time(text, (double)ns, &unit);
	fprintf(out, " %s=%s%s", name, text, unit);
}

void view_put_source(const struct view *view, size_t source, FILE *out)
{
	const struct source *of = &view->session->sources[source];

	fputs(of->host.hostname ? of->host.hostname : "-", out);
	if (view->starts)
		fprintf(out, " of %s", of->started ? of->started : "-");
}

void view_put_label(const struct view *view, const struct result *result, FILE *out)
{
	fputs(result->strategy ? result->strategy : "-", out);
	if (view->modes && result->mode)
		fprintf(out, " %s", result->mode);
	if (view->workers && result->workers != NO_INT)
		fprintf(out, " w=%" PRId64, result->workers);
	if (view->batches && result->batch != NO_INT && result->batch != BATCH_ALL)
		fprintf(out, " b=%" PRId64, result->batch);
	if (view->batches && result->batch == BATCH_ALL)
		fputs(" b=all", out);
	if (view->permits && result->permits != NO_INT)
		fprintf(out, " permits=%" PRId64, result->permits);
	if (view->read_shares && result->read_share != NO_INT)
		fprintf(out, " reads=%" PRId64 "%%", result->read_share);
	if (view->messages && result->message != NO_INT)
		fprintf(out, " message=%" PRId64, result->message);
	if (view->durations && result->duration_ns != NO_INT)
		put_length(out, "d", result->duration_ns);
	if (view->iterations && result->iterations != NO_INT)
		fprintf(out, " n=%" PRId64, result->iterations);
	if (view->criticals && result->critical_ns != NO_INT)
		put_length(out, "critical", result->critical_ns);
	if (view->thinks && result->think_ns != NO_INT)
		put_length(out, "think", result->think_ns);
	if (view->paces && result->pace != NO_INT)
		fprintf(out, " pace=%" PRId64, result->pace);
	if (view->hosts || view->starts) {
		fputs(" on ", out);
		view_put_source(view, (size_t)result->source, out);
	}
}

char *view_label(const struct view *view, const struct result *result)
{
	struct draft label;

	if (draft_open(&label))
		return NULL;
	view_put_label(view, result, label.out);
	return draft_close(&label);
}

unsigned int view_label_indent(const struct view *view)
{
	unsigned int widest = 0, width;
	size_t i;

	for (i = 0; i < view->session->n_results && widest < WIDEST_LABEL; i++) {
		char *label = view_label(view, &view->session->results[i]);

		width = label ? text_width(label) : 0;
		free(label);
		if (width > widest)
			widest = width;
	}
	return (widest < WIDEST_LABEL ? widest : WIDEST_LABEL) + 2;
}

bool view_is_best(const struct view *view, const struct result *result)
{
	return view->best[result - view->session->results];
}

const struct result *view_result(const struct view *view, size_t place)
{
	return &view->session->results[view->ranking[place]];
}

bool view_shows(const struct view *view, size_t column)
{
	return view->shown >> column & 1;
}

bool view_is_traced(const struct view *view)
{
	return view->traced;
}

int view_write_rows(const struct view *view, const struct column_set *columns,
		    int (*legend)(const struct view *view, FILE *out), FILE *out)
{
	struct view other = *view;
	int err;

	other.columns = columns;
	fputc('\n', out);
	err = rows_write(&other, out);
	return err || !legend ? err : legend(&other, out);
}

bool view_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}
