/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Locks in user space, as far as the kernel sees them: futex words that somebody slept on. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>

#include "report/cell.h"
#include "report/waits.h"
#include "session/derive.h"

static struct waits lock_at(const void *items, size_t item)
{
	const struct lock_wait *lock = (const struct lock_wait *)items + item;

	return (struct waits){ derive_real(lock->slept), derive_real(lock->wait_ns),
			       derive_real(lock->max_ns) };
}

static struct waits waits_for(const struct sleeps *sleeps, size_t part)
{
	const struct wait_list list = { sleeps->futex.locks, sleeps->futex.n_locks, lock_at };
	struct waits waits = waits_of(&list, part);

	/* Sleeps on several words at once, and those that found no room, are in no row. */
	if (part == NO_PART) {
		waits.count = derive_real(sleeps->futex.slept);
		waits.total_ns = derive_real(sleeps->futex.wait_ns);
	}
	return waits;
}

static size_t count_locks(const struct result *result)
{
	const struct sleeps *sleeps = derive_believed(result);

	return sleeps ? waits_rows(sleeps->futex.n_locks) : 0;
}

static void put_lock(const struct result *result, size_t part, FILE *out)
{
	const struct futex_waits *futex = &derive_sleeps(result)->futex;

	if (waits_is_rest(futex->n_locks, part))
		waits_put_rest(futex->n_locks, out);
	else
		fputs(futex->locks[part].name, out);
}

static const struct parts locks = { count_locks, put_lock };

/* Of a row that is one futex word's. */
static const struct lock_wait *lock_of(const struct result *result, size_t part)
{
	const struct sleeps *sleeps = derive_sleeps(result);

	if (part == NO_PART || waits_is_rest(sleeps->futex.n_locks, part))
		return NULL;
	return &sleeps->futex.locks[part];
}

WAITS_RATE_CELL(slept_cell)
WAITS_CELL(waited_cell, waits_put_total)
WAITS_CELL(mean_cell, waits_put_mean)
WAITS_CELL(longest_cell, waits_put_longest)

static double sum_of(const struct party_count *parties, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += derive_real(parties[i].count);
	return sum;
}

static void put_party(const struct party_count *party, double all, FILE *out)
{
	fprintf(out, "%s ", party->who);
	cell_put_percent(out, derive_percent(derive_real(party->count), all), 0);
}

/* Who wakes and who has it is found out in repeats of their own. */
static bool is_looked_for(const struct result *result)
{
	const struct sleeps *sleeps = derive_believed(result);

	return sleeps && sleeps->wakers && sleeps->wakers->reconciled.ok;
}

CELL(waker_cell)
{
	const struct lock_wait *lock = lock_of(result, part);

	if (!lock)
		return;
	if (!is_looked_for(result))
		fputc('-', out);
	else if (lock->n_wakers)
		put_party(&lock->wakers[0], sum_of(lock->wakers, lock->n_wakers), out);
	else
		fputs("nobody", out);
}

CELL(owner_cell)
{
	const struct lock_wait *lock = lock_of(result, part);
	double between, all;

	if (!lock)
		return;
	if (!is_looked_for(result) || (lock->shows_owner && lock->no_owner == NO_INT)) {
		fputc('-', out);
		return;
	}
	if (!lock->shows_owner) {
		fputs("no owner shows", out);
		return;
	}
	between = derive_real(lock->no_owner);
	all = sum_of(lock->owners, lock->n_owners) + between;
	if (lock->n_owners)
		put_party(&lock->owners[0], all, out);
	if (between > 0) {
		fputs(lock->n_owners ? ", between " : "between ", out);
		cell_put_percent(out, derive_percent(between, all), 0);
	}
}

enum { SLEPT, WAITED, MEAN, LONGEST, WAKER, OWNER };

static const struct column columns[] = {
	[SLEPT] = { "SLEEPS/KOP", COLUMN_KEPT, true, false, slept_cell, NULL },
	[WAITED] = { "WAITED", 21, true, false, waited_cell, view_is_traced },
	[MEAN] = { "MEAN", 25, true, false, mean_cell, view_is_traced },
	[LONGEST] = { "LONGEST", 22, true, false, longest_cell, view_is_traced },
	[WAKER] = { "TOP WAKER", 23, false, false, waker_cell, view_is_traced },
	[OWNER] = { "TOP OWNER", 24, false, false, owner_cell, view_is_traced },
};

const struct column_set futexes_columns = {
	.title = "Locks in user space:",
	.says = "futex words that tasks slept on. Waits that only spin are not seen, here or anywhere "
		"below",
	.columns = columns,
	.n = sizeof(columns) / sizeof(columns[0]),
	.status = SLEPT,
	.parts = &locks,
};

static const struct meaning meanings[] = {
	{ SLEPT,
	  "/KOP per thousand increments of all workers; 0: on no futex (--view=budget says on what else)" },
	{ WAITED, "WAITED: all of them together" },
	{ WAKER, "TOP WAKER: who ended most of them" },
	{ OWNER,
	  "TOP OWNER: who had the lock most often when another went to sleep; between: it was "
	  "free by then; no owner shows: the word does not say, or is not known to" },
};

int futexes_legend_write(const struct view *view, FILE *out)
{
	struct draft signs;

	fputc('\n', out);
	if (draft_open(&signs))
		return -ENOMEM;
	view_put_meanings(view, meanings, sizeof(meanings) / sizeof(meanings[0]), signs.out);
	fputs("- not measured, or none", signs.out);
	view_put_star(view, signs.out);
	return view_print_indented(view, out, &signs, 2);
}
