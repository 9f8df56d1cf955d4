/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where every nanosecond went: of an increment's time on all tasks' clocks. TOTAL is the sum of
 * ON CPU, RUNQ, BLOCKED and REST, which are shown before anything else; other columns split these.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "report/cell.h"
#include "session/derive.h"

/* What a task was blocked by: member of struct blocked, name, title, which gives way first. */
#define REASONS(X) \
	X(futex, "futex", "FUTEX", 27) \
	X(pipe, "pipe", "PIPE", 26) \
	X(eventfd, "eventfd", "EVENTFD", 25) \
	X(socket, "socket", "SOCKET", 24) \
	X(mqueue, "mqueue", "MQUEUE", 23) \
	X(sysv, "sysv", "SYSV", 22) \
	X(io_uring, "io_uring", "IO_URING", 21) \
	X(kernel_lock, "kernel lock", "KERNEL LOCK", 20) \
	X(sleep, "sleep", "SLEEP", 19) \
	X(page_fault, "page fault", "PAGE FAULT", 16) \
	X(other, "other", "OTHER", 18)

static const struct {
	const char *name;
	size_t member;
} reasons[] = {
#define NAMED(reason, name, title, priority) { name, offsetof(struct blocked, reason) },
	REASONS(NAMED)
};

#define N_REASONS (sizeof(reasons) / sizeof(reasons[0]))

static double blocked_ns(const struct blocked *blocked, size_t member)
{
	int64_t ns;

	memcpy(&ns, (const char *)blocked + member, sizeof(ns));
	return derive_real(ns);
}

/* Less than a picosecond is written as that little, but never as nothing. */
static void put_per_op(const struct sleeps *sleeps, double ns, FILE *out)
{
	double per_op = derive_per_kop(ns, derive_real(sleeps->ops)) / 1000;

	if (per_op < 0 && per_op > -0.001)
		fputs(">-0.001", out);
	else
		cell_put(out, per_op, "");
}

#define BUDGET_CELL(name, ns) \
	CELL(name) \
	{ \
		const struct sleeps *sleeps = cell_sleeps(result, out, paint); \
\
		if (sleeps) \
			put_per_op(sleeps, ns, out); \
	}

#define SHARE_CELL(name, share) \
	BUDGET_CELL(name, derive_real(sleeps->budget.on_cpu) * derive_cpu_shares(result).share)

BUDGET_CELL(wall_cell, derive_real(sleeps->budget.wall))
BUDGET_CELL(on_cpu_cell, derive_real(sleeps->budget.on_cpu))
SHARE_CELL(user_cell, user)
SHARE_CELL(system_cell, system)
SHARE_CELL(crossing_cell, crossing)
BUDGET_CELL(run_queue_cell, derive_real(sleeps->budget.run_queue))
BUDGET_CELL(blocked_cell, derive_blocked_ns(&sleeps->budget.blocked))
BUDGET_CELL(unaccounted_cell, derive_real(sleeps->budget.unaccounted))

/* What most of BLOCKED was for. */
CELL(mostly_cell)
{
	const struct sleeps *sleeps = cell_sleeps(result, out, paint);
	double all, most = 0;
	size_t at = 0, i;

	if (!sleeps)
		return;
	all = derive_blocked_ns(&sleeps->budget.blocked);
	for (i = 0; i < N_REASONS; i++) {
		double ns = blocked_ns(&sleeps->budget.blocked, reasons[i].member);

		if (!(ns > most))
			continue;
		most = ns;
		at = i;
	}
	if (!(most > 0))
		return;
	fputs(reasons[at].name, out);
	if (most < all) {
		fputc(' ', out);
		cell_put_percent(out, derive_percent(most, all), 0);
	}
}

CELL(bar_cell)
{
	const struct sleeps *sleeps = derive_believed(result);
	char bar[BUDGET_CELLS + 1] = "-";

	*paint = BY_LETTER;
	if (sleeps)
		budget_bar(&sleeps->budget, derive_system_percent(result), bar);
	fputs(bar, out);
}

