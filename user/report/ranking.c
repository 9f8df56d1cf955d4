/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which order results are shown. */
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "report/view.h"

struct rank {
	size_t result;
	size_t family; /* the first result of it */
	double ns; /* of the strategy's fastest row */
	size_t strategy; /* the first result of it */
};

/* The first results of what several have in common, of which there are few. */
struct firsts {
	size_t *results;
	size_t n;
};

/* The first result whose text at that member is the same. */
static size_t first_of(struct firsts *firsts, const struct session *session, size_t result,
		       size_t member)
{
	const struct result *all = session->results;
	size_t i;

	for (i = 0; i < firsts->n; i++)
		if (view_same(*(char *const *)((const char *)&all[firsts->results[i]] + member),
			      *(char *const *)((const char *)&all[result] + member)))
			return firsts->results[i];
	firsts->results[firsts->n++] = result;
	return result;
}

static int in_order(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int compare(const void *a, const void *b)
{
	const struct rank *left = a, *right = b;

	if (left->family != right->family)
		return in_order(left->family, right->family);
	if (left->ns != right->ns)
		return left->ns < right->ns ? -1 : 1;
	if (left->strategy != right->strategy)
		return in_order(left->strategy, right->strategy);
	return in_order(left->result, right->result);
}

/* Infinite where none of its rows was raced to its end. */
static void note_fastest(const struct session *session, struct rank *ranks)
{
	size_t i;

	for (i = 0; i < session->n_results; i++)
		ranks[i].ns = INFINITY;
	for (i = 0; i < session->n_results; i++) {
		struct rank *first = &ranks[ranks[i].strategy];

		if (session->results[i].status == RESULT_OK)
			first->ns = fmin(first->ns, session->results[i].time.ns_per_op.median);
	}
	for (i = 0; i < session->n_results; i++)
		ranks[i].ns = ranks[ranks[i].strategy].ns;
}

static int fill(const struct session *session, struct rank *ranks)
{
	struct firsts families = { calloc(session->n_results + 1, sizeof(size_t)), 0 };
	struct firsts strategies = { calloc(session->n_results + 1, sizeof(size_t)), 0 };
	int err = families.results && strategies.results ? 0 : -ENOMEM;
	size_t i;

	for (i = 0; i < session->n_results && !err; i++)
		ranks[i] = (struct rank){
			.result = i,
			.family = first_of(&families, session, i, offsetof(struct result, family)),
			.strategy = first_of(&strategies, session, i,
					     offsetof(struct result, strategy)),
		};
	if (!err)
		note_fastest(session, ranks);
	free(families.results);
	free(strategies.results);
	return err;
}

size_t *ranking_make(const struct session *session)
{
	struct rank *ranks = calloc(session->n_results + 1, sizeof(*ranks));
	size_t *ranking = calloc(session->n_results + 1, sizeof(*ranking));
	size_t i;

	if (ranks && ranking && !fill(session, ranks)) {
		qsort(ranks, session->n_results, sizeof(*ranks), compare);
		for (i = 0; i < session->n_results; i++)
			ranking[i] = ranks[i].result;
	} else {
		free(ranking);
		ranking = NULL;
	}
	free(ranks);
	return ranking;
}
