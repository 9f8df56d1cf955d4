/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long tasks waited for a CPU, and were without one: of all tasks of a result and, where they
 * are not alike, of each.
 */
#include <errno.h>
#include <math.h>

#include "report/cell.h"
#include "report/histogram_bar.h"
#include "session/derive.h"

/* Tasks are not alike where the median of one is so many times another's ... */
#define UNLIKE 2
/* ... and enough was measured for that to be no accident. */
#define ENOUGH 100

static double count_of(const struct distribution *distribution)
{
	double n = 0;
	size_t i;

	for (i = 0; i < distribution->n_bins; i++)
		n += derive_real(distribution->bins[i].n);
	return n;
}

/* Of the tasks' medians. Negative: none has one. */
struct medians {
	double least, greatest;
};

static void compare(struct medians *medians, const struct distribution *distribution)
{
	double median = derive_real(distribution->p50);

	if (!(count_of(distribution) >= ENOUGH) || !(median >= 0))
		return;
	if (medians->greatest < 0 || median < medians->least)
		medians->least = median;
	medians->greatest = fmax(medians->greatest, median);
}

static bool are_alike(const struct medians *medians)
{
	return medians->greatest <= medians->least || medians->greatest < UNLIKE * medians->least;
}

static size_t count_tasks(const struct result *result)
{
	const struct sleeps *sleeps = derive_believed(result);
	struct medians run_queue = { -1, -1 }, off_cpu = { -1, -1 };
	size_t i;

	if (!sleeps)
		return 0;
	for (i = 0; i < sleeps->n_per_worker; i++) {
		compare(&run_queue, &sleeps->per_worker[i].run_queue_delay_ns);
		compare(&off_cpu, &sleeps->per_worker[i].off_cpu_ns);
	}
	return are_alike(&run_queue) && are_alike(&off_cpu) ? 0 : sleeps->n_per_worker;
}

static void put_task(const struct result *result, size_t part, FILE *out)
{
	const struct task_view *task = &derive_sleeps(result)->per_worker[part];

	view_put_task(out, task->role, task->worker);
}

static const struct parts tasks = { count_tasks, put_task };

static const struct distribution *run_queue_of(const struct sleeps *sleeps, size_t part)
{
	return part == NO_PART ? &sleeps->run_queue_ns :
				 &sleeps->per_worker[part].run_queue_delay_ns;
}

static const struct distribution *off_cpu_of(const struct sleeps *sleeps, size_t part)
{
	return part == NO_PART ? &sleeps->off_cpu_ns : &sleeps->per_worker[part].off_cpu_ns;
}

#define DELAY_CELL(name, of, member) \
	CELL(name) \
	{ \
		const struct sleeps *sleeps = cell_sleeps(result, out, paint); \
\
		if (sleeps) \
			cell_put_time(out, of(sleeps, part)->member); \
	}

DELAY_CELL(run_queue_p50_cell, run_queue_of, p50)
DELAY_CELL(run_queue_p99_cell, run_queue_of, p99)
DELAY_CELL(run_queue_max_cell, run_queue_of, max)
DELAY_CELL(off_cpu_p50_cell, off_cpu_of, p50)
DELAY_CELL(off_cpu_p99_cell, off_cpu_of, p99)
DELAY_CELL(off_cpu_max_cell, off_cpu_of, max)

static void take_in(struct axis *axis, const struct distribution *distribution)
{
	axis_extend(axis, distribution->bins, distribution->n_bins, distribution->max);
}

/* One for all that is drawn: a row's two histograms can be compared as well. */
static struct axis delay_axis(const struct session *session)
{
	struct axis axis = AXIS_OF_NOTHING;
	size_t i;

	for (i = 0; i < session->n_results; i++) {
		const struct sleeps *sleeps = derive_believed(&session->results[i]);

		if (!sleeps)
			continue;
		take_in(&axis, &sleeps->run_queue_ns);
		take_in(&axis, &sleeps->off_cpu_ns);
	}
	return axis;
}

static void put_histogram(const struct view *view, const struct distribution *distribution,
			  FILE *out, enum paint *paint)
{
	struct axis axis = delay_axis(view->session);

	histogram_bar(distribution->bins, distribution->n_bins, &axis, view->style, out);
	if (distribution->n_bins)
		*paint = BLUE;
}

CELL(run_queue_bar_cell)
{
	const struct sleeps *sleeps = cell_sleeps(result, out, paint);

	if (sleeps)
		put_histogram(view, run_queue_of(sleeps, part), out, paint);
}

CELL(off_cpu_bar_cell)
{
	const struct sleeps *sleeps = cell_sleeps(result, out, paint);

	if (sleeps)
		put_histogram(view, off_cpu_of(sleeps, part), out, paint);
}

enum { RUNQ_P50, RUNQ_P99, RUNQ_MAX, RUNQ_BAR, OFF_P50, OFF_P99, OFF_MAX, OFF_BAR };

static const struct column columns[] = {
	[RUNQ_P50] = { "RUNQ P50", COLUMN_KEPT, true, false, run_queue_p50_cell, NULL },
	[RUNQ_P99] = { "RUNQ P99", 27, true, false, run_queue_p99_cell, NULL },
	[RUNQ_MAX] = { "RUNQ MAX", 25, true, false, run_queue_max_cell, NULL },
	[RUNQ_BAR] = { "RUN QUEUE", 23, false, false, run_queue_bar_cell, NULL },
	[OFF_P50] = { "OFF P50", 28, true, false, off_cpu_p50_cell, NULL },
	[OFF_P99] = { "OFF P99", 26, true, false, off_cpu_p99_cell, NULL },
	[OFF_MAX] = { "OFF MAX", 24, true, false, off_cpu_max_cell, NULL },
	[OFF_BAR] = { "OFF CPU", 22, false, false, off_cpu_bar_cell, NULL },
};

static bool has_delays(const struct result *result)
{
	return derive_sleeps(result) != NULL;
}

static const struct column_set delays_columns = {
	.title = "Delays:",
	.says = "how long a task that could run waited for a CPU (RUNQ), and how long it was off it in "
		"all (OFF)",
	.columns = columns,
	.n = sizeof(columns) / sizeof(columns[0]),
	.status = RUNQ_P50,
	.parts = &tasks,
	.about = has_delays,
};

static int write_legend(const struct view *view, FILE *out)
{
	const struct axis axis = delay_axis(view->session);
	const bool run_queue = view_shows(view, RUNQ_BAR), off_cpu = view_shows(view, OFF_BAR);
	struct draft signs;

	fputc('\n', out);
	if (draft_open(&signs))
		return -ENOMEM;
	fputs("percentiles within 25 % · a task has a row where its median is twice another's · - never, or too "
	      "seldom for a percentile",
	      signs.out);
	if (axis.lo != NO_INT && (run_queue || off_cpu))
		axis_put(&axis,
			 !off_cpu   ? "RUN QUEUE" :
			 !run_queue ? "OFF CPU" :
				      "RUN QUEUE and OFF CPU",
			 signs.out);
	return view_print_indented(view, out, &signs, 2);
}

int delays_write(const struct view *view, FILE *out)
{
	return view->traced ? view_write_rows(view, &delays_columns, write_legend, out) : 0;
}
