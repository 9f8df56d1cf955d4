/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often the scheduler had to do with a strategy's tasks, and what it cost to look. */
#include <errno.h>
#include <math.h>

#include "report/cell.h"
#include "session/derive.h"

/* Untraced, the kernel still tells each task how often it was switched. */
static void put_switches(const struct view *view, const struct result *result, bool voluntary,
			 FILE *out, enum paint *paint)
{
	const struct sleeps *sleeps = derive_sleeps(result);
	int64_t of_rusage = voluntary ? result->rusage.voluntary : result->rusage.involuntary;
	int64_t seen = NO_INT;

	if (!view->traced) {
		cell_put(out, derive_per_kop(derive_real(of_rusage), derive_untraced_ops(result)),
			 "");
		return;
	}
	if (sleeps)
		seen = voluntary ? sleeps->switches.voluntary : sleeps->switches.involuntary;
	cell_put_per_kop(result, seen, out, paint);
}

CELL(voluntary_cell)
{
	put_switches(view, result, true, out, paint);
}

CELL(involuntary_cell)
{
	put_switches(view, result, false, out, paint);
}

PER_KOP_CELL(wakeups_cell, wakeups)
PER_KOP_CELL(migrations_cell, migrations)

static void put_slowdown(const struct estimate *slowdown, FILE *out)
{
	if (!slowdown || !isfinite(slowdown->median)) {
		fputc('-', out);
		return;
	}
	cell_put(out, slowdown->median, "x");
	if (isfinite(slowdown->ci95[0]) && isfinite(slowdown->ci95[1])) {
		fputc(' ', out);
		cell_put(out, slowdown->ci95[0], "-");
		cell_put(out, slowdown->ci95[1], "");
	}
}

CELL(sleeps_cell)
{
	const struct sleeps *sleeps = derive_sleeps(result);

	put_slowdown(sleeps ? &sleeps->slowdown : NULL, out);
}

CELL(calls_cell)
{
	const struct calls *calls = derive_calls(result);

	put_slowdown(calls ? &calls->slowdown : NULL, out);
}

CELL(wakers_cell)
{
	const struct sleeps *sleeps = derive_sleeps(result);

	put_slowdown(sleeps && sleeps->wakers ? &sleeps->wakers->slowdown : NULL, out);
}

static bool has_calls(const struct view *view)
{
	return view->calls;
}

static bool has_wakers(const struct view *view)
{
	size_t i;

	for (i = 0; i < view->session->n_results; i++) {
		const struct sleeps *sleeps = derive_sleeps(&view->session->results[i]);

		if (sleeps && sleeps->wakers)
			return true;
	}
	return false;
}

enum { VOLUNTARY, INVOLUNTARY, WAKEUPS, MIGRATIONS, SLEEPS, CALLS, WAKERS };

static const struct column columns[] = {
	[VOLUNTARY] = { "VOL/KOP", COLUMN_KEPT, true, false, voluntary_cell, NULL },
	[INVOLUNTARY] = { "INV/KOP", 25, true, false, involuntary_cell, NULL },
	[WAKEUPS] = { "WAKEUPS/KOP", 21, true, false, wakeups_cell, view_is_traced },
	[MIGRATIONS] = { "MIGR/KOP", 22, true, false, migrations_cell, view_is_traced },
	[SLEEPS] = { "SLEEPS SLOWDOWN", 24, true, false, sleeps_cell, view_is_traced },
	[CALLS] = { "CALLS SLOWDOWN", 23, true, false, calls_cell, has_calls },
	[WAKERS] = { "WAKERS SLOWDOWN", 20, true, false, wakers_cell, has_wakers },
};

const struct column_set switches_columns = {
	.title = "Switches:",
	.says = "how often tasks left their CPUs, and what it cost to watch them",
	.columns = columns,
	.n = sizeof(columns) / sizeof(columns[0]),
	.status = VOLUNTARY,
};

static const struct meaning meanings[] = {
	{ VOLUNTARY, "VOL: it went to sleep" },
	{ INVOLUNTARY, "INV: it was preempted" },
	{ WAKEUPS, "WAKEUPS: that ended a sleep" },
	{ MIGRATIONS, "MIGR: it went on on another CPU" },
	{ SLEEPS, "SLOWDOWN: NS/OP of the repeats traced at that level / untraced, and the 95 % "
		  "interval of that; one that holds 1.00 is noise" },
};

int switches_legend_write(const struct view *view, FILE *out)
{
	struct draft signs;

	fputc('\n', out);
	if (draft_open(&signs))
		return -ENOMEM;
	fputs("/KOP per thousand increments of all workers · ", signs.out);
	view_put_meanings(view, meanings, sizeof(meanings) / sizeof(meanings[0]), signs.out);
	fputs("- not measured", signs.out);
	view_put_star(view, signs.out);
	return view_print_indented(view, out, &signs, 2);
}
