/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks that disagree and decide nothing: a difference that is known, said once for what it is. */
#include <errno.h>
#include <math.h>

#include "report/view.h"
#include "session/derive.h"
#include "session/number.h"

/* The difference as a share of the other count, which is what its tolerance is a share of. */
static double difference_percent(const struct check *check)
{
	return derive_percent(fabs(derive_real(check->bpf) - derive_real(check->other)),
			      derive_real(check->other));
}

/* Of the sleeps level where it was traced: what the calls level adds is the same again, slower. */
static const struct reconciled *checks_of(const struct result *result)
{
	struct watched watched[WATCHED_LEVELS];

	return derive_watched(result, watched) ? watched[0].reconciled : NULL;
}

static bool is_difference(const struct check *check)
{
	return !check->decides && !check->agrees;
}

/* The worst check of this kind among the results, and in how many of them it disagrees. */
static const struct check *worst_check(const struct session *session, const char *what,
				       const struct result **where, size_t *results)
{
	const struct check *worst = NULL;
	size_t i, j;

	*results = 0;
	for (i = 0; i < session->n_results; i++) {
		const struct reconciled *checks = checks_of(&session->results[i]);

		for (j = 0; checks && j < checks->n_checks; j++) {
			const struct check *check = &checks->checks[j];

			if (!is_difference(check) || !view_same(check->what, what))
				continue;
			++*results;
			if (worst && !(difference_percent(check) > difference_percent(worst)))
				continue;
			worst = check;
			*where = &session->results[i];
		}
	}
	return worst;
}

/* Whether one of this kind comes before it, which spoke for all of them. */
static bool is_told(const struct session *session, const struct check *check)
{
	size_t i, j;

	for (i = 0; i < session->n_results; i++) {
		const struct reconciled *checks = checks_of(&session->results[i]);

		for (j = 0; checks && j < checks->n_checks; j++) {
			if (&checks->checks[j] == check)
				return false;
			if (is_difference(&checks->checks[j]) &&
			    view_same(checks->checks[j].what, check->what))
				return true;
		}
	}
	return true;
}

/* One line for all results in which such a check disagrees, about the worst of them. */
static int write_difference(const struct view *view, FILE *out, const struct check *first)
{
	const struct result *where = NULL;
	char text[NUMBER_TEXT];
	struct draft draft;
	size_t results;
	const struct check *check = worst_check(view->session, first->what, &where, &results);

	if (draft_open(&draft))
		return -ENOMEM;
	number_percent(text, difference_percent(check));
	fprintf(draft.out, "%s differs from %s by %s %% (", check->what ? check->what : "-",
		check->source ? check->source : "-", text);
	view_put_label(view, where, draft.out);
	if (results > 1)
		fprintf(draft.out, ", the worst of %zu", results);
	fprintf(draft.out, ")%s%s", check->note ? ": " : "", check->note ? check->note : "");
	return view_print(view, out, &draft, "note:", BOLD);
}

int differences_write(const struct view *view, FILE *out)
{
	const struct session *session = view->session;
	int err = 0;
	size_t i, j;

	for (i = 0; i < session->n_results; i++) {
		const struct reconciled *checks = checks_of(&session->results[i]);

		for (j = 0; checks && j < checks->n_checks && !err; j++)
			if (is_difference(&checks->checks[j]) &&
			    !is_told(session, &checks->checks[j]))
				err = write_difference(view, out, &checks->checks[j]);
	}
	return err;
}
