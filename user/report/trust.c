/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the rows may be believed: what agreed with what, what did not, what watching cost. */
#include <errno.h>
#include <math.h>

#include "report/view.h"
#include "session/derive.h"
#include "session/number.h"

/* Over all results that the kernel's side saw. */
struct tally {
	size_t results;
	size_t reconciled;
	int64_t tasks;
	int64_t tasks_agree;
	double unaccounted_percent; /* the largest; NaN: no level had a budget */
	int64_t events_lost;
	bool losses_counted;
	const struct result
		*slowed_most[WATCHED_LEVELS]; /* by level, in the order of derive_watched() */
	struct estimate slowdown[WATCHED_LEVELS]; /* theirs; the samples are not */
	const char *level[WATCHED_LEVELS];
};

/* Counts come from a file: their sum may not fit. */
static int64_t add(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static int64_t events_lost(const struct losses *lost)
{
	const int64_t all[] = { lost->ring,   lost->slots,  lost->maps,
				lost->stacks, lost->nested, lost->order };
	int64_t sum = NO_INT;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] != NO_INT)
			sum = sum == NO_INT ? all[i] : add(sum, all[i]);
	return sum;
}

/* A task agrees when all its checks that decide do. */
static void count_tasks(struct tally *tally, const struct reconciled *reconciled)
{
	int64_t tasks = 0, agree = NO_INT;
	size_t i;

	for (i = 0; i < reconciled->n_checks; i++) {
		const struct check *check = &reconciled->checks[i];

		if (!check->decides || check->tasks == NO_INT || check->tasks_agree == NO_INT)
			continue;
		if (check->tasks > tasks)
			tasks = check->tasks;
		if (agree == NO_INT || check->tasks_agree < agree)
			agree = check->tasks_agree;
	}
	tally->tasks = add(tally->tasks, tasks);
	tally->tasks_agree = add(tally->tasks_agree, agree == NO_INT ? 0 : agree);
}

static void count_slowdown(struct tally *tally, const struct result *result,
			   const struct watched *watched)
{
	size_t level = 0;

	while (level + 1 < WATCHED_LEVELS && tally->level[level] &&
	       !view_same(tally->level[level], watched->level))
		level++;
	tally->level[level] = watched->level;
	if (!isfinite(watched->slowdown->median))
		return;
	if (tally->slowed_most[level] &&
	    !(watched->slowdown->median > tally->slowdown[level].median))
		return;
	tally->slowed_most[level] = result;
	tally->slowdown[level] = *watched->slowdown;
}

static void count_level(struct tally *tally, const struct result *result,
			const struct watched *watched)
{
	int64_t lost = events_lost(watched->lost);

	count_tasks(tally, watched->reconciled);
	count_slowdown(tally, result, watched);
	/* fmax() takes what is a number. */
	if (watched->budget)
		tally->unaccounted_percent = fmax(tally->unaccounted_percent,
						  derive_unaccounted_percent(watched->budget));
	if (lost != NO_INT) {
		tally->losses_counted = true;
		tally->events_lost = add(tally->events_lost, lost);
	}
}

static void count_result(struct tally *tally, const struct result *result)
{
	struct watched watched[WATCHED_LEVELS];
	size_t n = derive_watched(result, watched);

	tally->results += n > 0;
	tally->reconciled += derive_is_believed(result);
	for (size_t i = 0; i < n; i++)
		count_level(tally, result, &watched[i]);
}

static void put_check(FILE *out, const struct check *check)
{
	fprintf(out, ": %s: ", check->what ? check->what : "-");
	view_put_count(out, check->bpf);
	fputs(" traced, ", out);
	view_put_count(out, check->other);
	fprintf(out, " by %s", check->source ? check->source : "-");
	if (check->tasks == NO_INT)
		return;
	fputs(" (", out);
	view_put_count(out, check->tasks_agree);
	fputs(" of ", out);
	view_put_count(out, check->tasks);
	fputs(" tasks agree)", out);
}

