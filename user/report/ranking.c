/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which order results are shown. */
#include <math.h>
#include <stdlib.h>

#include "report/view.h"

struct rank {
	size_t result;
	size_t family; /* the first result of it */
	double ns; /* of the strategy's fastest row */
	size_t strategy; /* the first result of it */
};

static size_t first_of_family(const struct session *session, const char *family)
{
	size_t i = 0;

	while (!view_same(session->results[i].family, family))
		i++;
	return i;
}

static size_t first_of_strategy(const struct session *session, const char *strategy)
{
	size_t i = 0;

	while (!view_same(session->results[i].strategy, strategy))
		i++;
	return i;
}

/* Infinite where none of its rows was raced to its end. */
static double fastest_ns(const struct session *session, const char *strategy)
{
	double fastest = INFINITY;
	size_t i;

	for (i = 0; i < session->n_results; i++)
		if (session->results[i].status == RESULT_OK &&
		    view_same(session->results[i].strategy, strategy))
			fastest = fmin(fastest, session->results[i].time.ns_per_op.median);
	return fastest;
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

size_t *ranking_make(const struct session *session)
{
	struct rank *ranks = calloc(session->n_results + 1, sizeof(*ranks));
	size_t *ranking = calloc(session->n_results + 1, sizeof(*ranking));
	size_t i;

	for (i = 0; ranks && ranking && i < session->n_results; i++) {
		const struct result *result = &session->results[i];

		ranks[i] = (struct rank){
			.result = i,
			.family = first_of_family(session, result->family),
			.ns = fastest_ns(session, result->strategy),
			.strategy = first_of_strategy(session, result->strategy),
		};
	}
	if (ranks && ranking) {
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
