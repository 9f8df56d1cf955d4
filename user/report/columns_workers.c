/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The columns of the workers: a row for each of a result's parts, and above them one for the result,
 * which says the same of all together.
 */
#include <errno.h>
#include <math.h>

#include "report/cell.h"
#include "session/derive.h"

static size_t count_parts(const struct result *result)
{
	return result->n_per_worker;
}

static void put_part(const struct result *result, size_t part, FILE *out)
{
	const struct worker_part *task = &result->per_worker[part];

	view_put_task(out, task->role, task->worker);
}

static const struct parts tasks = { count_parts, put_part };

/* NULL: of all together. */
static const struct worker_part *part_of(const struct result *result, size_t part)
{
	return part == NO_PART ? NULL : &result->per_worker[part];
}

/* What the kernel's side saw of the same task; NULL: nothing. */
static const struct task_view *task_of(const struct sleeps *sleeps, const struct worker_part *part)
{
	size_t i;

	for (i = 0; i < sleeps->n_per_worker; i++)
		if (sleeps->per_worker[i].worker == part->worker)
			return &sleeps->per_worker[i];
	return NULL;
}

/* The CPU of its own, if it was given one. A result has none. */
CELL(cpu_cell)
{
	const struct worker_part *task = part_of(result, part);
	bool placed = task && task->worker >= 0 &&
		      (uint64_t)task->worker < (uint64_t)result->n_placement;

	if (placed)
		view_put_count(out, result->placement[task->worker]);
	else if (task)
		fputc('-', out);
}

static int64_t sum_of_ops(const struct result *result)
{
	const struct worker_part *parts = result->per_worker;
	double sum = 0;
	size_t i;

	for (i = 0; parts && i < result->n_per_worker; i++)
		sum += derive_real(parts[i].ops);
	return result->n_per_worker && fabs(sum) < 9e18 ? (int64_t)sum : NO_INT;
}

CELL(ops_cell)
{
	const struct worker_part *task = part_of(result, part);

	cell_put_whole(out, task ? task->ops : sum_of_ops(result));
}

static void put_percent(FILE *out, double percent)
{
	cell_put_percent(out, percent, 99.95);
}

/* Of the result: from the smallest to the largest. */
CELL(share_cell)
{
	const struct worker_part *task = part_of(result, part);
	const struct fairness *fairness = &result->fairness;
	double least = task ? task->share : fairness->min_share;
	double most = task ? task->share : fairness->max_share;

	put_percent(out, 100 * least);
	if (least != most && isfinite(least) && isfinite(most)) {
		fputc('-', out);
		put_percent(out, 100 * most);
	}
}

/* Of an index below one, but near to it, the digits that are usual would read as one. */
CELL(jain_cell)
{
	double jain = result->fairness.jain;

	if (part != NO_PART)
		return;
	if (jain >= 0.001 && jain < 1)
		fprintf(out, "%.3f", fmin(jain, 0.999));
	else
		cell_put(out, jain, "");
}

/* The wall time of all untraced races together. */
static double wall_ns(const struct result *result)
{
	const struct estimate *wall = &result->time.wall_ns;
	double sum = 0;
	size_t i;

	for (i = 0; i < wall->n_samples; i++)
		sum += wall->samples[i];
	return wall->n_samples ? sum : NAN;
}

/* Of the result: of the time of all tasks. */
CELL(cpu_time_cell)
{
	const struct worker_part *task = part_of(result, part), *parts = result->per_worker;
	double cpu_ns = 0, n = task ? 1 : (double)result->n_per_worker;
	size_t i;

	for (i = 0; parts && i < result->n_per_worker && !task; i++)
		cpu_ns += derive_real(parts[i].cpu_ns);
	if (task)
		cpu_ns = derive_real(task->cpu_ns);
	put_percent(out, derive_percent(cpu_ns, n * wall_ns(result)));
}

static const struct run_length *run_length_of(const struct result *result,
					      const struct worker_part *part)
{
	return part ? &part->run_length : &result->fairness.run_length;
}

CELL(run_length_cell)
{
	cell_put(out, run_length_of(result, part_of(result, part))->mean, "");
}

CELL(longest_cell)
{
	cell_put_whole(out, run_length_of(result, part_of(result, part))->longest);
}

/* Of a task too it is per thousand increments of all, so that the tasks' add up to the result's. */
static void put_per_kop(const struct sleeps *sleeps, const struct switches *switches,
			bool voluntary, FILE *out)
{
	double count =
		switches ? derive_real(voluntary ? switches->voluntary : switches->involuntary) :
			   NAN;

	cell_put(out, derive_per_kop(count, derive_real(sleeps->ops)), "");
}

static const struct switches *switches_of(const struct sleeps *sleeps,
					  const struct worker_part *part)
{
	const struct task_view *task = part ? task_of(sleeps, part) : NULL;

	return task ? &task->switches : part ? NULL : &sleeps->switches;
}

