/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <jansson.h>
#include <math.h>

#include "command/draw.h"
#include "command/spawn_draw.h"

/* In all of these, NULL says that memory ran out; json_pack() passes it on. */

static json_t *samples_json(const struct estimate *estimate)
{
	json_t *samples = json_array();

	for (size_t i = 0; samples && i < estimate->n_samples; i++)
		json_array_append_new(samples, isfinite(estimate->samples[i]) ?
						       json_real(estimate->samples[i]) :
						       json_null());
	return samples;
}

static json_t *interval_json(const struct estimate *estimate)
{
	return isfinite(estimate->ci95[0]) ?
		       json_pack("[f, f]", estimate->ci95[0], estimate->ci95[1]) :
		       json_null();
}

static json_t *median_json(const struct estimate *estimate)
{
	return isfinite(estimate->median) ? json_real(estimate->median) : json_null();
}

static json_t *estimate_json(const struct estimate *estimate)
{
	return json_pack("{s:o, s:o, s:o}", "median", median_json(estimate), "ci95",
			 interval_json(estimate), "samples", samples_json(estimate));
}

/* It keeps no samples. */
static json_t *ratio_json(const struct estimate *estimate)
{
	return json_pack("{s:o, s:o}", "median", median_json(estimate), "ci95",
			 interval_json(estimate));
}

static json_t *switches_json(uint64_t voluntary, uint64_t involuntary)
{
	return json_pack("{s:I, s:I}", "voluntary", (json_int_t)voluntary, "involuntary",
			 (json_int_t)involuntary);
}

static json_t *use_json(const struct spawn_use *use)
{
	return json_pack("{s:I, s:I, s:I, s:o}", "cpu_ns", (json_int_t)use->cpu_ns, "minor_faults",
			 (json_int_t)use->minor_faults, "major_faults",
			 (json_int_t)use->major_faults, "switches",
			 switches_json(use->voluntary, use->involuntary));
}

static json_t *children_json(const struct spawn_kernel *kernel)
{
	return json_pack("{s:o, s:I, s:I, s:I, s:I}", "switches",
			 switches_json(kernel->voluntary, kernel->involuntary), "on_cpu_ns",
			 (json_int_t)kernel->on_cpu_ns, "run_queue_ns",
			 (json_int_t)kernel->run_queue_ns, "blocked_ns",
			 (json_int_t)kernel->blocked_ns, "migrations",
			 (json_int_t)kernel->migrations);
}

static json_t *spawner_json(const struct counts *counts)
{
	return json_pack("{s:o, s:I, s:I, s:I, s:I, s:I}", "switches",
			 switches_json(counts->voluntary, counts->involuntary), "wall_ns",
			 (json_int_t)counts->wall_ns, "on_cpu_ns", (json_int_t)counts->on_cpu_ns,
			 "run_queue_ns", (json_int_t)counts->run_queue_ns, "blocked_ns",
			 (json_int_t)counts_blocked_ns(counts), "unaccounted_ns",
			 (json_int_t)counts_unaccounted_ns(counts));
}

static json_t *reconciled_json(const struct spawn_kernel *kernel)
{
	uint64_t lost = 0;

	for (int i = 0; i < TB_LOSSES; i++)
		lost += kernel->lost[i];
	return json_pack("{s:b, s:o, s:I, s:I, s:I}", "ok", (int)spawn_is_reconciled(kernel),
			 "children_by_getrusage",
			 switches_json(kernel->rusage_voluntary, kernel->rusage_involuntary),
			 "children_agree", (json_int_t)kernel->agree, "spawners_agree",
			 (json_int_t)kernel->spawners_agree, "events_lost", (json_int_t)lost);
}

static json_t *kernel_json(const struct spawn_row *row)
{
	const struct spawn_kernel *kernel = &row->kernel;

	if (!row->traced)
		return json_null();
	return json_pack("{s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "repeats",
			 (json_int_t)kernel->repeats, "creations", (json_int_t)kernel->creations,
			 "tasks", (json_int_t)kernel->tasks, "children", children_json(kernel),
			 "spawner", spawner_json(&kernel->spawner), "starts_ns",
			 estimate_json(&kernel->starts_ns), "reconciled", reconciled_json(kernel),
			 "slowdown", ratio_json(&kernel->slowdown));
}

static const char *status_of(const struct spawn_row *row)
{
	if (row->unsupported)
		return "unsupported";
	if (row->status == RACE_FAILED)
		return "failed";
	if (row->status == RACE_TIMED_OUT)
		return "timed_out";
	return row->creations ? "ok" : "not_measured";
}

static json_t *row_json(const struct spawn_row *row)
{
	const char *reason = row->unsupported ? row->unsupported :
			     *row->reason     ? row->reason :
						NULL;
	bool measured = row->creations > 0;

	return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:o, s:o, s:I, s:I, s:o, s:o, s:o}", "method",
			 row->method->name, "makes", spawn_makes_name(row->method->makes),
			 "summary", row->method->summary, "status", status_of(row), "reason",
			 reason, "create_ns", estimate_json(&row->create_ns), "joined_ns",
			 estimate_json(&row->whole_ns), "creations", (json_int_t)row->creations,
			 "spawner_bytes", (json_int_t)row->resident_bytes, "children",
			 measured ? use_json(&row->children) : json_null(), "spawner",
			 measured ? use_json(&row->spawner) : json_null(), "kernel",
			 kernel_json(row));
}

static json_t *plan_json(const struct spawn_options *options)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:s, s:b}", "iterations",
			 (json_int_t)options->iterations, "repeats", (json_int_t)options->repeats,
			 "warmup", (json_int_t)options->warmup, "timeout_ns",
			 (json_int_t)options->timeout_ns, "seed", (json_int_t)options->seed,
			 "program", options->program, "keep_root", (int)options->keep_root);
}

int spawn_draw_json(const void *what, const struct report_style *style, FILE *out)
{
	const struct spawn_report *report = what;
	json_t *results = json_array();
	int err = 0;

	(void)style;
	for (size_t i = 0; !err && i < report->n_rows; i++)
		err = json_array_append_new(results, row_json(&report->rows[i]));
	if (err) {
		json_decref(results);
		return -ENOMEM;
	}
	return draw_json(json_pack("{s:s, s:b, s:o, s:o, s:o}", "schema", "tracebench.spawn/1",
				   "complete", (int)report->complete, "plan",
				   plan_json(&report->options), "tracing",
				   tracing_json(&report->tracing), "results", results),
			 out);
}
