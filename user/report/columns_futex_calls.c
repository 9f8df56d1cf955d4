/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of the calls that wait and wake on futexes: most of a fast lock's do not sleep. */
#include <errno.h>

#include "report/cell.h"
#include "session/derive.h"

static bool has_calls(const struct result *result)
{
	const struct calls *calls = derive_calls(result);

	return calls &&
	       (calls->futex.waits > 0 || calls->futex.wakes > 0 || calls->futex.requeues > 0);
}

/* Nothing, or the calls that may be shown; says itself why there are none. */
static const struct calls *believed_calls(const struct result *result, FILE *out, enum paint *paint)
{
	const struct calls *calls = derive_calls(result);

	if (!calls)
		fputc('-', out);
	if (!calls || calls->reconciled.ok)
		return calls;
	fputs("void", out);
	*paint = ALARM;
	return NULL;
}

#define RATE_CELL(name, member) \
	CELL(name) \
	{ \
		const struct calls *calls = believed_calls(result, out, paint); \
\
		if (calls) \
			cell_put(out, \
				 derive_per_kop(derive_real(calls->futex.member), \
						derive_real(calls->ops)), \
				 ""); \
	}

#define SHARE_CELL(name, member, whole) \
	CELL(name) \
	{ \
		const struct calls *calls = believed_calls(result, out, paint); \
\
		if (calls) \
			cell_put_percent(out, \
					 derive_percent(derive_real(calls->futex.member), \
							derive_real(calls->futex.whole)), \
					 99.95); \
	}

RATE_CELL(waits_cell, waits)
SHARE_CELL(slept_cell, slept, waits)
SHARE_CELL(eagain_cell, eagain, waits)
SHARE_CELL(timedout_cell, timedout, waits)
SHARE_CELL(interrupted_cell, interrupted, waits)
RATE_CELL(wakes_cell, wakes)
SHARE_CELL(nobody_cell, woke_nobody, wakes)
RATE_CELL(requeues_cell, requeues)

static bool any(const struct view *view, int64_t (*of)(const struct futex_calls *calls))
{
	size_t i;

	for (i = 0; i < view->session->n_results; i++) {
		const struct calls *calls = derive_calls(&view->session->results[i]);

		if (calls && of(&calls->futex) > 0)
			return true;
	}
	return false;
}

static int64_t timedout_of(const struct futex_calls *calls)
{
	return calls->timedout;
}

static int64_t interrupted_of(const struct futex_calls *calls)
{
	return calls->interrupted;
}

static int64_t requeues_of(const struct futex_calls *calls)
{
	return calls->requeues;
}

static bool any_timedout(const struct view *view)
{
	return any(view, timedout_of);
}

static bool any_interrupted(const struct view *view)
{
	return any(view, interrupted_of);
}

static bool any_requeues(const struct view *view)
{
	return any(view, requeues_of);
}

enum { WAITS, SLEPT, EAGAIN_SHARE, TIMEDOUT, INTERRUPTED, WAKES, NOBODY, REQUEUES };

static const struct column columns[] = {
	[WAITS] = { "WAITS/KOP", COLUMN_KEPT, true, false, waits_cell, NULL },
	[SLEPT] = { "SLEPT", 26, true, false, slept_cell, NULL },
	[EAGAIN_SHARE] = { "EAGAIN", 25, true, false, eagain_cell, NULL },
	[TIMEDOUT] = { "TIMED OUT", 20, true, false, timedout_cell, any_timedout },
	[INTERRUPTED] = { "INTERRUPTED", 21, true, false, interrupted_cell, any_interrupted },
	[WAKES] = { "WAKES/KOP", 24, true, false, wakes_cell, NULL },
	[NOBODY] = { "WOKE NOBODY", 23, true, false, nobody_cell, NULL },
	[REQUEUES] = { "REQUEUES/KOP", 22, true, false, requeues_cell, any_requeues },
};

static const struct column_set futex_calls_columns = {
	.title = "Futex calls:",
	.says = "what the calls by which such locks wait and wake came to",
	.columns = columns,
	.n = sizeof(columns) / sizeof(columns[0]),
	.status = WAITS,
	.about = has_calls,
};

static const struct meaning meanings[] = {
	{ SLEPT, "SLEPT: however that ended" },
	{ EAGAIN_SHARE, "EAGAIN: the word had changed before the call could sleep" },
	{ NOBODY, "WOKE NOBODY: nobody slept there" },
};

static int write_legend(const struct view *view, FILE *out)
{
	struct draft signs;

	fputc('\n', out);
	if (draft_open(&signs))
		return -ENOMEM;
	view_put_meanings(view, meanings, sizeof(meanings) / sizeof(meanings[0]), signs.out);
	fputs("/KOP per thousand increments of the repeats traced at the calls level", signs.out);
	return view_print_indented(view, out, &signs, 2);
}

int futex_calls_write(const struct view *view, FILE *out)
{
	size_t i;

	for (i = 0; i < view->session->n_results; i++)
		if (has_calls(&view->session->results[i]))
			return view_write_rows(view, &futex_calls_columns, write_legend, out);
	return 0;
}
