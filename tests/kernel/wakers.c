/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who wakes whom: every wake-up has its waker, a timer's is blamed on nobody who happened to be
 * interrupted by it, and a mutex shows who had it when somebody went to sleep for it.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/futex.h"
#include "lib/traced_main.h"
#include "strategy/registry.h"

#define TIMES 200
#define SHORT_NS (500 * NS_PER_US)
#define LONG_NS (5 * NS_PER_MS)

static int sleep_for(uint64_t ns)
{
	const struct timespec length = clock_timespec(ns);

	return clock_nanosleep(CLOCK_MONOTONIC, 0, &length, NULL) ? -EIO : 0;
}

/* ---- A sleeper beside somebody who does nothing but wake futexes, or nothing at all ---- */

static size_t word_size(const struct race *race)
{
	(void)race;
	return sizeof(uint32_t[2]);
}

/* The second word says when the sleeper is done. */
static int sleep_beside(struct worker *worker, bool waking)
{
	uint32_t *words = worker->race->object;
	int err = 0;

	if (worker->index == 0) {
		for (; worker->done < TIMES && !err; worker->done++)
			err = sleep_for(SHORT_NS);
		__atomic_store_n(&words[1], 1, __ATOMIC_RELEASE);
		return err;
	}
	while (!__atomic_load_n(&words[1], __ATOMIC_ACQUIRE)) {
		if (waking && futex_wake(&words[0], 1, true) < 0)
			return -EIO;
		worker->done++;
	}
	return 0;
}

static int sleep_beside_a_waker(struct worker *worker)
{
	return sleep_beside(worker, true);
}

static int sleep_beside_a_spinner(struct worker *worker)
{
	return sleep_beside(worker, false);
}

static const struct strategy beside_waker = { .name = "beside a waker",
					      .modes = IN_BOTH,
					      .object_size = word_size,
					      .work = sleep_beside_a_waker };
static const struct strategy beside_spinner = { .name = "beside a spinner",
						.modes = IN_BOTH,
						.object_size = word_size,
						.work = sleep_beside_a_spinner };

/* ---- A mutex that one keeps while the other one comes for it ---- */

struct kept {
	pthread_mutex_t mutex;
	uint32_t round; /* even: nobody has it; odd: the keeper has */
	char pad[2 * sizeof(pthread_mutex_t)];
};

static size_t kept_size(const struct race *race)
{
	(void)race;
	return sizeof(struct kept);
}

static int make_kept(struct race *race)
{
	struct kept *kept = race->object;
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	return -pthread_mutex_init(&kept->mutex, &attributes);
}

#define KEPT 20

static void await_round(struct kept *kept, uint32_t round)
{
	while (__atomic_load_n(&kept->round, __ATOMIC_ACQUIRE) != round)
		sleep_for(SHORT_NS);
}

/* Somebody waits for the mutex: its word, the first of it, says so before it goes to sleep. */
static void await_waiter(struct kept *kept)
{
	while (__atomic_load_n((uint32_t *)&kept->mutex, __ATOMIC_ACQUIRE) != 2)
		sleep_for(SHORT_NS);
}

/* The first has the mutex until the second one has long gone to sleep for it. */
static int keep(struct worker *worker)
{
	struct kept *kept = worker->race->object;
	int err = 0;

	for (uint32_t i = 0; i < KEPT && !err; i++, worker->done++) {
		if (worker->index == 0) {
			await_round(kept, 2 * i);
			pthread_mutex_lock(&kept->mutex);
			__atomic_store_n(&kept->round, 2 * i + 1, __ATOMIC_RELEASE);
			await_waiter(kept);
			err = sleep_for(LONG_NS);
			pthread_mutex_unlock(&kept->mutex);
		} else {
			await_round(kept, 2 * i + 1);
			pthread_mutex_lock(&kept->mutex);
			pthread_mutex_unlock(&kept->mutex);
			__atomic_store_n(&kept->round, 2 * i + 2, __ATOMIC_RELEASE);
		}
	}
	return err;
}

static const struct strategy keeper = { .name = "keeper",
					.modes = IN_BOTH,
					.object_size = kept_size,
					.mutexes = { offsetof(struct kept, mutex),
						     sizeof(struct kept) },
					.setup = make_kept,
					.work = keep };

/* ---- */

struct seen {
	struct race_outcome outcome;
	struct findings findings;
	struct counts total;
};

static void see(struct probe *probe, enum mode mode, const struct strategy *strategy, bool one_cpu,
		struct seen *seen)
{
	struct race_spec spec = traced_spec(strategy, mode, one_cpu);

	if (strategy->name == keeper.name || strategy->setup == NULL) {
		spec.duration_ns = 0;
		spec.iterations = TIMES;
	}
	traced_run_at(probe, LEVEL_WAKERS, &spec, &seen->outcome);
	if (probe_findings(probe, &seen->findings))
		tap_note("the findings cannot be had");
	seen->total = traced_total(&seen->outcome);
	tap_ok(traced_switches_agree(&seen->outcome) && traced_nothing_lost(&seen->outcome),
	       "%s, %s: switches equal getrusage's, nothing is lost", strategy->name,
	       mode_name(mode));
}

static void unsee(struct seen *seen)
{
	findings_free(&seen->findings);
	race_outcome_free(&seen->outcome);
}

static uint64_t unseen_by_kernel(const struct seen *seen, pid_t wakee)
{
	uint64_t count = 0;

	for (size_t i = 0; i < seen->findings.n_edges; i++)
		if (seen->findings.edges[i].wakee == wakee &&
		    seen->findings.edges[i].who == TB_WAKER_UNSEEN)
			count += seen->findings.edges[i].sum.count;
	return count <= seen->total.recovered ? count : 0;
}

