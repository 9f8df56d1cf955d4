/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of the summary. What was not measured is "-"; what is not to be believed is "void". */
#include <math.h>
#include <string.h>

#include "report/cell.h"
#include "session/derive.h"
#include "session/fleet.h"
#include "session/number.h"

CELL(strategy_cell)
{
	if (part != NO_PART) {
		fputs("    ", out);
		view->columns->parts->name(result, part, out);
		return;
	}
	fprintf(out, "%c %s", view_is_best(view, result) ? '*' : ' ',
		result->strategy ? result->strategy : "-");
	if (view_is_best(view, result))
		*paint = GREEN;
}

CELL(host_cell)
{
	const char *hostname = fleet_host(view->session, result)->hostname;

	fputs(hostname ? hostname : "-", out);
}

CELL(started_cell)
{
	const char *started = fleet_started(view->session, result);

	fputs(started ? started : "-", out);
}

CELL(mode_cell)
{
	fputs(result->mode ? result->mode : "-", out);
}

CELL(workers_cell)
{
	view_put_count(out, result->workers);
}

CELL(batch_cell)
{
	if (result->batch == BATCH_ALL)
		fputs("all", out);
	else
		view_put_count(out, result->batch);
}

CELL(permits_cell)
{
	view_put_count(out, result->permits);
}

CELL(read_share_cell)
{
	view_put_count(out, result->read_share);
	if (result->read_share != NO_INT)
		fputs("%", out);
}

CELL(message_cell)
{
	view_put_count(out, result->message);
}

CELL(duration_cell)
{
	cell_put_time(out, result->duration_ns);
}

CELL(iterations_cell)
{
	view_put_count(out, result->iterations);
}

CELL(critical_cell)
{
	cell_put_time(out, result->critical_ns);
}

CELL(think_cell)
{
	cell_put_time(out, result->think_ns);
}

CELL(pace_cell)
{
	view_put_count(out, result->pace);
}

CELL(seconds_cell)
{
	char text[NUMBER_TEXT];

	number_compact(text, result->time.wall_ns.median / 1e9);
	fputs(text, out);
}

/* All digits of what every repeat ended at; where they differ, from where to where. */
CELL(total_cell)
{
	const struct counter *counter = &result->counter;
	int64_t least = counter->n_totals ? counter->totals[0] : NO_INT, most = least;
	char from[NUMBER_TEXT], to[NUMBER_TEXT];
	size_t i;

	for (i = 1; i < counter->n_totals; i++) {
		least = counter->totals[i] < least ? counter->totals[i] : least;
		most = counter->totals[i] > most ? counter->totals[i] : most;
	}
	number_compact(from, derive_real(least));
	number_compact(to, derive_real(most));
	if (least == most)
		view_put_count(out, least);
	else if (!strcmp(from, to))
		fprintf(out, "~%s", from);
	else
		fprintf(out, "%s-%s", from, to);
}

CELL(cost_cell)
{
	cell_put(out, result->time.ns_per_op.median, "");
}

CELL(precision_cell)
{
	cell_put_percent(out, derive_half_width_percent(&result->time.ns_per_op), 0.95);
}

/* "1/761" says more than "0.001x". */
CELL(speedup_cell)
{
	double speedup = result->time.speedup;
	char text[NUMBER_TEXT];

	if (speedup > 0.1 || !(speedup > 1e-9)) {
		cell_put(out, speedup, "x");
		return;
	}
	number_count(text, llround(1 / speedup));
	fprintf(out, "1/%s", text);
}

CELL(cpu_cell)
{
	cell_put(out, result->time.cpu_ns_per_op.median, "");
}

CELL(lost_cell)
{
	const struct counter *counter = &result->counter;
	double percent =
		derive_percent(fabs(derive_real(counter->lost)), derive_real(counter->expected));

	cell_put_percent(out, percent, 100);
	if (!(percent > 0))
		return;
	fputs(" !", out);
	*paint = counter->promises_exact ? ALARM : YELLOW;
}

