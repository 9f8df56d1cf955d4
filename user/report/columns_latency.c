/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of the latencies, and what is said below them. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "report/cell.h"
#include "report/histogram_bar.h"
#include "session/derive.h"
#include "session/number.h"

CELL(cost_cell)
{
	cell_put(out, result->time.ns_per_op.median, "");
}

CELL(timed_cell)
{
	fputs(result->latency && result->latency->from ? result->latency->from : "-", out);
}

#define LATENCY_CELL(name, member, put) \
	CELL(name) \
	{ \
		put(out, result->latency ? result->latency->member : NO_INT); \
	}

LATENCY_CELL(p50_cell, p50, cell_put_latency)
LATENCY_CELL(p90_cell, p90, cell_put_latency)
LATENCY_CELL(p99_cell, p99, cell_put_latency)
LATENCY_CELL(p99_9_cell, p99_9, cell_put_latency)
LATENCY_CELL(max_cell, max, cell_put_latency)
LATENCY_CELL(sampled_cell, sampled_every, view_put_count)

CELL(count_cell)
{
	cell_put_whole(out, result->latency ? result->latency->count : NO_INT);
}

static struct axis latency_axis(const struct session *session)
{
	struct axis axis = AXIS_OF_NOTHING;
	size_t i;

	for (i = 0; i < session->n_results; i++) {
		const struct latencies *latencies = session->results[i].latency;

		if (latencies)
			axis_extend(&axis, latencies->bins, latencies->n_bins, latencies->max);
	}
	return axis;
}

CELL(histogram_cell)
{
	const struct latencies *latencies = result->latency;
	struct axis axis = latency_axis(view->session);

	histogram_bar(latencies ? latencies->bins : NULL, latencies ? latencies->n_bins : 0, &axis,
		      view->style, out);
	if (latencies && latencies->n_bins)
		*paint = BLUE;
}

static bool any_measured(const struct view *view)
{
	return latency_axis(view->session).lo != NO_INT;
}

enum { NS_OP, TIMED, P50, P90, P99, P99_9, MAX, COUNT, ONE_IN, HISTOGRAM };

static const struct column columns[] = {
	[NS_OP] = { "NS/OP", 26, true, false, cost_cell, NULL },
	[TIMED] = { "TIMED", COLUMN_KEPT, false, false, timed_cell, NULL },
	[P50] = { "P50", 25, true, false, p50_cell, NULL },
	[P90] = { "P90", 16, true, false, p90_cell, NULL },
	[P99] = { "P99", 24, true, false, p99_cell, NULL },
	[P99_9] = { "P99.9", 22, true, false, p99_9_cell, NULL },
	[MAX] = { "MAX", 23, true, false, max_cell, NULL },
	[COUNT] = { "COUNT", 12, true, false, count_cell, NULL },
	[ONE_IN] = { "1 IN", 11, true, false, sampled_cell, NULL },
	[HISTOGRAM] = { "HISTOGRAM", COLUMN_CORE, false, false, histogram_cell, any_measured },
};

const struct column_set latency_columns = {
	.columns = columns,
	.n = sizeof(columns) / sizeof(columns[0]),
	.status = TIMED,
};

static bool any_from(const struct session *session, const char *from)
{
	size_t i;

	for (i = 0; i < session->n_results; i++)
		if (session->results[i].latency &&
		    view_same(session->results[i].latency->from, from))
			return true;
	return false;
}

static int put_timed(const struct view *view, FILE *out)
{
	static const char *const ways[][2] = {
		{ "section", "before the lock (if any) is taken to after it is given back" },
		{ "message", "before it is sent to when its owner has received it" },
		{ "turn", "before it is handed on to when the next has it" },
		{ "pace", "when it was meant to begin, so a stall shows in all that it delayed" },
	};
	struct draft draft;
	int err = 0;
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]) && !err; i++) {
		if (!any_from(view->session, ways[i][0]))
			continue;
		if (draft_open(&draft))
			return -ENOMEM;
		fprintf(draft.out, "%s: from %s", ways[i][0], ways[i][1]);
		err = view_print_indented(view, out, &draft, 2);
	}
	return err;
}

/* Sessions of several machines have several clocks. */
static void put_clock(const struct session *session, FILE *out)
{
	double least = INFINITY, most = 0;
	size_t i;

	for (i = 0; i < session->n_results; i++) {
		const struct latencies *latencies = session->results[i].latency;

		if (!latencies || !isfinite(latencies->clock_ns))
			continue;
		least = fmin(least, latencies->clock_ns);
		most = fmax(most, latencies->clock_ns);
	}
	if (!isfinite(least))
		return;
	fputs(" · reading the clock (", out);
	cell_put(out, least, "");
	if (most > least) {
		fputs(" to ", out);
		cell_put(out, most, "");
	}
	fputs(" ns) is taken off: what is left below 10 ns is at its resolution", out);
}

static bool any_missing(const struct session *session)
{
	size_t i;

	for (i = 0; i < session->n_results; i++)
		if (session->results[i].status == RESULT_OK && !session->results[i].latency)
			return true;
	return false;
}

int latency_legend_write(const struct view *view, FILE *out)
{
	const struct session *session = view->session;
	const struct axis axis = latency_axis(session);
	struct draft signs;
	int err;

	fputc('\n', out);
	err = put_timed(view, out);
	if (err || draft_open(&signs))
		return err ? err : -ENOMEM;
	if (any_measured(view)) {
		fputs("nothing is trimmed · percentiles within 0.8 %", signs.out);
		put_clock(session, signs.out);
		if (view_shows(view, ONE_IN))
			fputs(" · 1 IN so many passes was timed", signs.out);
		if (view_shows(view, HISTOGRAM))
			axis_put(&axis, "HISTOGRAM", signs.out);
		fputs(" · ", signs.out);
	}
	fputs("- not measured", signs.out);
	if (any_missing(session))
		fputs(": --latency=3 times passes, in three repeats besides", signs.out);
	view_put_star(view, signs.out);
	return view_print_indented(view, out, &signs, 2);
}
