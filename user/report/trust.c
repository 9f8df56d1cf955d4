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
	double unaccounted_percent; /* the largest */
	int64_t events_lost;
	bool losses_counted;
	const struct result *slowed_most;
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

static void count_result(struct tally *tally, const struct result *result)
{
	const struct sleeps *sleeps = derive_sleeps(result);
	double unaccounted = derive_unaccounted_percent(&sleeps->budget);
	int64_t lost = events_lost(&sleeps->lost);
	double slowdown = sleeps->slowdown.median;

	tally->results++;
	tally->reconciled += sleeps->reconciled.ok;
	count_tasks(tally, &sleeps->reconciled);
	if (unaccounted > tally->unaccounted_percent)
		tally->unaccounted_percent = unaccounted;
	if (lost != NO_INT) {
		tally->losses_counted = true;
		tally->events_lost = add(tally->events_lost, lost);
	}
	if (isfinite(slowdown) &&
	    (!tally->slowed_most || slowdown > derive_sleeps(tally->slowed_most)->slowdown.median))
		tally->slowed_most = result;
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

/* All that speaks against one result, which is more than one thing where more went wrong. */
static int write_distrust(const struct view *view, FILE *out, const struct result *result)
{
	const struct sleeps *sleeps = result->kernel->sleeps;
	double unaccounted = derive_unaccounted_percent(&sleeps->budget);
	char text[NUMBER_TEXT];
	struct draft draft;
	size_t i;

	if (sleeps->reconciled.ok)
		return 0;
	if (draft_open(&draft))
		return -ENOMEM;
	view_put_label(view, result, draft.out);
	for (i = 0; i < sleeps->reconciled.n_checks; i++)
		if (sleeps->reconciled.checks[i].decides && !sleeps->reconciled.checks[i].agrees)
			put_check(draft.out, &sleeps->reconciled.checks[i]);
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
	/* Cut, not rounded: "at least" has to hold. */
	fprintf(draft.out, " %s) · time accounted at least %.2f %% · ",
		tally->tasks ? "tasks" : "results",
		floor(100 * fmax(0, 100 - tally->unaccounted_percent)) / 100);
	if (tally->losses_counted)
		view_put_count(draft.out, tally->events_lost);
	fputs(tally->losses_counted ? " events lost" : "lost events not counted", draft.out);
	return view_print(view, out, &draft, "", PLAIN);
}

static int write_losses(const struct view *view, FILE *out, const struct result *result)
{
	const struct losses *lost = &derive_sleeps(result)->lost;
	const struct {
		const char *name;
		int64_t count;
	} all[] = {
		{ "ring", lost->ring },	    { "slots", lost->slots },	{ "maps", lost->maps },
		{ "stacks", lost->stacks }, { "nested", lost->nested }, { "order", lost->order }
	};
	const char *before = ": ";
	struct draft draft;
	size_t i;

	if (events_lost(lost) == NO_INT || events_lost(lost) == 0)
		return 0;
	if (draft_open(&draft))
		return -ENOMEM;
	view_put_label(view, result, draft.out);
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i].count == NO_INT || all[i].count == 0)
			continue;
		fprintf(draft.out, "%s%s ", before, all[i].name);
		before = ", ";
		view_put_count(draft.out, all[i].count);
	}
	return view_print(view, out, &draft, "EVENTS LOST", ALARM);
}

static int write_slowdown(const struct view *view, FILE *out, const struct tally *tally)
{
	const struct estimate *slowdown;
	char text[NUMBER_TEXT];
	struct draft draft;

	if (!tally->slowed_most)
		return 0;
	if (draft_open(&draft))
		return -ENOMEM;
	slowdown = &derive_sleeps(tally->slowed_most)->slowdown;
	number_text(text, slowdown->median);
	fprintf(draft.out, "tracing slowed the worst by %sx (", text);
	view_put_label(view, tally->slowed_most, draft.out);
	if (isfinite(slowdown->ci95[0]) && isfinite(slowdown->ci95[1])) {
		number_text(text, slowdown->ci95[0]);
		fprintf(draft.out, ", 95 %% CI %s", text);
		number_text(text, slowdown->ci95[1]);
		fprintf(draft.out, " to %s", text);
	}
	fputs("); timings above are untraced", draft.out);
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
			"%s. Timings and the counter check are complete; SW/KOP is getrusage's, "
			"other kernel columns are not measured",
			tracing->reason		       ? tracing->reason :
			tracing->status == TRACING_OFF ? "tracing was switched off" :
							 "no reason is recorded");
	return view_print(view, out, &draft,
			  "not traced:", tracing->status == TRACING_OFF ? BOLD : YELLOW);
}

/* Calls `write` for every result that the kernel's side saw. */
static int each_seen(const struct view *view, FILE *out,
		     int (*write)(const struct view *view, FILE *out, const struct result *result))
{
	const struct session *session = view->session;
	int err = 0;
	size_t i;

	for (i = 0; i < session->n_results && !err; i++)
		if (derive_sleeps(&session->results[i]))
			err = write(view, out, &session->results[i]);
	return err;
}

int trust_write(const struct view *view, FILE *out)
{
	struct tally tally = { 0 };
	size_t i;
	int err;

	fputc('\n', out);
	for (i = 0; i < view->session->n_results; i++)
		if (derive_sleeps(&view->session->results[i]))
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
		err = differences_write(view, out);
	return err;
}
