/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/waits.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* One race, and who of its tasks is a worker. */
struct context {
	const struct race_outcome *outcome;
	unsigned int workers;
	const struct found *found;
};

/*
 * The arena was a fork of this process: what the program's file and its libraries have mapped is where
 * it is here. Other memory the arena may have mapped since, and here something else may be there.
 */
static bool is_in_file(const struct context *race, uint64_t address, char name[SYMBOL_NAME])
{
	struct symbols *symbols = race->found->symbols;

	return symbols && symbols_user(symbols, address, name) && name[0] != '[';
}

/* The same name in every run, whatever addresses the memory was given. */
static void name_futex(char name[WAIT_NAME], const struct context *race, uint64_t address)
{
	uint64_t offset = address - race->outcome->object;
	char symbol[SYMBOL_NAME];

	if (offset < race->outcome->object_bytes)
		snprintf(name, WAIT_NAME, "object+0x%" PRIx64, offset);
	else if (is_in_file(race, address, symbol))
		snprintf(name, WAIT_NAME, "%s", symbol);
	else
		snprintf(name, WAIT_NAME, "0x%" PRIx64, address);
}

void waits_name_futex(const struct race_outcome *outcome, unsigned int workers,
		      const struct found *found, uint64_t address, char name[WAIT_NAME])
{
	const struct context race = { outcome, workers, found };

	name_futex(name, &race, address);
}

/* Of a task by its thread id; false: it is none of the race's. */
static bool name_task(char name[PARTY_NAME], const struct context *race, pid_t tid)
{
	for (unsigned int i = 0; i < race->outcome->n_tasks; i++) {
		if (race->outcome->tasks[i].tid != tid)
			continue;
		if (i < race->workers)
			snprintf(name, PARTY_NAME, "worker %u", i);
		else
			snprintf(name, PARTY_NAME, "owner");
		return true;
	}
	return false;
}

static void name_waker(char name[PARTY_NAME], const struct context *race,
		       const struct found_edge *edge)
{
	if (edge->waker && name_task(name, race, edge->waker))
		return;
	snprintf(name, PARTY_NAME, "%s",
		 edge->who == TB_WAKER_INTERRUPT ? "interrupt" :
		 edge->who == TB_WAKER_ARENA	 ? "arena" :
		 edge->who == TB_WAKER_KERNEL	 ? "kernel thread" :
		 edge->who == TB_WAKER_UNSEEN	 ? "unseen" :
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

static int add_futex(struct waits *waits, const struct context *race, const struct tb_lock *lock)
{
	struct futex_sum *sum;
	char name[WAIT_NAME];

	name_futex(name, race, lock->address);
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

static int add_edge(struct waits *waits, const struct context *race, const struct found_edge *edge)
{
	struct edge_sum wanted = { 0 };
	struct edge_sum *sum;

	if (!name_task(wanted.wakee, race, edge->wakee))
		return 0;
	name_waker(wanted.waker, race, edge);
	if (edge->futex)
		name_futex(wanted.futex, race, edge->futex);
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

static int add_owner(struct waits *waits, const struct context *race,
		     const struct found_owner *owner)
{
	struct owner_sum wanted = { 0 };
	struct owner_sum *sum;

	name_futex(wanted.futex, race, owner->futex);
	if (owner->owner && !name_task(wanted.owner, race, owner->owner))
		snprintf(wanted.owner, sizeof(wanted.owner), "others");
	sum = owner_of(waits, &wanted);
	if (!sum)
		return -ENOMEM;
	sum->count += owner->count;
	return 0;
}

int waits_add(struct waits *waits, const struct race_outcome *outcome, unsigned int workers,
	      const struct found *found)
{
	const struct context race = { outcome, workers, found };
	const struct findings *findings = &found->findings;
	int err = 0;

	for (size_t i = 0; i < findings->n_locks && !err; i++)
		if (findings->locks[i].what == TB_WHAT_FUTEX && findings->locks[i].count)
			err = add_futex(waits, &race, &findings->locks[i]);
	for (size_t i = 0; i < findings->n_edges && !err; i++)
		err = add_edge(waits, &race, &findings->edges[i]);
	for (size_t i = 0; i < findings->n_owners && !err; i++)
		err = add_owner(waits, &race, &findings->owners[i]);
	return err ? err : waits_add_kernel_locks(waits, found);
}

void waits_free(struct waits *waits)
{
	free(waits->futexes);
	free(waits->kernel_locks);
	free(waits->edges);
	free(waits->owners);
	*waits = (struct waits){ 0 };
}