static bool occurs(const struct view *view, size_t member)
{
	size_t i;

	for (i = 0; i < view->session->n_results; i++) {
		const struct sleeps *sleeps = derive_sleeps(&view->session->results[i]);

		if (sleeps && blocked_ns(&sleeps->budget.blocked, member) > 0)
			return true;
	}
	return false;
}

/* A single one has a column, which says it all. */
static bool reasons_differ(const struct view *view)
{
	size_t n = 0, i;

	for (i = 0; i < N_REASONS; i++)
		n += occurs(view, reasons[i].member);
	return n > 1;
}

static bool has_split(const struct view *view)
{
	return view->traced && view->calls;
}

#define REASON(reason, name, title, priority) \
	BUDGET_CELL(reason##_cell, derive_real(sleeps->budget.blocked.reason)) \
\
	static bool any_##reason(const struct view *view) \
	{ \
		return occurs(view, offsetof(struct blocked, reason)); \
	}

REASONS(REASON)

enum {
	TOTAL,
	ON_CPU,
	USER,
	SYSTEM,
	CROSSING,
	RUN_QUEUE,
	BLOCKED,
	MOSTLY,
	FIRST_REASON,
	UNACCOUNTED = FIRST_REASON + N_REASONS,
	BAR,
	N_COLUMNS
};

#define COLUMN(reason, name, title, priority) \
	{ title, priority, true, false, reason##_cell, any_##reason },

static const struct column columns[] = {
	{ "TOTAL", COLUMN_KEPT, true, false, wall_cell, NULL },
	{ "ON CPU", 50, true, false, on_cpu_cell, view_is_traced },
	{ "USER", 29, true, false, user_cell, has_split },
	{ "SYSTEM", 28, true, false, system_cell, has_split },
	{ "CROSSING", 17, true, false, crossing_cell, has_split },
	{ "RUNQ", 49, true, false, run_queue_cell, view_is_traced },
	{ "BLOCKED", 48, true, false, blocked_cell, view_is_traced },
	{ "MOSTLY ON", 45, false, false, mostly_cell, reasons_differ },
	/* clang-format off */
	REASONS(COLUMN)
	/* clang-format on */
	{ "REST", 46, true, false, unaccounted_cell, view_is_traced },
	{ "WHERE TIME WENT", 47, false, false, bar_cell, NULL },
};

_Static_assert(sizeof(columns) / sizeof(columns[0]) == N_COLUMNS, "a column has no number");

const struct column_set budget_columns = {
	.title = "Budget:",
	.says = "nanoseconds per increment, all tasks together, in the repeats traced at the sleeps level",
	.columns = columns,
	.n = N_COLUMNS,
	.status = BAR,
};

/* The sums are of all columns, so those that had no room are named. */
static void put_hidden(const struct view *view, FILE *out)
{
	const char *before = " · no room for ";
	size_t i;

	for (i = 0; i < N_COLUMNS; i++) {
		if (view_shows(view, i) || (columns[i].wanted && !columns[i].wanted(view)))
			continue;
		fprintf(out, "%s%s", before, columns[i].title);
		before = ", ";
	}
}

static void put_parts(const struct view *view, FILE *out)
{
	fputs("TOTAL = ON CPU + RUNQ (could run, had no CPU) + BLOCKED (asleep) + REST (not accounted "
	      "for)",
	      out);
	if (view->calls)
		fputs(" · ON CPU = USER + SYSTEM (in system calls) + CROSSING (the way in and out) · "
		      "the bar: | user, s system and crossing",
		      out);
	else
		fputs(" · the bar: | on CPU", out);
	fputs(", r run queue, . blocked, ? rest", out);
	put_hidden(view, out);
	fputs(" · ", out);
}

int budget_legend_write(const struct view *view, FILE *out)
{
	struct draft signs;

	fputc('\n', out);
	if (draft_open(&signs))
		return -ENOMEM;
	if (view->traced)
		put_parts(view, signs.out);
	fputs("- not measured", signs.out);
	view_put_star(view, signs.out);
	return view_print_indented(view, out, &signs, 2);
}
