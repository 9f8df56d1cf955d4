/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/compared_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include "report/cell.h"
#include "report/view.h"
#include "session/number.h"

/* From here on a ratio says more than percent do. */
#define MOST_PERCENT 1000

const char *compared_title(enum compared_column column)
{
	static const char *const titles[COMPARED_COLUMNS] = {
		[COMPARED_WHAT] = "STRATEGY",	[COMPARED_BASE] = "BASE NS/OP",
		[COMPARED_NEW] = "NEW NS/OP",	[COMPARED_CHANGE] = "CHANGE",
		[COMPARED_CI95] = "95% CI",	[COMPARED_P] = "P",
		[COMPARED_VERDICT] = "VERDICT",
	};

	return titles[column];
}

static void put_name(const struct session *session, const struct result *result, FILE *out)
{
	struct view view = { .session = session };

	view_look_at(&view);
	view_put_label(&view, result, out);
}

/* A ratio as a change: "+34%", "-5.2%", "x12.3". */
static void put_change(double ratio, FILE *out)
{
	double percent = 100 * (ratio - 1);
	char text[NUMBER_TEXT];

	if (!isfinite(percent)) {
		fputc('-', out);
		return;
	}
	if (percent >= MOST_PERCENT) {
		number_compact(text, ratio);
		fprintf(out, "x%s", text);
		return;
	}
	fprintf(out, "%+.*f%%", fabs(percent) < 10 || percent < -99, percent);
}

/* The same beside a word that says which way: "34% slower". */
static void put_size(double ratio, FILE *out)
{
	double percent = fabs(100 * (ratio - 1));

	if (percent >= MOST_PERCENT)
		put_change(ratio, out);
	else
		fprintf(out, "%.*f%%", percent < 10 || (ratio < 1 && percent > 99), percent);
}

static void put_interval(const double interval[2], FILE *out)
{
	if (!isfinite(interval[0]) || !isfinite(interval[1])) {
		fputc('-', out);
		return;
	}
	put_change(interval[0], out);
	fputs(" .. ", out);
	put_change(interval[1], out);
}

static void put_p(double p, FILE *out)
{
	char text[NUMBER_TEXT];

	if (p < 0.001) {
		fputs("<0.001", out);
		return;
	}
	number_text(text, p);
	fputs(text, out);
}

static void put_percent(double percent, FILE *out)
{
	fprintf(out, "%.*f%%", fabs(percent - round(percent)) > 0.05, percent);
}

static void put_verdict(const struct comparison *comparison, const struct compared *row, FILE *out)
{
	fputs(compared_verdict_name(row->verdict), out);
	if (row->verdict == COMPARED_SAME) {
		fputs(" within ", out);
		put_percent(100 * comparison->rules.same_within, out);
	}
	if (row->regressed)
		fputs(" !", out);
}

void compared_put(const struct comparison *comparison, const struct compared *row,
		  enum compared_column column, FILE *out)
{
	/* Of too few there is an interval and a p, which say nothing. */
	bool says = row->verdict != COMPARED_TOO_FEW;

	switch (column) {
	case COMPARED_WHAT:
		put_name(comparison->base, row->base, out);
		break;
	case COMPARED_BASE:
		cell_put(out, row->effect.base, "");
		break;
	case COMPARED_NEW:
		cell_put(out, row->effect.now, "");
		break;
	case COMPARED_CHANGE:
		put_change(row->effect.ratio, out);
		break;
	case COMPARED_CI95:
		put_interval(says ? row->ci95 : (const double[]){ NAN, NAN }, out);
		break;
	case COMPARED_P:
		put_p(says ? row->p : NAN, out);
		break;
	default:
		put_verdict(comparison, row, out);
	}
}

static void put_undecided(const struct compared *row, FILE *out)
{
	char text[NUMBER_TEXT];

	fputs("undecided: the change lies between ", out);
	put_change(row->ci95[0], out);
	fputs(" and ", out);
	put_change(row->ci95[1], out);
	fprintf(out, "; %zu repeats", row->effect.n);
	number_count(text, row->settle);
	if (row->settle == NO_INT)
		fputs(", and no number of them would settle it: runs of one plan differ by as much",
		      out);
	else if (row->settle >= 10000)
		fputs(", and 10,000 would not settle it", out);
	else
		fprintf(out, ", %s on both sides would settle it", text);
}

static void put_reason(const char *side, const struct result *result, FILE *out)
{
	if (result->status != RESULT_OK)
		fprintf(out, "; %s: %s", side,
			result->reason ? result->reason : "not raced to its end");
	else if (result->counter.promises_exact && result->counter.lost > 0)
		fprintf(out, "; %s: it lost updates", side);
}

void compared_put_note(const struct compared *row, FILE *out)
{
	switch (row->verdict) {
	case COMPARED_SLOWER:
	case COMPARED_FASTER:
		put_size(row->effect.ratio, out);
		fprintf(out, " %s: %s", compared_verdict_name(row->verdict), row->why);
		break;
	case COMPARED_UNDECIDED:
		put_undecided(row, out);
		break;
	case COMPARED_TOO_FEW:
		fprintf(out, "%zu repeats are too few to say; %" PRId64 " on both sides would do",
			row->effect.n, row->settle);
		break;
	case COMPARED_NOT_TIMED:
		fputs("not timed on both sides", out);
		put_reason("base", row->base, out);
		put_reason("new", row->now, out);
		break;
	default:
		break;
	}
}

static const char *or_dash(const char *text)
{
	return text ? text : "-";
}

void compared_put_session(const struct session *session, FILE *out)
{
	fprintf(out, "Linux %s on %s, %s, %s %s", or_dash(session->host.kernel),
		or_dash(session->host.hostname), or_dash(session->started),
		or_dash(session->tool.name), or_dash(session->tool.version));
}

void compared_put_summary(const struct comparison *comparison, FILE *out)
{
	fprintf(out, "%zu rows", comparison->n_rows);
	for (unsigned int i = 0; i < COMPARED_VERDICTS; i++) {
		size_t n = comparison_count(comparison, i);

		if (n)
			fprintf(out, " · %zu %s", n, compared_verdict_name(i));
	}
	fputs(" · p is adjusted for ", out);
	fprintf(out, "%zu rows (Holm)", comparison->n_tested);
	if (comparison_regressed(comparison)) {
		fputs(" · ! certainly more than ", out);
		put_percent(100 * comparison->rules.fail_above, out);
		fputs(" slower", out);
	}
}

void compared_put_difference(const struct difference *difference, FILE *out)
{
	fprintf(out, "%s: %s -> %s", difference->key, difference->base, difference->now);
}

void compared_put_names(const struct session *session, const struct result *const *results,
			size_t n_results, FILE *out)
{
	for (size_t i = 0; i < n_results; i++) {
		fputs(i ? ", " : "", out);
		put_name(session, results[i], out);
	}
}
