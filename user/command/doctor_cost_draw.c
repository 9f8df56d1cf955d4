/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <math.h>

#include "base/clock.h"
#include "command/doctor_cost.h"
#include "command/draw.h"
#include "session/number.h"
#include "session/stats.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Two decimals of a ratio: a hundredth is what is asked about. */
static void add_ratio(struct cells *cells, double ratio)
{
	cells_add(cells, isfinite(ratio) ? "%.2fx" : "-", ratio);
}

static void add_number(struct cells *cells, double number)
{
	char text[NUMBER_TEXT];

	number_text(text, number);
	cells_add(cells, "%s", text);
}

static int add_kind(struct cells *cells, const struct cost_finding *finding, enum cost_kind kind)
{
	struct estimate ratio = { 0 };
	int err = cost_ratio(finding, kind, COST_UNTRACED, &ratio);

	if (err)
		return err;
	cells_add(cells, "%s", cost_name(kind));
	add_number(cells, stats_median(finding->ns_per_op[kind], COST_REPEATS));
	if (kind == COST_UNTRACED) {
		cells_add(cells, "-");
		cells_add(cells, "-");
		return 0;
	}
	add_ratio(cells, ratio.median);
	cells_add(cells, "%.2f-%.2f", ratio.ci95[0], ratio.ci95[1]);
	return 0;
}

static int draw_kinds(const struct doctor_cost *cost, const struct report_style *style, FILE *out)
{
	static const struct cells_column columns[] = {
		{ "TRACED", false }, { "NS/OP", true }, { "SLOWDOWN", true }, { "CI95", true }
	};
	struct cells cells = { 0 };
	int err = 0;

	for (enum cost_kind kind = 0; kind < COST_KINDS && !err; kind++)
		if (cost->finding.has[kind])
			err = add_kind(&cells, &cost->finding, kind);
	fputc('\n', out);
	if (!err)
		err = cells_print(&cells, columns, COUNT(columns), style, out);
	cells_free(&cells);
	return err;
}

static const char *level_name(enum level level)
{
	return level == LEVEL_CALLS ? "calls" : level == LEVEL_WAKERS ? "wakers" : "sleeps";
}

static int draw_programs(const struct doctor_cost *cost, const struct report_style *style,
			 FILE *out)
{
	static const struct cells_column columns[] = {
		{ "PROGRAM", false }, { "LEVEL", false }, { "RUNS", true }, { "NS/RUN", true }
	};
	struct cells cells = { 0 };
	int err;

	if (!cost->own.n_programs)
		return 0;
	for (size_t i = 0; i < cost->own.n_programs; i++) {
		const struct program_runs *program = &cost->own.programs[i];
		char runs[NUMBER_TEXT];

		cells_add(&cells, "%s", program->name);
		cells_add(&cells, "%s", level_name(program->level));
		number_count(runs, (int64_t)program->runs);
		cells_add(&cells, "%s", runs);
		/* Of none: no number. */
		add_number(&cells, (double)program->run_ns / (double)program->runs);
	}
	fputc('\n', out);
	err = cells_print(&cells, columns, COUNT(columns), style, out);
	cells_free(&cells);
	return err;
}

static int draw_maps(const struct doctor_cost *cost, const struct report_style *style, FILE *out)
{
	static const struct cells_column columns[] = { { "MAP", false }, { "KIB", true } };
	struct cells cells = { 0 };
	int err;

	if (!cost->own.n_maps)
		return 0;
	for (size_t i = 0; i < cost->own.n_maps; i++) {
		cells_add(&cells, "%s", cost->own.maps[i].name);
		add_number(&cells, (double)cost->own.maps[i].bytes / 1024);
	}
	cells_add(&cells, "all");
	add_number(&cells, (double)own_cost_maps_bytes(&cost->own) / 1024);
	fputc('\n', out);
	err = cells_print(&cells, columns, COUNT(columns), style, out);
	cells_free(&cells);
	return err;
}

static void put_header(const void *what, FILE *out)
{
	const struct doctor_cost *cost = what;

	fprintf(out,
		"turn-futex, both workers on CPU %d, where every increment is a switch: the worst "
		"case · %" PRIu64 " ms x %d of each, interleaved",
		cost->cpu, (uint64_t)(cost->race_ns / NS_PER_MS), COST_REPEATS);
}

static void put_ms(const char *what, double ms, FILE *out)
{
	char text[NUMBER_TEXT];

	number_text(text, ms);
	fprintf(out, "%s %s ms", what, text);
}

static void put_times(const void *what, FILE *out)
{
	const struct doctor_cost *cost = what;

	put_ms("the probe was loaded in", probe_load_ms(cost->probe), out);
	put_ms(", attached to a race in", probe_attach_ms(cost->probe), out);
	put_ms(" and detached in", probe_detach_ms(cost->probe), out);
	fputs(" (medians)", out);
}

static void put_reason(const void *what, FILE *out)
{
	const struct doctor_cost *cost = what;

	if (*cost->own.reason)
		fprintf(out, "runs of programs are not clocked: %s", cost->own.reason);
}

int doctor_cost_draw(const void *what, const struct report_style *style, FILE *out)
{
	const struct doctor_cost *cost = what;
	int err = draw_paragraph(cost, put_header, style, out);

	if (!err)
		err = draw_kinds(cost, style, out);
	if (!err)
		err = draw_programs(cost, style, out);
	if (!err)
		err = draw_maps(cost, style, out);
	fputc('\n', out);
	if (!err)
		err = draw_paragraph(cost, put_times, style, out);
	return err ? err : draw_paragraph(cost, put_reason, style, out);
}