CELL(switches_cell)
{
	const struct sleeps *sleeps;

	if (!view->traced) {
		cell_put(out, derive_untraced_switches_per_kop(result), "");
		return;
	}
	sleeps = cell_sleeps(result, out, paint);
	if (sleeps)
		cell_put(out,
			 derive_per_kop(derive_real(sleeps->switches.voluntary) +
						derive_real(sleeps->switches.involuntary),
					derive_real(sleeps->ops)),
			 "");
}

PER_KOP_CELL(voluntary_cell, switches.voluntary)
PER_KOP_CELL(involuntary_cell, switches.involuntary)
PER_KOP_CELL(wakeups_cell, wakeups)
PER_KOP_CELL(migrations_cell, migrations)

CELL(calls_cell)
{
	const struct calls *calls = derive_calls(result);

	if (!calls) {
		fputc('-', out);
	} else if (!calls->reconciled.ok) {
		fputs("void", out);
		*paint = ALARM;
	} else {
		cell_put(out,
			 derive_per_kop(derive_real(derive_syscalls(calls)),
					derive_real(calls->ops)),
			 "");
	}
}

CELL(run_queue_cell)
{
	const struct sleeps *sleeps = cell_sleeps(result, out, paint);

	if (sleeps)
		cell_put_time(out, sleeps->run_queue_ns.p99);
}

CELL(kernel_locks_cell)
{
	const struct sleeps *sleeps = cell_sleeps(result, out, paint);

	/* No contention is a zero only where somebody looked. */
	if (sleeps && fleet_tracing(view->session, result)->how.contention)
		kernel_locks_put(sleeps, out);
	else if (sleeps)
		fputc('-', out);
}

CELL(overlap_cell)
{
	cell_put_percent(out, 100 * result->time.overlap_ratio, 100);
}

CELL(jain_cell)
{
	cell_put(out, result->fairness.jain, "");
}

CELL(slowdown_cell)
{
	struct watched watched[WATCHED_LEVELS];
	bool is_traced = derive_watched(result, watched) > 0;

	cell_put(out, is_traced ? watched[0].slowdown->median : NAN, "x");
}

CELL(calls_slowdown_cell)
{
	const struct calls *calls = derive_calls(result);

	cell_put(out, calls ? calls->slowdown.median : NAN, "x");
}

static void put_range(const struct estimate *estimate, FILE *out)
{
	if (!estimate || !isfinite(estimate->ci95[0]) || !isfinite(estimate->ci95[1])) {
		fputc('-', out);
		return;
	}
	cell_put(out, estimate->ci95[0], "-");
	cell_put(out, estimate->ci95[1], "");
}

CELL(slowdown_range_cell)
{
	const struct sleeps *sleeps = derive_sleeps(result);

	put_range(sleeps ? &sleeps->slowdown : NULL, out);
}

CELL(calls_slowdown_range_cell)
{
	const struct calls *calls = derive_calls(result);

	put_range(calls ? &calls->slowdown : NULL, out);
}

CELL(latency_cell)
{
	cell_put_latency(out, result->latency ? result->latency->p99 : NO_INT);
}

CELL(budget_cell)
{
	const struct sleeps *sleeps = derive_sleeps(result);
	char bar[BUDGET_CELLS + 1] = "-";

	*paint = BY_LETTER;
	if (sleeps)
		budget_bar(&sleeps->budget, derive_system_percent(result), bar);
	fprintf(out, "%s%s", bar, sleeps && !sleeps->reconciled.ok ? " void" : "");
}

static bool has_calls(const struct view *view)
{
	return view->calls;
}

static bool hosts_differ(const struct view *view)
{
	return view->hosts;
}

static bool starts_differ(const struct view *view)
{
	return view->starts;
}

static bool modes_differ(const struct view *view)
{
	return view->modes;
}

static bool workers_differ(const struct view *view)
{
	return view->workers;
}

static bool batches_differ(const struct view *view)
{
	return view->batches;
}

static bool permits_differ(const struct view *view)
{
	return view->permits;
}

