/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/reentry_draw.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "command/draw.h"
#include "report/text.h"
#include "session/number.h"

/* ---- JSON ---- */

static char *sentence_of(const struct reentry_finding *finding)
{
	struct draft draft;

	if (draft_open(&draft))
		return NULL;
	reentry_describe(finding, draft.out);
	return draft_close(&draft);
}

static json_t *where_json(const struct reentry_finding *finding)
{
	static const char *const states[] = {
		[WHERE_UNKNOWN] = "unknown",
		[WHERE_RUNNING] = "running",
		[WHERE_FUTEX] = "futex",
		[WHERE_ELSEWHERE] = "asleep",
	};
	bool on_futex = finding->where.kind == WHERE_FUTEX;
	bool in_lock = on_futex && finding->place == PLACE_LOCK;
	char address[32];

	if (finding->outcome != REENTRY_SELF_DEADLOCK && finding->outcome != REENTRY_HANGS &&
	    finding->outcome != REENTRY_SPINS)
		return json_null();
	snprintf(address, sizeof(address), "0x%" PRIx64, finding->where.futex);
	return json_pack("{s:s, s:s?, s:s?, s:o, s:I, s:b, s:b, s:o}", "state",
			 states[finding->where.kind], "futex", on_futex ? address : NULL, "in",
			 on_futex ? reentry_place_name(finding->place) : NULL, "offset",
			 in_lock ? json_integer((json_int_t)finding->offset) : json_null(),
			 "cpu_ns", (json_int_t)finding->cpu_ns, "by_bpf", (int)finding->by_slot,
			 "by_proc", (int)finding->by_proc, "sources_agree",
			 finding->by_slot && finding->by_proc ?
				 json_boolean(!finding->sources_differ) :
				 json_null());
}

static json_t *futex_json(const struct reentry_finding *finding)
{
	bool counted = finding->calls_counted;

	return json_pack("{s:o, s:o, s:I}", "calls",
			 counted ? json_integer((json_int_t)finding->futex_calls) : json_null(),
			 "failed",
			 counted ? json_integer((json_int_t)finding->futex_failed) : json_null(),
			 "slept", (json_int_t)finding->futex_sleeps);
}

static json_t *kernel_json(const struct reentry_finding *finding)
{
	const struct counts *counts = &finding->counts;

	if (!finding->counted)
		return json_null();
	return json_pack("{s:{s:I, s:I}, s:o, s:I, s:I, s:I, s:I, s:I, s:b}", "switches",
			 "voluntary", (json_int_t)counts->voluntary, "involuntary",
			 (json_int_t)counts->involuntary, "futex", futex_json(finding), "wall_ns",
			 (json_int_t)counts->wall_ns, "on_cpu_ns", (json_int_t)counts->on_cpu_ns,
			 "run_queue_ns", (json_int_t)counts->run_queue_ns, "blocked_ns",
			 (json_int_t)counts_blocked_ns(counts), "unaccounted_ns",
			 (json_int_t)counts_unaccounted_ns(counts), "reconciled",
			 (int)finding->reconciled);
}

static json_t *finding_json(const struct reentry_finding *finding)
{
	const struct lock_kind *kind = finding->kind;
	char *sentence = sentence_of(finding);
	json_t *json;

	json = json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:o, s:o, s:I, s:o, s:o, s:s?}", "lock",
			 kind->name, "summary", kind->summary, "outcome",
			 reentry_outcome_name(finding->outcome), "error",
			 finding->error ? strerrorname_np(finding->error) : NULL, "refused_by",
			 reentry_refused_by(finding), "tid",
			 finding->tid ? json_integer(finding->tid) : json_null(), "owner",
			 finding->has_owner ? json_integer(finding->owner) : json_null(),
			 "waited_ns", (json_int_t)finding->waited_ns, "where", where_json(finding),
			 "kernel", kernel_json(finding), "seen", sentence);
	free(sentence);
	return json;
}

int reentry_draw_json(const void *what, const struct report_style *style, FILE *out)
{
	const struct reentry_report *report = what;
	json_t *results = json_array();
	int err = 0;

	(void)style;
	for (size_t i = 0; !err && i < report->n_findings; i++)
		err = json_array_append_new(results, finding_json(&report->findings[i]));
	if (err) {
		json_decref(results);
		return -ENOMEM;
	}
	return draw_json(json_pack("{s:s, s:b, s:I, s:o, s:o}", "schema", "tracebench.reentry/1",
				   "complete", (int)report->complete, "timeout_ns",
				   (json_int_t)report->timeout_ns, "tracing",
				   tracing_json(&report->tracing), "results", results),
			 out);
}

/* ---- The table ---- */