CELL(voluntary_cell)
{
	const struct sleeps *sleeps = cell_sleeps(result, out, paint);

	if (sleeps)
		put_per_kop(sleeps, switches_of(sleeps, part_of(result, part)), true, out);
}

CELL(involuntary_cell)
{
	const struct sleeps *sleeps = cell_sleeps(result, out, paint);

	if (sleeps)
		put_per_kop(sleeps, switches_of(sleeps, part_of(result, part)), false, out);
}

struct waits {
	double run_queue_ns, blocked_ns, all_ns;
};

/* Of a task what is not accounted for is not known; of all, `reconciled` holds it below 1 %. */
static struct waits waits_of(const struct sleeps *sleeps, const struct worker_part *part)
{
	const struct budget *budget = &sleeps->budget;
	const struct task_view *task = part ? task_of(sleeps, part) : NULL;

	if (task)
		return (struct waits){
			.run_queue_ns = derive_real(task->run_queue_ns),
			.blocked_ns = derive_real(task->blocked_ns),
			.all_ns = derive_real(task->on_cpu_ns) + derive_real(task->run_queue_ns) +
				  derive_real(task->blocked_ns),
		};
	if (part)
		return (struct waits){ NAN, NAN, NAN };
	return (struct waits){
		.run_queue_ns = derive_real(budget->run_queue),
		.blocked_ns = derive_blocked_ns(&budget->blocked),
		.all_ns = derive_real(budget->wall),
	};
}

CELL(run_queue_cell)
{
	const struct sleeps *sleeps = cell_sleeps(result, out, paint);
	struct waits waits;

	if (!sleeps)
		return;
	waits = waits_of(sleeps, part_of(result, part));
	put_percent(out, derive_percent(waits.run_queue_ns, waits.all_ns));
}

CELL(blocked_cell)
{
	const struct sleeps *sleeps = cell_sleeps(result, out, paint);
	struct waits waits;

	if (!sleeps)
		return;
	waits = waits_of(sleeps, part_of(result, part));
	put_percent(out, derive_percent(waits.blocked_ns, waits.all_ns));
}

static bool any_runs(const struct view *view)
{
	size_t i;

	for (i = 0; i < view->session->n_results; i++)
		if (isfinite(view->session->results[i].fairness.run_length.mean))
			return true;
	return false;
}

enum {
	CPU,
	OPS,
	SHARE,
	JAIN,
	CPU_TIME,
	RUN_LENGTH,
	LONGEST,
	VOLUNTARY,
	INVOLUNTARY,
	RUN_QUEUE,
	BLOCKED
};

static const struct column columns[] = {
	[CPU] = { "CPU", 15, true, false, cpu_cell, NULL },
	[OPS] = { "OPS", 17, true, false, ops_cell, NULL },
	[SHARE] = { "SHARE", COLUMN_KEPT, true, false, share_cell, NULL },
	[JAIN] = { "JAIN", 20, true, false, jain_cell, NULL },
	[CPU_TIME] = { "CPU TIME", 18, true, false, cpu_time_cell, NULL },
	[RUN_LENGTH] = { "RUN LENGTH", 19, true, false, run_length_cell, any_runs },
	[LONGEST] = { "LONGEST", 14, true, false, longest_cell, any_runs },
	[VOLUNTARY] = { "VOL/KOP", 11, true, false, voluntary_cell, view_is_traced },
	[INVOLUNTARY] = { "INV/KOP", COLUMN_CORE, true, false, involuntary_cell, view_is_traced },
	[RUN_QUEUE] = { "RUNQ", 12, true, false, run_queue_cell, view_is_traced },
	[BLOCKED] = { "BLOCKED", 13, true, false, blocked_cell, view_is_traced },
};

const struct column_set workers_columns = {
	.columns = columns,
	.n = sizeof(columns) / sizeof(columns[0]),
	.status = SHARE,
	.parts = &tasks,
};

static const struct meaning meanings[] = {
	{ CPU, "CPU on which it started" },
	{ SHARE,
	  "SHARE of the increments; of a strategy, the smallest and the largest of a repeat (medians)" },
	{ JAIN, "JAIN's index: 1 where all shares are equal, 1/n where one worker has all" },
	{ CPU_TIME, "CPU TIME of the races' wall time, untraced" },
	{ RUN_LENGTH,
	  "RUN LENGTH: so many sections in a row were the same worker's, on the average" },
	{ LONGEST, "LONGEST: at most" },
	{ VOLUNTARY, "/KOP per thousand increments of all workers" },
	{ RUN_QUEUE, "RUNQ and BLOCKED: of the task's time, traced" },
};

int workers_legend_write(const struct view *view, FILE *out)
{
	struct draft signs;

	fputc('\n', out);
	if (draft_open(&signs))
		return -ENOMEM;
	view_put_meanings(view, meanings, sizeof(meanings) / sizeof(meanings[0]), signs.out);
	fputs("- not measured", signs.out);
	view_put_star(view, signs.out);
	return view_print_indented(view, out, &signs, 2);
}
