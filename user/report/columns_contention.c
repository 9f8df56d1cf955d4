/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Locks inside the kernel that were waited for: none of them is a lock of the program's. */
#include <errno.h>

#include "report/cell.h"
#include "report/waits.h"
#include "session/derive.h"

static struct waits lock_at(const void *items, size_t item)
{
	const struct contention *lock = (const struct contention *)items + item;

	return (struct waits){ derive_real(lock->count), derive_real(lock->wait_ns),
			       derive_real(lock->max_ns) };
}

static struct waits waits_for(const struct sleeps *sleeps, size_t part)
{
	const struct wait_list list = { sleeps->contention, sleeps->n_contention, lock_at };

	return waits_of(&list, part);
}

static bool has_waits(const struct result *result)
{
	const struct sleeps *sleeps = derive_sleeps(result);

	return sleeps && sleeps->n_contention;
}

/* Each has a row: there are few types, and few names. */
static size_t count_locks(const struct result *result)
{
	const struct sleeps *sleeps = derive_believed(result);

	return sleeps ? sleeps->n_contention : 0;
}

static const struct contention *lock_of(const struct result *result, size_t part)
{
	return part == NO_PART ? NULL : &derive_sleeps(result)->contention[part];
}

static void put_lock(const struct result *result, size_t part, FILE *out)
{
	const struct contention *lock = lock_of(result, part);

	fputs(lock->lock ? lock->lock : "not named", out);
}

static const struct parts locks = { count_locks, put_lock };

CELL(type_cell)
{
	const struct contention *lock = lock_of(result, part);

	if (lock)
		fputs(lock->type ? lock->type : "-", out);
}

CELL(locks_cell)
{
	const struct contention *lock = lock_of(result, part);

	if (lock)
		cell_put_whole(out, lock->locks);
}

WAITS_RATE_CELL(waits_cell)
WAITS_CELL(waited_cell, waits_put_total)
WAITS_CELL(mean_cell, waits_put_mean)
WAITS_CELL(longest_cell, waits_put_longest)

CELL(not_acquired_cell)
{
	const struct contention *lock = lock_of(result, part);

	if (lock)
		cell_put_whole(out, lock->not_acquired);
}

enum { TYPE, WAITS, WAITED, MEAN, LONGEST, LOCKS, NOT_ACQUIRED };

static const struct column columns[] = {
	[TYPE] = { "TYPE", COLUMN_KEPT, false, false, type_cell, NULL },
	[WAITS] = { "WAITS/KOP", 26, true, false, waits_cell, NULL },
	[WAITED] = { "WAITED", 24, true, false, waited_cell, NULL },
	[MEAN] = { "MEAN", 25, true, false, mean_cell, NULL },
	[LONGEST] = { "LONGEST", 23, true, false, longest_cell, NULL },
	[LOCKS] = { "LOCKS", 21, true, false, locks_cell, NULL },
	[NOT_ACQUIRED] = { "NOT ACQUIRED", 20, true, false, not_acquired_cell, NULL },
};

#define TITLE "Locks inside the kernel:"

static const struct column_set contention_columns = {
	.title = TITLE,
	.says = "such as a pipe's mutex. A mutex of the program's that is fought over shows above, and "
		"may show nothing here; what spins in user space shows in neither",
	.columns = columns,
	.n = sizeof(columns) / sizeof(columns[0]),
	.status = TYPE,
	.parts = &locks,
	.about = has_waits,
};

static const struct meaning meanings[] = {
	{ LOCKS, "LOCKS: so many of that name" },
	{ NOT_ACQUIRED, "NOT ACQUIRED: waits that ended without the lock" },
};

static int write_legend(const struct view *view, FILE *out)
{
	struct draft signs;

	fputc('\n', out);
	if (draft_open(&signs))
		return -ENOMEM;
	fputs("asleep or spinning; a spin in an interrupt is charged to the task it interrupted · "
	      "\"in read\": no name, but waited for in that call · ",
	      signs.out);
	view_put_meanings(view, meanings, sizeof(meanings) / sizeof(meanings[0]), signs.out);
	fputs("who is not listed waited for none", signs.out);
	return view_print_indented(view, out, &signs, 2);
}

int contention_write(const struct view *view, FILE *out)
{
	const bool seen = view->session->tracing.how.contention != NULL;
	size_t i;

	if (!view->traced)
		return 0;
	for (i = 0; i < view->session->n_results && seen; i++)
		if (has_waits(&view->session->results[i]))
			return view_write_rows(view, &contention_columns, write_legend, out);
	fputc('\n', out);
	return text_wrap(
		out, view->style, TITLE, BOLD, sizeof(TITLE),
		seen ? "no task waited for one. A mutex of the program's is none: see above" :
		       "waits for them were not measured");
}
