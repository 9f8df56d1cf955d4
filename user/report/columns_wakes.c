/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who woke whom: a row for each pair, below that of the result. */
#include <errno.h>

#include "report/cell.h"
#include "report/waits.h"
#include "session/derive.h"

static struct waits edge_at(const void *items, size_t item)
{
	const struct wake_edge *edge = (const struct wake_edge *)items + item;
	double count = derive_real(edge->count);

	return (struct waits){ count, count * derive_real(edge->latency_ns),
			       derive_real(edge->max_ns) };
}

static struct waits wakes_of(const struct result *result, size_t part)
{
	const struct sleeps *sleeps = derive_sleeps(result);
	const struct wait_list list = { sleeps->wake_edges, sleeps->n_wake_edges, edge_at };

	return waits_of(&list, part);
}

static bool has_edges(const struct result *result)
{
	const struct sleeps *sleeps = derive_sleeps(result);

	return sleeps && sleeps->n_wake_edges;
}

static size_t count_edges(const struct result *result)
{
	return has_edges(result) ? waits_rows(derive_sleeps(result)->n_wake_edges) : 0;
}

static void put_waker(const struct result *result, size_t part, FILE *out)
{
	const struct sleeps *sleeps = derive_sleeps(result);

	if (waits_is_rest(sleeps->n_wake_edges, part))
		waits_put_rest(sleeps->n_wake_edges, out);
	else
		fputs(sleeps->wake_edges[part].waker, out);
}

static const struct parts edges = { count_edges, put_waker };

/* They are counted in repeats of their own, which have to agree with themselves. */
static const struct wakers *believed_wakers(const struct result *result, FILE *out,
					    enum paint *paint)
{
	const struct sleeps *sleeps = derive_sleeps(result);
	const struct wakers *wakers = sleeps ? sleeps->wakers : NULL;

	if (!wakers)
		fputc('-', out);
	if (!wakers || wakers->reconciled.ok)
		return wakers;
	fputs("void", out);
	*paint = ALARM;
	return NULL;
}

CELL(woken_cell)
{
	const struct sleeps *sleeps = derive_sleeps(result);

	if (part != NO_PART && !waits_is_rest(sleeps->n_wake_edges, part))
		fputs(sleeps->wake_edges[part].wakee, out);
}

CELL(wakes_cell)
{
	const struct wakers *wakers = believed_wakers(result, out, paint);

	if (wakers)
		cell_put(out,
			 derive_per_kop(wakes_of(result, part).count, derive_real(wakers->ops)),
			 "");
}

CELL(share_cell)
{
	const struct wakers *wakers = believed_wakers(result, out, paint);

	if (wakers)
		cell_put_percent(out,
				 derive_percent(wakes_of(result, part).count,
						wakes_of(result, NO_PART).count),
				 99.95);
}

CELL(mean_cell)
{
	if (believed_wakers(result, out, paint))
		waits_put_mean(wakes_of(result, part), out);
}

CELL(longest_cell)
{
	if (believed_wakers(result, out, paint))
		waits_put_longest(wakes_of(result, part), out);
}

enum { WOKEN, WAKES, SHARE, MEAN, LONGEST };

static const struct column columns[] = {
	[WOKEN] = { "WOKE", COLUMN_KEPT, false, false, woken_cell, NULL },
	[WAKES] = { "WAKEUPS/KOP", 23, true, false, wakes_cell, NULL },
	[SHARE] = { "SHARE", 20, true, false, share_cell, NULL },
	[MEAN] = { "MEAN DELAY", 22, true, false, mean_cell, NULL },
	[LONGEST] = { "LONGEST", 21, true, false, longest_cell, NULL },
};

static const struct column_set wakes_columns = {
	.title = "Wake-ups:",
	.says = "who woke whom, and how long the woken then waited for a CPU",
	.columns = columns,
	.n = sizeof(columns) / sizeof(columns[0]),
	.status = WOKEN,
	.parts = &edges,
	.about = has_edges,
};

static int write_legend(const struct view *view, FILE *out)
{
	struct draft signs;

	fputc('\n', out);
	if (draft_open(&signs))
		return -ENOMEM;
	fputs("from the repeats in which wakers were looked for · interrupt: a timer or a device · "
	      "arena: who started the tasks · others: anybody else",
	      signs.out);
	return view_print_indented(view, out, &signs, 2);
}

static int write_none(const struct view *view, bool looked, FILE *out)
{
	fputc('\n', out);
	return text_wrap(out, view->style, "Wake-ups:", BOLD, 10,
			 looked ? "nobody was woken" :
				  "who woke whom was not looked for: --wakers=3 does, in three "
				  "repeats besides");
}

int wake_edges_write(const struct view *view, FILE *out)
{
	bool looked = false;
	size_t i;

	for (i = 0; i < view->session->n_results; i++) {
		const struct sleeps *sleeps = derive_sleeps(&view->session->results[i]);

		if (has_edges(&view->session->results[i]))
			return view_write_rows(view, &wakes_columns, write_legend, out);
		looked |= sleeps && sleeps->wakers;
	}
	return view->traced ? write_none(view, looked, out) : 0;
}