static void put_level(const struct view *view, FILE *out, const struct result *result,
		      const struct watched *watched)
{
	view_put_label(view, result, out);
	fprintf(out, " (%s)", watched->level);
}

/* All that speaks against one result, which is more than one thing where more went wrong. */
static int write_distrust(const struct view *view, FILE *out, const struct result *result,
			  const struct watched *watched)
{
	const struct reconciled *reconciled = watched->reconciled;
	double unaccounted = watched->budget ? derive_unaccounted_percent(watched->budget) : 0;
	char text[NUMBER_TEXT];
	struct draft draft;
	size_t i;

	if (reconciled->ok)
		return 0;
	if (draft_open(&draft))
		return -ENOMEM;
	put_level(view, draft.out, result, watched);
	for (i = 0; i < reconciled->n_checks; i++)
		if (reconciled->checks[i].decides && !reconciled->checks[i].agrees)
			put_check(draft.out, &reconciled->checks[i]);
	if (unaccounted > 1) {
		number_percent(text, unaccounted);
		fprintf(draft.out, ": %s %% of the time is not accounted for", text);
	}
	fputs(": do not believe its kernel columns", draft.out);
	return view_print(view, out, &draft, "NOT RECONCILED", ALARM);
}

static int write_summary(const struct view *view, FILE *out, const struct tally *tally)
{
	bool agree = tally->tasks ? tally->tasks == tally->tasks_agree :
				    tally->reconciled == tally->results;
	struct draft draft;

	if (draft_open(&draft))
		return -ENOMEM;
	fputs(agree ? "switches agree with getrusage (" :
		      "switches do not all agree with getrusage (",
	      draft.out);
	view_put_count(draft.out, tally->tasks ? tally->tasks_agree : (int64_t)tally->reconciled);
	fputs(" of ", draft.out);
	view_put_count(draft.out, tally->tasks ? tally->tasks : (int64_t)tally->results);
	fprintf(draft.out, " %s) · ", tally->tasks ? "tasks" : "results");
	/* Cut, not rounded: "at least" has to hold. */
	if (isfinite(tally->unaccounted_percent))
		fprintf(draft.out, "time accounted at least %.2f %% · ",
			floor(100 * fmax(0, 100 - tally->unaccounted_percent)) / 100);
	if (tally->losses_counted)
		view_put_count(draft.out, tally->events_lost);
	fputs(tally->losses_counted ? " events lost" : "lost events not counted", draft.out);
	return view_print(view, out, &draft, "", PLAIN);
}

static int write_losses(const struct view *view, FILE *out, const struct result *result,
			const struct watched *watched)
{
	const struct losses *lost = watched->lost;
	const struct {
		const char *name;
		int64_t count;
		const char *so;
	} all[] = {
		{ "ring", lost->ring, "the timeline lacks them" },
		{ "slots", lost->slots, "tasks of which nothing was counted" },
		{ "maps", lost->locks == NO_INT ? lost->maps : NO_INT, "some rows lack them" },
		{ "locks", lost->locks, "rows of locks lack them; sums do not" },
		{ "calls", lost->calls, "rows of system calls lack them" },
		{ "wakers", lost->wakers, "rows of wakers and owners lack them" },
		{ "others", lost->others, "sleeps whose system call is not named" },
		{ "stacks", lost->stacks, "they have no stack" },
		{ "nested", lost->nested, "waits for kernel locks are too few by as many" },
		{ "order", lost->order, "times of run queue and sleep may be off" },
	};
	const char *before = ": ";
	struct draft draft;
	size_t i;

	if (events_lost(lost) == NO_INT || events_lost(lost) == 0)
		return 0;
	if (draft_open(&draft))
		return -ENOMEM;
	put_level(view, draft.out, result, watched);
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i].count == NO_INT || all[i].count == 0)
			continue;
		fprintf(draft.out, "%s%s ", before, all[i].name);
		before = ", ";
		view_put_count(draft.out, all[i].count);
		fprintf(draft.out, " (%s)", all[i].so);
	}
	return view_print(view, out, &draft, "EVENTS LOST", ALARM);
}

