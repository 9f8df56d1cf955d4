/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/waits.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* The same name in every run, whatever addresses the memory was given. */
static void name_futex(char name[WAIT_NAME], const struct race_outcome *outcome, uint64_t address)
{
	if (address - outcome->object < outcome->object_bytes)
		snprintf(name, WAIT_NAME, "object+0x%" PRIx64, address - outcome->object);
	else
		snprintf(name, WAIT_NAME, "0x%" PRIx64, address);
}

/* Of a task by its thread id; false: it is none of the race's. */
static bool name_task(char name[PARTY_NAME], const struct race_outcome *outcome,
		      unsigned int workers, pid_t tid)
{
	for (unsigned int i = 0; i < outcome->n_tasks; i++) {
		if (outcome->tasks[i].tid != tid)
			continue;
		if (i < workers)
			snprintf(name, PARTY_NAME, "worker %u", i);
		else
			snprintf(name, PARTY_NAME, "owner");
		return true;
	}
	return false;
}

static void name_waker(char name[PARTY_NAME], const struct race_outcome *outcome,
		       unsigned int workers, const struct found_edge *edge)
{
	if (edge->waker && name_task(name, outcome, workers, edge->waker))
		return;
	snprintf(name, PARTY_NAME, "%s",
		 edge->who == TB_WAKER_INTERRUPT ? "interrupt" :
		 edge->who == TB_WAKER_ARENA	 ? "arena" :
						   "others");
}

static struct futex_sum *futex_of(struct waits *waits, const char *name)
{
	struct futex_sum *sum;

	for (size_t i = 0; i < waits->n_futexes; i++)
		if (strcmp(waits->futexes[i].name, name) == 0)
			return &waits->futexes[i];
	sum = array_append(&waits->futexes, &waits->n_futexes, sizeof(*sum));
	if (sum)
		snprintf(sum->name, sizeof(sum->name), "%s", name);
	return sum;
}

static int add_futex(struct waits *waits, const struct race_outcome *outcome,
		     const struct tb_lock *lock)
{
	struct futex_sum *sum;
	char name[WAIT_NAME];

	name_futex(name, outcome, lock->address);
	sum = futex_of(waits, name);
	if (!sum)
		return -ENOMEM;
	sum->slept += lock->count;
	sum->wait_ns += lock->wait_ns;
	if (lock->max_ns > sum->max_ns)
		sum->max_ns = lock->max_ns;
	return 0;
}

static struct edge_sum *edge_of(struct waits *waits, const struct edge_sum *wanted)
{
	struct edge_sum *sum;

	for (size_t i = 0; i < waits->n_edges; i++) {
		sum = &waits->edges[i];
		if (!strcmp(sum->waker, wanted->waker) && !strcmp(sum->wakee, wanted->wakee) &&
		    !strcmp(sum->futex, wanted->futex))
			return sum;
	}
	sum = array_append(&waits->edges, &waits->n_edges, sizeof(*sum));
	if (sum)
		*sum = *wanted;
	return sum;
}

static int add_edge(struct waits *waits, const struct race_outcome *outcome, unsigned int workers,
		    const struct found_edge *edge)
{
	struct edge_sum wanted = { 0 };
	struct edge_sum *sum;

	if (!name_task(wanted.wakee, outcome, workers, edge->wakee))
		return 0;
	name_waker(wanted.waker, outcome, workers, edge);
	if (edge->futex)
		name_futex(wanted.futex, outcome, edge->futex);
	sum = edge_of(waits, &wanted);
	if (!sum)
		return -ENOMEM;
	sum->sum.count += edge->sum.count;
	sum->sum.latency_ns += edge->sum.latency_ns;
	if (edge->sum.max_ns > sum->sum.max_ns)
		sum->sum.max_ns = edge->sum.max_ns;
	return 0;
}

static struct owner_sum *owner_of(struct waits *waits, const struct owner_sum *wanted)
{
	struct owner_sum *sum;

	for (size_t i = 0; i < waits->n_owners; i++) {
		sum = &waits->owners[i];
		if (!strcmp(sum->futex, wanted->futex) && !strcmp(sum->owner, wanted->owner))
			return sum;
	}
	sum = array_append(&waits->owners, &waits->n_owners, sizeof(*sum));
	if (sum)
		*sum = *wanted;
	return sum;
}

static int add_owner(struct waits *waits, const struct race_outcome *outcome, unsigned int workers,
		     const struct found_owner *owner)
{
	struct owner_sum wanted = { 0 };
	struct owner_sum *sum;

	name_futex(wanted.futex, outcome, owner->futex);
	if (owner->owner && !name_task(wanted.owner, outcome, workers, owner->owner))
		snprintf(wanted.owner, sizeof(wanted.owner), "others");
	sum = owner_of(waits, &wanted);
	if (!sum)
		return -ENOMEM;
	sum->count += owner->count;
	return 0;
}

int waits_add(struct waits *waits, const struct race_outcome *outcome, unsigned int workers,
	      const struct findings *findings)
{
	int err = 0;

	for (size_t i = 0; i < findings->n_locks && !err; i++)
		if (findings->locks[i].what == TB_WHAT_FUTEX && findings->locks[i].count)
			err = add_futex(waits, outcome, &findings->locks[i]);
	for (size_t i = 0; i < findings->n_edges && !err; i++)
		err = add_edge(waits, outcome, workers, &findings->edges[i]);
	for (size_t i = 0; i < findings->n_owners && !err; i++)
		err = add_owner(waits, outcome, workers, &findings->owners[i]);
	return err ? err : waits_add_kernel_locks(waits, findings);
}

void waits_free(struct waits *waits)
{
	free(waits->futexes);
	free(waits->kernel_locks);
	free(waits->edges);
	free(waits->owners);
	*waits = (struct waits){ 0 };
}
