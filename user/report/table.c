/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table for people, from top to bottom. */
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "report/view.h"
#include "session/fleet.h"
#include "session/point.h"

#define NARROWEST 60

/* The baseline's only worker shares nothing, so it is no answer to which primitive to use. */
static bool may_be_best(const struct result *result)
{
	return result->status == RESULT_OK && result->counter.promises_exact &&
	       result->counter.lost == 0 && result->workers > 1 &&
	       !view_same(result->strategy, "sequential") &&
	       isfinite(result->time.ns_per_op.median);
}

/* Null is no value: what does not take a batch differs from nothing. */
static bool differs(const struct session *session, size_t member)
{
	int64_t first = NO_INT;
	size_t i;

	for (i = 0; i < session->n_results; i++) {
		int64_t value;

		memcpy(&value, (const char *)&session->results[i] + member, sizeof(value));
		if (first == NO_INT)
			first = value;
		if (value != NO_INT && value != first)
			return true;
	}
	return false;
}

/* Measured by one run, so on one machine at one time. */
static bool is_beside(const struct session *session, const struct result *a, const struct result *b)
{
	return a->source == b->source && point_is_shared(fleet_plan(session, b), a, b);
}

/* Of the results that can be compared with this one; NULL: none may be best. */
static const struct result *fastest_beside(const struct session *session, const struct result *of)
{
	const struct result *fastest = NULL;
	size_t i;

	for (i = 0; i < session->n_results; i++) {
		const struct result *result = &session->results[i];

		/* First what costs least: this is asked of every two results. */
		if ((!fastest || result->time.ns_per_op.median < fastest->time.ns_per_op.median) &&
		    may_be_best(result) && is_beside(session, result, of))
			fastest = result;
	}
	return fastest;
}

/* Without a scan, what is beside the first of a source is beside all of it. */
static bool is_alike(const struct session *session, size_t i)
{
	const struct result *result = &session->results[i];

	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): i is one of the results */
	return i > 0 && result->source == result[-1].source && !fleet_plan(session, result)->n_scan;
}

static void find_best(struct view *view, bool *best)
{
	const struct session *session = view->session;
	size_t i;

	for (i = 0; i < session->n_results; i++) {
		const struct result *fastest;

		if (is_alike(session, i))
			continue;
		fastest = fastest_beside(session, &session->results[i]);
		if (fastest)
			best[fastest - session->results] = true;
		view->any_best |= fastest != NULL;
	}
	view->best = best;
}

/* Several hosts, or several sessions of one. */
static void look_at_sources(struct view *view)
{
	const struct session *session = view->session;
	size_t i, j;

	view->scanned = session->plan.n_scan > 0;
	for (i = 0; i < session->n_sources; i++) {
		const struct source *source = &session->sources[i];

		view->scanned |= source->plan.n_scan > 0;
		for (j = 0; j < i; j++) {
			const struct source *before = &session->sources[j];
			bool same = view_same(source->host.hostname, before->host.hostname);

			view->hosts |= !same;
			view->starts |= same && !view_same(source->started, before->started);
		}
	}
}

void view_look_at(struct view *view)
{
	const struct result *results = view->session->results;
	size_t i;

	for (i = 0; i < view->session->n_results; i++) {
		const struct result *result = &results[i];

		view->traced |= result->kernel && result->kernel->sleeps;
		view->calls |= result->kernel && result->kernel->calls;
		view->modes |= !view_same(result->mode, results[0].mode);
	}
	view->batches = differs(view->session, offsetof(struct result, batch));
	view->permits = differs(view->session, offsetof(struct result, permits));
	view->read_shares = differs(view->session, offsetof(struct result, read_share));
	view->messages = differs(view->session, offsetof(struct result, message));
	view->durations = differs(view->session, offsetof(struct result, duration_ns));
	view->iterations = differs(view->session, offsetof(struct result, iterations));
	view->criticals = differs(view->session, offsetof(struct result, critical_ns));
	view->thinks = differs(view->session, offsetof(struct result, think_ns));
	view->paces = differs(view->session, offsetof(struct result, pace));
	/* Of sources that do not agree on it, a merged session has none. */
	view->workers = view->session->plan.n_workers > 1 ||
			(view->session->n_sources && !view->session->plan.n_workers);
	view->fixed_work = view->session->plan.iterations != NO_INT || view->iterations;
	look_at_sources(view);
}