static bool read_shares_differ(const struct view *view)
{
	return view->read_shares;
}

static bool messages_differ(const struct view *view)
{
	return view->messages;
}

static bool durations_differ(const struct view *view)
{
	return view->durations;
}

static bool iterations_differ(const struct view *view)
{
	return view->iterations;
}

static bool criticals_differ(const struct view *view)
{
	return view->criticals;
}

static bool thinks_differ(const struct view *view)
{
	return view->thinks;
}

static bool paces_differ(const struct view *view)
{
	return view->paces;
}

static bool work_is_fixed(const struct view *view)
{
	return view->fixed_work;
}

static const struct column columns[] = {
	{ "STRATEGY", COLUMN_KEPT, false, true, strategy_cell, NULL },
	{ "HOST", COLUMN_KEPT, false, true, host_cell, hosts_differ },
	{ "STARTED", COLUMN_KEPT, false, true, started_cell, starts_differ },
	{ "MODE", COLUMN_KEPT, false, true, mode_cell, modes_differ },
	{ "WORKERS", COLUMN_KEPT, true, true, workers_cell, workers_differ },
	{ "BATCH", COLUMN_KEPT, true, true, batch_cell, batches_differ },
	{ "PERMITS", COLUMN_KEPT, true, true, permits_cell, permits_differ },
	{ "READS", COLUMN_KEPT, true, true, read_share_cell, read_shares_differ },
	{ "BYTES", COLUMN_KEPT, true, true, message_cell, messages_differ },
	{ "DURATION", COLUMN_KEPT, true, true, duration_cell, durations_differ },
	{ "ITERATIONS", COLUMN_KEPT, true, true, iterations_cell, iterations_differ },
	{ "CRITICAL", COLUMN_KEPT, true, true, critical_cell, criticals_differ },
	{ "THINK", COLUMN_KEPT, true, true, think_cell, thinks_differ },
	{ "PACE", COLUMN_KEPT, true, true, pace_cell, paces_differ },
	{ "SECONDS", 22, true, false, seconds_cell, work_is_fixed },
	{ "TOTAL", 21, true, false, total_cell, work_is_fixed },
	{ "NS/OP", COLUMN_KEPT, true, false, cost_cell, NULL },
	{ "±95%", 15, true, false, precision_cell, NULL },
	{ "SPEEDUP", 18, true, false, speedup_cell, NULL },
	{ "CPU NS/OP", 12, true, false, cpu_cell, NULL },
	{ "P99", 13, true, false, latency_cell, NULL },
	{ "LOST", 25, true, false, lost_cell, NULL },
	{ "SW/KOP", 14, true, false, switches_cell, NULL },
	{ "CALLS/KOP", 9, true, false, calls_cell, has_calls },
	{ "VOL/KOP", 8, true, false, voluntary_cell, NULL },
	{ "INV/KOP", 7, true, false, involuntary_cell, NULL },
	{ "WAKEUPS/KOP", 4, true, false, wakeups_cell, NULL },
	{ "MIGR/KOP", 3, true, false, migrations_cell, NULL },
	{ "RUNQ P99", 9, true, false, run_queue_cell, NULL },
	{ "KERNEL LOCKS/KOP", 6, false, false, kernel_locks_cell, NULL },
	{ "OVERLAP", 5, true, false, overlap_cell, NULL },
	{ "JAIN", 2, true, false, jain_cell, NULL },
	{ "SLOWDOWN", 10, true, false, slowdown_cell, NULL },
	{ "CI95", 1, true, false, slowdown_range_cell, NULL },
	{ "CALLS SLOWDOWN", 1, true, false, calls_slowdown_cell, has_calls },
	{ "CALLS CI95", 0, true, false, calls_slowdown_range_cell, has_calls },
	{ "WHERE TIME WENT", 20, false, false, budget_cell, NULL },
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

const struct column_set summary_columns = {
	.columns = columns,
	.n = N_COLUMNS,
	.status = N_COLUMNS - 1,
};
