/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/spawn_draw.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>

#include "base/clock.h"
#include "command/draw.h"
#include "report/text.h"
#include "session/derive.h"
#include "session/number.h"

static const struct cells_column columns[] = {
	{ "METHOD", false },  { "MAKES", false }, { "CREATE", true },	{ "JOINED", true },
	{ "±95%", true },     { "CPU", true },	  { "FAULTS", true },	{ "RUSAGE SW", true },
	{ "SWITCHES", true }, { "STARTS", true }, { "SLOWDOWN", true },
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* Of columns that a row has no values for. */
static void add_blanks(struct cells *cells, int n, const char *text)
{
	for (int i = 0; i < n; i++)
		cells_add(cells, "%s", text);
}

static void add_number(struct cells *cells, double number, const char *unit)
{
	char text[NUMBER_TEXT];

	number_text(text, number);
	cells_add(cells, "%s%s", text, isfinite(number) ? unit : "");
}

static void add_us(struct cells *cells, double ns)
{
	add_number(cells, ns / (double)NS_PER_US, "");
}

static uint64_t switches(const struct spawn_use *use)
{
	return use->voluntary + use->involuntary;
}

static void add_untraced(struct cells *cells, const struct spawn_row *row)
{
	const struct spawn_use *children = &row->children, *spawner = &row->spawner;
	double n = (double)row->creations;
	char text[NUMBER_TEXT];

	add_us(cells, row->create_ns.median);
	add_us(cells, row->whole_ns.median);
	number_percent(text, derive_half_width_percent(&row->whole_ns));
	cells_add(cells, "%s%s", text, *text == '-' ? "" : "%");
	add_us(cells, (double)(children->cpu_ns + spawner->cpu_ns) / n);
	add_number(cells, (double)(children->minor_faults + spawner->minor_faults) / n, "");
	add_number(cells, (double)(switches(children) + switches(spawner)) / n, "");
}

static void add_traced(struct cells *cells, const struct spawn_row *row)
{
	const struct spawn_kernel *kernel = &row->kernel;
	uint64_t all = kernel->voluntary + kernel->involuntary + kernel->spawner.voluntary +
		       kernel->spawner.involuntary;

	if (!row->traced || !spawn_is_reconciled(kernel)) {
		add_blanks(cells, 2, row->traced ? "void" : "-");
	} else {
		add_number(cells, (double)all / (double)kernel->creations, "");
		add_us(cells, kernel->starts_ns.median);
	}
	add_number(cells, row->traced ? kernel->slowdown.median : NAN, "x");
}

static void add_row(struct cells *cells, const struct spawn_row *row)
{
	cells_add(cells, "%s", row->method->name);
	cells_add(cells, "%s", spawn_makes_name(row->method->makes));
	if (row->creations)
		add_untraced(cells, row);
	else
		add_blanks(cells, 6, "-");
	add_traced(cells, row);
}

static int draw_rows(const struct spawn_report *report, const struct report_style *style, FILE *out)
{
	struct cells cells = { 0 };
	int err;

	for (size_t i = 0; i < report->n_rows; i++)
		add_row(&cells, &report->rows[i]);
	err = cells_print(&cells, columns, N_COLUMNS, style, out);
	cells_free(&cells);
	return err;
}

/* What a fork copies the page tables of. */
static void put_resident(const struct spawn_report *report, FILE *out)
{
	uint64_t most = 0;
	char text[NUMBER_TEXT];

	for (size_t i = 0; i < report->n_rows; i++)
		if (report->rows[i].resident_bytes > most)
			most = report->rows[i].resident_bytes;
	number_text(text, (double)most / 1e6);
	if (most)
		fprintf(out, ", by a process of %s MB", text);
}

static void put_header(const void *what, FILE *out)
{
	const struct spawn_report *report = what;
	const struct spawn_options *options = &report->options;

	fprintf(out, "%" PRIu64 " creations x %" PRIu64 " repeats, interleaved",
		options->iterations, options->repeats);
	put_resident(report, out);
	fprintf(out, " · program %s · seed %" PRIu64 " · ", options->program, options->seed);
	tracing_put(&report->tracing, out);
	if (!report->complete)
		fputs(" · interrupted: incomplete", out);
}

static void put_legend(const void *what, FILE *out)
{
	const struct spawn_report *report = what;

	fputs("per creation, times in us: CREATE until the call returned, JOINED until its end was "
	      "waited for; CPU, FAULTS (minor) and RUSAGE SW (switches) of child and parent by "
	      "getrusage",
	      out);
	if (report->tracing.probe)
		fputs("; SWITCHES by the kernel's trace; STARTS from the call until the child was on "
		      "a CPU",
		      out);
	fputs(" · - not measured", out);
}

/* Why a row has no values, or none that may be believed. */
static void put_trouble(const void *what, FILE *out)
{
	const struct spawn_row *row = what;
	const struct spawn_kernel *kernel = &row->kernel;

	if (row->unsupported)
		fprintf(out, "%s: not here: %s", row->method->name, row->unsupported);
	else if (row->status == RACE_FAILED || row->status == RACE_TIMED_OUT)
		fprintf(out, "%s: failed: %s", row->method->name, row->reason);
	else if (row->traced && spawn_strangers(kernel))
		fprintf(out,
			"%s: NOT RECONCILED: besides the %" PRIu64
			" that were made there were %" PRIu64
			" tasks, which the program must have made: not all of them can be counted",
			row->method->name, kernel->creations, spawn_strangers(kernel));
	else if (row->traced && !spawn_is_reconciled(kernel))
		fprintf(out,
			"%s: NOT RECONCILED: %" PRIu64 " + %" PRIu64
			" switches of children traced, "
			"%" PRIu64 " + %" PRIu64 " by getrusage, %" PRIu64 " of %" PRIu64
			" agree: do not believe its kernel columns",
			row->method->name, kernel->voluntary, kernel->involuntary,
			kernel->rusage_voluntary, kernel->rusage_involuntary, kernel->agree,
			kernel->creations);
}

static const struct spawn_row *slowed_most(const struct spawn_report *report)
{
	const struct spawn_row *worst = NULL;

	for (size_t i = 0; i < report->n_rows; i++) {
		const struct spawn_row *row = &report->rows[i];

		if (row->traced && isfinite(row->kernel.slowdown.median) &&
		    (!worst || row->kernel.slowdown.median > worst->kernel.slowdown.median))
			worst = row;
	}
	return worst;
}

static void put_trust(const void *what, FILE *out)
{
	const struct spawn_report *report = what;
	uint64_t creations = 0, agree = 0, repeats = 0, spawners_agree = 0, later = 0, lost = 0;

	for (size_t i = 0; i < report->n_rows; i++) {
		const struct spawn_kernel *kernel = &report->rows[i].kernel;

		creations += kernel->creations;
		agree += kernel->agree;
		repeats += kernel->repeats;
		spawners_agree += kernel->spawners_agree;
		if (kernel->voluntary > kernel->rusage_voluntary)
			later += kernel->voluntary - kernel->rusage_voluntary;
		for (int loss = 0; loss < TB_LOSSES; loss++)
			lost += kernel->lost[loss];
	}
	if (creations)
		fprintf(out,
			"the children's switches agree with getrusage (%" PRIu64 " of %" PRIu64
			"), which had not counted the last one of %" PRIu64
			" · the spawners', exactly (%" PRIu64 " of %" PRIu64 " repeats) · %" PRIu64
			" events lost",
			agree, creations, later, spawners_agree, repeats, lost);
}

static void put_slowdown(const void *what, FILE *out)
{
	const struct spawn_row *worst = slowed_most(what);
	char median[NUMBER_TEXT], low[NUMBER_TEXT], high[NUMBER_TEXT];

	if (!worst)
		return;
	number_text(median, worst->kernel.slowdown.median);
	number_text(low, worst->kernel.slowdown.ci95[0]);
	number_text(high, worst->kernel.slowdown.ci95[1]);
	fprintf(out,
		"tracing slowed the worst by %sx (%s, 95 %% CI %s to %s); timings above are "
		"untraced",
		median, worst->method->name, low, high);
}

int spawn_draw_table(const void *what, const struct report_style *style, FILE *out)
{
	const struct spawn_report *report = what;
	int err = draw_paragraph(report, put_header, style, out);

	fputc('\n', out);
	if (!err)
		err = draw_rows(report, style, out);
	fputc('\n', out);
	if (!err)
		err = draw_paragraph(report, put_legend, style, out);
	for (size_t i = 0; !err && i < report->n_rows; i++)
		err = draw_paragraph(&report->rows[i], put_trouble, style, out);
	if (!err)
		err = draw_paragraph(report, put_trust, style, out);
	return err ? err : draw_paragraph(report, put_slowdown, style, out);
}