static void put_slowdown(const struct view *view, FILE *out, const struct tally *tally,
			 size_t level)
{
	const struct estimate *slowdown = &tally->slowdown[level];
	char text[NUMBER_TEXT];

	number_text(text, slowdown->median);
	fprintf(out, "%sx (%s: ", text, tally->level[level]);
	view_put_label(view, tally->slowed_most[level], out);
	if (isfinite(slowdown->ci95[0]) && isfinite(slowdown->ci95[1])) {
		number_text(text, slowdown->ci95[0]);
		fprintf(out, ", 95 %% CI %s", text);
		number_text(text, slowdown->ci95[1]);
		fprintf(out, " to %s", text);
	}
	fputc(')', out);
}

static int write_slowdown(const struct view *view, FILE *out, const struct tally *tally)
{
	const char *before = "tracing slowed the worst by ";
	struct draft draft;
	size_t level;

	for (level = 0; level < WATCHED_LEVELS && !tally->slowed_most[level]; level++)
		;
	if (level == WATCHED_LEVELS)
		return 0;
	if (draft_open(&draft))
		return -ENOMEM;
	for (level = 0; level < WATCHED_LEVELS; level++) {
		if (!tally->slowed_most[level])
			continue;
		fputs(before, draft.out);
		put_slowdown(view, draft.out, tally, level);
		before = ", ";
	}
	fputs("; timings above are untraced", draft.out);
	return view_print(view, out, &draft, "", PLAIN);
}

static int write_untraced(const struct view *view, FILE *out)
{
	const struct tracing *tracing = &view->session->tracing;
	struct draft draft;

	if (draft_open(&draft))
		return -ENOMEM;
	/* It was to be traced, but no race came to its end: their rows say why. */
	if (tracing->status == TRACING_ON)
		fputs("no traced race was over", draft.out);
	else
		fprintf(draft.out,
			"%s. Timings and the counter check are complete; switches are getrusage's, "
			"other kernel columns are not measured",
			tracing->reason		       ? tracing->reason :
			tracing->status == TRACING_OFF ? "tracing was switched off" :
							 "no reason is recorded");
	return view_print(view, out, &draft,
			  "not traced:", tracing->status == TRACING_OFF ? BOLD : YELLOW);
}

/* Calls `write` for every result that the kernel's side saw, at each level. */
static int each_seen(const struct view *view, FILE *out,
		     int (*write)(const struct view *view, FILE *out, const struct result *result,
				  const struct watched *watched))
{
	const struct session *session = view->session;
	struct watched watched[WATCHED_LEVELS];
	int err = 0;
	size_t i, j, n;

	for (i = 0; i < session->n_results && !err; i++) {
		n = derive_watched(&session->results[i], watched);
		for (j = 0; j < n && !err; j++)
			err = write(view, out, &session->results[i], &watched[j]);
	}
	return err;
}

int trust_write(const struct view *view, FILE *out)
{
	struct tally tally = { .unaccounted_percent = NAN };
	size_t i;
	int err;

	fputc('\n', out);
	for (i = 0; i < view->session->n_results; i++)
		count_result(&tally, &view->session->results[i]);
	if (!tally.results)
		return write_untraced(view, out);
	err = each_seen(view, out, write_distrust);
	if (!err)
		err = each_seen(view, out, write_losses);
	if (!err)
		err = write_summary(view, out, &tally);
	if (!err)
		err = write_slowdown(view, out, &tally);
	if (!err)
		err = cost_write(view, out);
	if (!err)
		err = differences_write(view, out);
	return err;
}
