/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/fixture_waits.h"

#include <stdlib.h>
#include <string.h>

#include "session/fields.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Of 1,000 wake-ups. */
struct edge {
	const char *waker, *wakee;
	int64_t permille, latency_ns, max_ns;
};

static const struct edge between_workers[] = {
	{ "worker 0", "worker 1", 510, 2140, 30100 },
	{ "worker 1", "worker 0", 490, 2260, 31900 },
};

static const struct edge with_owner[] = {
	{ "worker 0", "owner", 440, 3120, 410000 },  { "worker 1", "owner", 430, 3080, 390000 },
	{ "owner", "worker 0", 60, 41000, 2110000 }, { "owner", "worker 1", 55, 43000, 1970000 },
	{ "interrupt", "owner", 9, 9800, 22000 },    { "arena", "owner", 4, 5600, 5600 },
	{ "others", "worker 1", 2, 7900, 7900 },
};

static void *need(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static char *text(const char *string)
{
	return need(strdup(string));
}

/* The first also has what is left over. */
static void add_edges(struct sleeps *sleeps, const struct edge *edges, size_t n)
{
	int64_t left = sleeps->wakers->wakeups;

	sleeps->wake_edges = need(calloc(n + 1, sizeof(*sleeps->wake_edges)));
	sleeps->n_wake_edges = n;
	for (size_t i = 0; i < n; i++) {
		struct wake_edge *edge = &sleeps->wake_edges[i];

		*edge = (struct wake_edge){ .waker = text(edges[i].waker),
					    .wakee = text(edges[i].wakee),
					    .count = sleeps->wakers->wakeups * edges[i].permille /
						     1000,
					    .latency_ns = edges[i].latency_ns,
					    .max_ns = edges[i].max_ns };
		left -= edge->count;
	}
	if (n)
		sleeps->wake_edges[0].count += left;
}

static void add_wakers(struct sleeps *sleeps)
{
	struct wakers *wakers = need(calloc(1, sizeof(*wakers)));

	fields_clear(&wakers_shape, wakers);
	wakers->repeats = 3;
	wakers->ops = sleeps->ops * 3 / sleeps->repeats;
	wakers->wakeups = sleeps->wakeups * 3 / sleeps->repeats;
	wakers->recovered = 0;
	wakers->lost = (struct losses){ 0 };
	wakers->reconciled.ok = true;
	wakers->slowdown.median = sleeps->slowdown.median + 0.02;
	wakers->slowdown.ci95[0] = wakers->slowdown.median - 0.04;
	wakers->slowdown.ci95[1] = wakers->slowdown.median + 0.05;
	sleeps->wakers = wakers;
}

static struct party_count *parties(int64_t first, int64_t second)
{
	struct party_count *made = need(calloc(2, sizeof(*made)));

	made[0] = (struct party_count){ text("worker 1"), first };
	made[1] = (struct party_count){ text("worker 0"), second };
	return made;
}

/* Of a mutex: it says who has it. */
static void add_owner(struct lock_wait *lock)
{
	const int64_t seen = lock->slept * 3 / 10;

	lock->top_waker = text("worker 1");
	lock->wakers = parties(seen * 6 / 10, seen * 4 / 10);
	lock->n_wakers = 2;
	lock->shows_owner = true;
	lock->owners = parties(seen * 65 / 100, seen * 32 / 100);
	lock->n_owners = 2;
	lock->no_owner = seen - lock->owners[0].count - lock->owners[1].count;
}

/* Each worker of turn-futex sleeps on a word of its own. */
static void split_lock(struct futex_waits *futex)
{
	const struct lock_wait whole = futex->locks[0];
	struct lock_wait *locks = need(realloc(futex->locks, 2 * sizeof(*locks)));

	futex->locks = locks;
	futex->n_locks = 2;
	locks[1] = whole;
	locks[1].name = text("object+0x80");
	locks[1].slept = whole.slept / 2;
	locks[1].wait_ns = whole.wait_ns / 2 - 1000;
	locks[0].slept -= locks[1].slept;
	locks[0].wait_ns -= locks[1].wait_ns;
	for (size_t i = 0; i < 2; i++) {
		locks[i].max_ns = 91000 + 1000 * (int64_t)i;
		locks[i].top_waker = text(i ? "worker 0" : "worker 1");
		locks[i].wakers = need(calloc(1, sizeof(*locks[i].wakers)));
		locks[i].n_wakers = 1;
		locks[i].wakers[0] =
			(struct party_count){ text(locks[i].top_waker), locks[i].slept * 3 / 10 };
	}
}

/* One with a name, besides the one that has none. */
static void add_spinlock(struct sleeps *sleeps)
{
	struct contention *locks = need(realloc(sleeps->contention, 2 * sizeof(*locks)));

	sleeps->contention = locks;
	locks[sleeps->n_contention++] = (struct contention){
		.lock = text("tasklist_lock"),
		.type = text("spinlock"),
		.locks = 1,
		.count = 14,
		.wait_ns = 11200,
		.max_ns = NO_INT,
		.not_acquired = 2,
	};
}

/* A task's: as of all together, but so many times as long. */
static struct distribution distribution(const struct distribution *of_all, int64_t times)
{
	struct distribution made = *of_all;

	if (!made.n_bins)
		return made;
	made.p50 *= times;
	made.p99 *= times;
	made.max *= times;
	made.bins = need(calloc(made.n_bins, sizeof(*made.bins)));
	for (size_t i = 0; i < made.n_bins; i++)
		made.bins[i] = (struct bin){ of_all->bins[i].lo * times, of_all->bins[i].hi * times,
					     of_all->bins[i].n };
	return made;
}

void fixture_add_waits(struct sleeps *sleeps, enum fixture_result which)
{
	add_wakers(sleeps);
	if (which == FIXTURE_PIPE)
		add_edges(sleeps, with_owner, COUNT(with_owner));
	else
		add_edges(sleeps, between_workers, sleeps->wakeups ? COUNT(between_workers) : 0);
	if (which == FIXTURE_MUTEX)
		add_owner(&sleeps->futex.locks[0]);
	if (which == FIXTURE_TURN_FUTEX)
		split_lock(&sleeps->futex);
	if (which == FIXTURE_PIPE)
		add_spinlock(sleeps);
	for (size_t i = 0; i < sleeps->n_per_worker; i++) {
		struct task_view *task = &sleeps->per_worker[i];
		const int64_t times = strcmp(task->role, "owner") == 0 ? 8 : 1;

		task->run_queue_delay_ns = distribution(&sleeps->run_queue_ns, times);
		task->off_cpu_ns = distribution(&sleeps->off_cpu_ns, times);
	}
}