static const struct cells_column columns[] = {
	{ "LOCK", false },	 { "THE SECOND TIME", false }, { "SWITCHES", true },
	{ "FUTEX CALLS", true }, { "SLEEPS", true },	       { "ON CPU", true },
	{ "BLOCKED", true },
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

static void add_time(struct cells *cells, uint64_t ns)
{
	char text[NUMBER_TEXT];
	const char *unit;

	number_time(text, (double)ns, &unit);
	cells_add(cells, "%s %s", text, unit);
}

static void add_counts(struct cells *cells, const struct reentry_finding *finding)
{
	const struct counts *counts = &finding->counts;

	if (!finding->counted || !finding->reconciled) {
		for (int i = 0; i < 5; i++)
			cells_add(cells, finding->counted ? "void" : "-");
		return;
	}
	cells_add(cells, "%" PRIu64, counts->voluntary + counts->involuntary);
	if (finding->calls_counted)
		cells_add(cells, "%" PRIu64, finding->futex_calls);
	else
		cells_add(cells, "-");
	cells_add(cells, "%" PRIu64, finding->futex_sleeps);
	add_time(cells, counts->on_cpu_ns);
	add_time(cells, counts_blocked_ns(counts));
}

static void add_finding(struct cells *cells, const struct reentry_finding *finding)
{
	bool refused = finding->outcome == REENTRY_REFUSED;

	cells_add(cells, "%s", finding->kind->name);
	cells_add(cells, "%s",
		  refused ? strerrorname_np(finding->error) :
			    reentry_outcome_name(finding->outcome));
	add_counts(cells, finding);
}

bool reentry_is_not_reconciled(const struct reentry_finding *finding)
{
	return (finding->counted && !finding->reconciled) || finding->sources_differ;
}

static void put_header(const void *what, FILE *out)
{
	const struct reentry_report *report = what;
	char text[NUMBER_TEXT];
	const char *unit;

	number_time(text, (double)report->timeout_ns, &unit);
	fprintf(out, "one thread takes each lock twice · ended when not back after %s %s · ", text,
		unit);
	tracing_put(&report->tracing, out);
	if (!report->complete)
		fputs(" · interrupted: incomplete", out);
}

/* How far the kernel's side may be believed. */
static void put_trust(const void *what, FILE *out)
{
	const struct reentry_report *report = what;
	size_t counted = 0, reconciled = 0, twice = 0, alike = 0;

	for (size_t i = 0; i < report->n_findings; i++) {
		const struct reentry_finding *finding = &report->findings[i];

		counted += finding->counted;
		reconciled += finding->counted && finding->reconciled;
		twice += finding->by_slot && finding->by_proc;
		alike += finding->by_slot && finding->by_proc && !finding->sources_differ;
	}
	if (counted)
		fprintf(out,
			"switches agree with getrusage or /proc (%zu of %zu threads) · whereabouts "
			"agree with /proc (%zu of %zu)",
			reconciled, counted, alike, twice);
}

static size_t longest_name(const struct reentry_report *report)
{
	size_t longest = 0;

	for (size_t i = 0; i < report->n_findings; i++) {
		size_t length = strlen(report->findings[i].kind->name);

		longest = length > longest ? length : longest;
	}
	return longest;
}

static int draw_sentences(const struct reentry_report *report, const struct report_style *style,
			  FILE *out)
{
	unsigned int indent = (unsigned int)longest_name(report) + 2;
	int err = 0;

	for (size_t i = 0; !err && i < report->n_findings; i++) {
		char *sentence = sentence_of(&report->findings[i]);

		err = sentence ? text_wrap(out, style, report->findings[i].kind->name, BOLD, indent,
					   sentence) :
				 -ENOMEM;
		free(sentence);
	}
	return err;
}

static int draw_rows(const struct reentry_report *report, const struct report_style *style,
		     FILE *out)
{
	struct cells cells = { 0 };
	int err;

	for (size_t i = 0; i < report->n_findings; i++)
		add_finding(&cells, &report->findings[i]);
	fputc('\n', out);
	err = cells_print(&cells, columns, N_COLUMNS, style, out);
	cells_free(&cells);
	fputc('\n', out);
	return err;
}

int reentry_draw_table(const void *what, const struct report_style *style, FILE *out)
{
	const struct reentry_report *report = what;
	int err = draw_paragraph(report, put_header, style, out);

	if (!err && report->n_findings)
		err = draw_rows(report, style, out);
	if (!err)
		err = draw_sentences(report, style, out);
	if (!err && report->n_findings && report->tracing.probe)
		fputc('\n', out);
	return err ? err : draw_paragraph(report, put_trust, style, out);
}