/*
 * Wake-ups of a task by another, or, with 0, by an interrupt. -1: by anybody. Those that the kernel
 * hid have no waker, and are no more than what was recovered.
 */
static uint64_t woken(const struct seen *seen, pid_t wakee, pid_t waker, uint64_t futex)
{
	uint64_t count = unseen_by_kernel(seen, wakee);

	for (size_t i = 0; i < seen->findings.n_edges; i++) {
		const struct found_edge *edge = &seen->findings.edges[i];

		if (edge->wakee != wakee || edge->who == TB_WAKER_UNSEEN ||
		    (futex && edge->futex != futex))
			continue;
		if (waker == -1 || (waker ? edge->waker == waker : edge->who == TB_WAKER_INTERRUPT))
			count += edge->sum.count;
	}
	return count;
}

static void check_sleeper(struct probe *probe, enum mode mode, const struct strategy *strategy,
			  bool one_cpu)
{
	const char *where = one_cpu ? "one CPU" : "two CPUs";
	struct counts sleeper;
	struct seen seen;
	pid_t tid;

	see(probe, mode, strategy, one_cpu, &seen);
	counts_of_window(&sleeper, &seen.outcome.tasks[0]);
	tid = seen.outcome.tasks[0].tid;
	/* A timer may run out before its task has gone to sleep. */
	tap_ok(sleeper.wakeups > TIMES / 2 && sleeper.wakeups <= TIMES,
	       "%s, %s, %s: the sleeper slept", strategy->name, mode_name(mode), where);
	tap_equal(woken(&seen, tid, 0, 0), sleeper.wakeups,
		  "%s, %s, %s: all wake-ups are interrupts'", strategy->name, mode_name(mode),
		  where);
	tap_equal(woken(&seen, tid, -1, 0), sleeper.wakeups, "%s, %s, %s: and nobody else's",
		  strategy->name, mode_name(mode), where);
	unsee(&seen);
}

static void check_turns(struct probe *probe, enum mode mode, bool one_cpu)
{
	struct seen seen;
	pid_t tids[2];

	see(probe, mode, strategy_find("turn-futex"), one_cpu, &seen);
	for (int i = 0; i < 2; i++)
		tids[i] = seen.outcome.tasks[i].tid;
	for (int i = 0; i < 2; i++) {
		struct counts window;
		uint64_t word = seen.outcome.object + 128U * (unsigned int)i;

		counts_of_window(&window, &seen.outcome.tasks[i]);
		tap_equal(woken(&seen, tids[i], -1, 0), window.wakeups,
			  "turns, %s: every wake-up of worker %d has its waker", mode_name(mode),
			  i);
		tap_equal(woken(&seen, tids[i], tids[1 - i], word), window.wakeups,
			  "turns, %s: which is the other worker, by its word", mode_name(mode));
	}
	unsee(&seen);
}

static uint64_t had_by(const struct seen *seen, pid_t owner)
{
	uint64_t count = 0;

	for (size_t i = 0; i < seen->findings.n_owners; i++)
		if (seen->findings.owners[i].owner == owner &&
		    seen->findings.owners[i].futex == seen->outcome.object)
			count += seen->findings.owners[i].count;
	return count;
}

static void check_owner(struct probe *probe, enum mode mode)
{
	uint64_t wait_ns = 0, max_ns = 0;
	struct seen seen;

	see(probe, mode, &keeper, false, &seen);
	tap_equal(had_by(&seen, seen.outcome.tasks[0].tid), KEPT,
		  "keeper, %s: each sleep found the keeper to be the owner", mode_name(mode));
	tap_equal(seen.findings.n_owners, 1, "keeper, %s: and nobody else", mode_name(mode));
	for (size_t i = 0; i < seen.findings.n_locks; i++)
		if (seen.findings.locks[i].address == seen.outcome.object) {
			wait_ns += seen.findings.locks[i].wait_ns;
			max_ns = seen.findings.locks[i].max_ns;
		}
	tap_ok(max_ns >= wait_ns / KEPT && max_ns < wait_ns,
	       "keeper, %s: the longest wait is above the mean and below the sum", mode_name(mode));
	unsee(&seen);
}

static void check(struct probe *probe, enum mode mode)
{
	for (int one_cpu = 0; one_cpu <= 1; one_cpu++) {
		check_sleeper(probe, mode, &beside_waker, one_cpu);
		check_sleeper(probe, mode, &beside_spinner, one_cpu);
		check_turns(probe, mode, one_cpu);
	}
	check_owner(probe, mode);
}

/* Of two tasks that wake each other only one finds room for its waker. */
static void check_no_room(struct probe *probe, enum mode mode)
{
	struct race_spec spec = traced_spec(strategy_find("turn-futex"), mode, false);
	struct findings findings;
	struct race_outcome outcome;
	struct counts total;
	uint64_t kept = 0;

	traced_run_at(probe, LEVEL_WAKERS, &spec, &outcome);
	total = traced_total(&outcome);
	tap_equal(probe_findings(probe, &findings), 0, "no room, %s: findings", mode_name(mode));
	for (size_t i = 0; i < findings.n_edges; i++)
		kept += findings.edges[i].sum.count;
	tap_ok(total.lost[TB_LOST_EDGES] > 0, "no room, %s: wake-ups are lost, and counted as such",
	       mode_name(mode));
	tap_equal(kept + total.lost[TB_LOST_EDGES], total.wakeups,
		  "no room, %s: those and the ones that are kept are all there were",
		  mode_name(mode));
	findings_free(&findings);
	race_outcome_free(&outcome);
}

int main(void)
{
	traced_check((struct probe_options){ .max_edges = 1 }, check_no_room);
	return traced_main(check);
}