#define MOST_BELOW 6

/* What a table consists of besides its header. */
struct table {
	const struct column_set *columns;
	int (*legend)(const struct view *view, FILE *out);
	int (*below[MOST_BELOW + 1])(const struct view *view, FILE *out); /* ends with NULL */
};

int view_open(struct view *view, const struct session *session, const struct report_style *style)
{
	size_t *ranking = ranking_make(session);
	bool *best = calloc(session->n_results + 1, sizeof(*best));

	*view = (struct view){ .session = session, .style = style, .ranking = ranking };
	if (!ranking || !best) {
		free(ranking);
		free(best);
		return -ENOMEM;
	}
	find_best(view, best);
	view_look_at(view);
	return 0;
}

void view_close(struct view *view)
{
	free((void *)view->best);
	free((void *)view->ranking);
}

static int write_parts(const struct table *table, struct view *view, FILE *out)
{
	int err = header_write(view, out);
	size_t i;

	if (!err && view->session->n_results)
		err = rows_write(view, out);
	if (!err && view->session->n_results)
		err = table->legend(view, out);
	for (i = 0; table->below[i] && !err; i++)
		err = table->below[i](view, out);
	if (!err && (fflush(out) || ferror(out)))
		err = -EIO;
	return err;
}

static int write_table(const struct table *table, const struct session *session,
		       const struct report_style *style, FILE *out)
{
	struct report_style usable = *style;
	struct view view;
	int err;

	if (usable.width < NARROWEST)
		usable.width = NARROWEST;
	err = view_open(&view, session, &usable);
	if (err)
		return err;
	view.columns = table->columns;
	err = write_parts(table, &view, out);
	view_close(&view);
	return err;
}

int report_table(const struct session *session, const struct report_style *style, FILE *out)
{
	static const struct table summary = {
		.columns = &summary_columns,
		.legend = legend_write,
		.below = { verdicts_write, trust_write, hardware_write, warnings_show },
	};

	return write_table(&summary, session, style, out);
}

/* Nothing of the kernel's stands between the legend and them. */
static int warnings_apart(const struct view *view, FILE *out)
{
	if (view->session->n_warnings)
		fputc('\n', out);
	return warnings_show(view, out);
}

int report_latency(const struct session *session, const struct report_style *style, FILE *out)
{
	static const struct table latency = {
		.columns = &latency_columns,
		.legend = latency_legend_write,
		.below = { reasons_write, warnings_apart },
	};

	return write_table(&latency, session, style, out);
}

int report_workers(const struct session *session, const struct report_style *style, FILE *out)
{
	static const struct table workers = {
		.columns = &workers_columns,
		.legend = workers_legend_write,
		.below = { reasons_write, trust_write, warnings_show },
	};

	return write_table(&workers, session, style, out);
}

int report_kernel(const struct session *session, const struct report_style *style, FILE *out)
{
	static const struct table kernel = {
		.columns = &switches_columns,
		.legend = switches_legend_write,
		.below = { delays_write, wake_edges_write, preemptions_write, reasons_write,
			   trust_write, warnings_show },
	};

	return write_table(&kernel, session, style, out);
}

int report_locks(const struct session *session, const struct report_style *style, FILE *out)
{
	static const struct table locks = {
		.columns = &futexes_columns,
		.legend = futexes_legend_write,
		.below = { futex_calls_write, contention_write, reasons_write, trust_write,
			   warnings_show },
	};

	return write_table(&locks, session, style, out);
}

int report_budget(const struct session *session, const struct report_style *style, FILE *out)
{
	static const struct table budget = {
		.columns = &budget_columns,
		.legend = budget_legend_write,
		.below = { others_write, kernel_threads_write, reasons_write, trust_write,
			   warnings_show },
	};

	return write_table(&budget, session, style, out);
}

/* Wider than any table is. */
#define UNLIMITED 100000

int report_plain(report_view *view, const struct session *session, FILE *out)
{
	const struct report_style style = { .width = UNLIMITED };

	return view(session, &style, out);
}
