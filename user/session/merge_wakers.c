/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who woke whom and who had the locks: over all races in which that was looked for. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "session/fields.h"
#include "session/merge.h"

static int most_woken_first(const void *a, const void *b)
{
	int64_t left = ((const struct wake_edge *)a)->count;
	int64_t right = ((const struct wake_edge *)b)->count;

	return (left < right) - (left > right);
}

static int most_counted_first(const void *a, const void *b)
{
	int64_t left = ((const struct party_count *)a)->count;
	int64_t right = ((const struct party_count *)b)->count;

	return (left < right) - (left > right);
}

static bool is(const char *name, const char *wanted)
{
	return name && strcmp(name, wanted) == 0;
}

/* The edge between the two whatever it was by, made when it is new. NULL: no memory. */
static struct wake_edge *edge_of(struct sleeps *sleeps, const struct edge_sum *sum)
{
	struct wake_edge *edge;

	for (size_t i = 0; i < sleeps->n_wake_edges; i++) {
		edge = &sleeps->wake_edges[i];
		if (is(edge->waker, sum->waker) && is(edge->wakee, sum->wakee))
			return edge;
	}
	edge = &sleeps->wake_edges[sleeps->n_wake_edges++];
	if (merge_text(&edge->waker, sum->waker) || merge_text(&edge->wakee, sum->wakee))
		return NULL;
	return edge;
}

static int merge_edges(const struct waits *waits, struct sleeps *sleeps)
{
	sleeps->wake_edges = calloc(waits->n_edges + 1, sizeof(*sleeps->wake_edges));
	if (!sleeps->wake_edges)
		return -ENOMEM;
	for (size_t i = 0; i < waits->n_edges; i++) {
		const struct edge_sum *sum = &waits->edges[i];
		struct wake_edge *edge = edge_of(sleeps, sum);

		if (!edge)
			return -ENOMEM;
		edge->count += (int64_t)sum->sum.count;
		edge->latency_ns += (int64_t)sum->sum.latency_ns;
		if (edge->max_ns < (int64_t)sum->sum.max_ns)
			edge->max_ns = (int64_t)sum->sum.max_ns;
	}
	for (size_t i = 0; i < sleeps->n_wake_edges; i++)
		if (sleeps->wake_edges[i].count)
			sleeps->wake_edges[i].latency_ns /= sleeps->wake_edges[i].count;
	qsort(sleeps->wake_edges, sleeps->n_wake_edges, sizeof(*sleeps->wake_edges),
	      most_woken_first);
	return 0;
}

/* Adds to somebody's count. There is room for all. */
static int count_party(struct party_count *parties, size_t *n, const char *who, uint64_t count)
{
	for (size_t i = 0; i < *n; i++)
		if (is(parties[i].who, who)) {
			parties[i].count += (int64_t)count;
			return 0;
		}
	parties[*n].count = (int64_t)count;
	return merge_text(&parties[(*n)++].who, who);
}

static int merge_lock_wakers(const struct waits *waits, struct lock_wait *lock)
{
	int err = 0;

	lock->wakers = calloc(waits->n_edges + 1, sizeof(*lock->wakers));
	if (!lock->wakers)
		return -ENOMEM;
	for (size_t i = 0; i < waits->n_edges && !err; i++)
		if (!strcmp(waits->edges[i].futex, lock->name))
			err = count_party(lock->wakers, &lock->n_wakers, waits->edges[i].waker,
					  waits->edges[i].sum.count);
	qsort(lock->wakers, lock->n_wakers, sizeof(*lock->wakers), most_counted_first);
	if (!err && lock->n_wakers)
		err = merge_text(&lock->top_waker, lock->wakers[0].who);
	return err;
}

static int merge_lock_owners(const struct waits *waits, struct lock_wait *lock)
{
	int64_t nobody = 0;
	int err = 0;

	lock->owners = calloc(waits->n_owners + 1, sizeof(*lock->owners));
	if (!lock->owners)
		return -ENOMEM;
	for (size_t i = 0; i < waits->n_owners && !err; i++) {
		const struct owner_sum *sum = &waits->owners[i];

		if (strcmp(sum->futex, lock->name))
			continue;
		lock->shows_owner = true;
		if (*sum->owner)
			err = count_party(lock->owners, &lock->n_owners, sum->owner, sum->count);
		else
			nobody += (int64_t)sum->count;
	}
	qsort(lock->owners, lock->n_owners, sizeof(*lock->owners), most_counted_first);
	if (lock->shows_owner)
		lock->no_owner = nobody;
	return err;
}

static int merge_pass(const struct merge_input *input, const struct record *record,
		      struct wakers *wakers)
{
	const struct traced *traced = &record->wakers;
	struct counts total;
	int err;

	fields_clear(&wakers_shape, wakers);
	traced_sum(traced, &total);
	wakers->repeats = (int64_t)traced->ns_per_op.n;
	wakers->ops = (int64_t)total.ops;
	wakers->wakeups = (int64_t)total.wakeups;
	wakers->recovered = (int64_t)total.recovered;
	merge_losses(traced, &total, &wakers->lost);
	err = reconcile(LEVEL_WAKERS, input->ways, traced, &total, &wakers->reconciled);
	return err ? err : merge_slowdown(input, record, traced, &wakers->slowdown);
}

int merge_wakers(const struct merge_input *input, const struct record *record,
		 struct sleeps *sleeps)
{
	const struct waits *waits = &record->wakers.waits;
	int err;

	if (!record->wakers.ns_per_op.n)
		return 0;
	sleeps->wakers = calloc(1, sizeof(*sleeps->wakers));
	if (!sleeps->wakers)
		return -ENOMEM;
	err = merge_pass(input, record, sleeps->wakers);
	if (!err)
		err = merge_edges(waits, sleeps);
	for (size_t i = 0; i < sleeps->futex.n_locks && !err; i++) {
		err = merge_lock_wakers(waits, &sleeps->futex.locks[i]);
		if (!err)
			err = merge_lock_owners(waits, &sleeps->futex.locks[i]);
	}
	return err;
}
