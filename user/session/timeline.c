/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/timeline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "probe/drain.h"
#include "probe/timeline.h"
#include "session/traced_race.h"
#include "strategy/registry.h"

/* What the callback before the start needs, and makes. */
struct start {
	const struct timeline_pass *pass;
	const struct race_spec *spec;
	struct drain *drain;
};

/* The arena is at its gate: nothing has happened yet, and it was forked from a single thread. */
static int before_start(void *context, pid_t arena, int pidfd, uint64_t object,
			uint64_t object_bytes)
{
	struct start *start = context;
	const struct timeline_pass *pass = start->pass;
	int err = probe_target(pass->probe, arena, pidfd, object, object_bytes);

	if (err)
		return err;
	return drain_start(pass->probe, pass->writer, start->spec->cpus, pass->entry->n_cpus,
			   &start->drain);
}

/* Read one right after the other: within some 100 ns. */
static struct capture_clock read_clocks(void)
{
	struct capture_clock clock;

	clock.monotonic_ns = clock_read_ns(CLOCK_MONOTONIC);
	clock.boottime_ns = clock_read_ns(CLOCK_BOOTTIME);
	clock.realtime_ns = clock_read_ns(CLOCK_REALTIME);
	return clock;
}

void timeline_race(const struct timeline_pass *pass, struct race_spec *spec,
		   struct race_outcome *outcome)
{
	const struct entry *entry = pass->entry;
	const struct capture_race race = {
		.strategy = entry->strategy->name,
		.mode = mode_name(entry->mode),
		.workers = entry->workers,
		.batch = entry->load.batch,
		.repeat = pass->repeat,
		.result = pass->result,
		.clock = read_clocks(),
	};
	struct race_spec timed = *spec;
	struct start start = { .pass = pass, .spec = &timed };

	/* A capture that cannot be written to has said so: the race is run all the same. */
	capture_begin_race(pass->writer, &race);
	timed.before_start = before_start;
	timed.context = &start;
	race_run_traced(pass->probe, LEVEL_TIMELINE, &timed, outcome);
	drain_stop(start.drain);
}

static const struct task_report *report_of(const struct race_outcome *outcome, uint32_t tid,
					   unsigned int *index)
{
	for (*index = 0; *index < outcome->n_tasks; ++*index)
		if (outcome->tasks[*index].tid == (pid_t)tid)
			return &outcome->tasks[*index];
	return NULL;
}

/* Tasks that came to nothing are as nameless as those that the kernel made to work for them. */
static void describe(struct capture_task *task, const struct timeline_pass *pass,
		     const struct race_outcome *outcome, bool is_kernels, char name[PARTY_NAME])
{
	unsigned int index;

	if (is_kernels || !report_of(outcome, task->tid, &index)) {
		task->role = is_kernels ? "kernel" : "other";
		snprintf(name, PARTY_NAME, is_kernels ? "io_uring" : "task %u", task->tid);
	} else if (index < pass->entry->workers) {
		task->role = "worker";
		task->index = index;
		snprintf(name, PARTY_NAME, "worker %u", index);
	} else {
		task->role = "owner";
		task->index = index;
		snprintf(name, PARTY_NAME, "owner");
	}
	task->name = name;
}

static size_t list_tasks(const struct timeline_pass *pass, const struct race_outcome *outcome,
			 struct capture_task *tasks, char (*names)[PARTY_NAME])
{
	const struct timeline *timeline = probe_timeline(pass->probe);
	unsigned int n_slots;
	const struct tb_slot *slots = probe_slots(pass->probe, &n_slots);
	size_t n = 0;

	for (unsigned int i = 0; i < timeline->n_identities; i++) {
		if (!slots[i].tid || !timeline->identities[i].pid)
			continue;
		tasks[n].pid = timeline->identities[i].pid;
		tasks[n].process = timeline->identities[i].process;
		tasks[n].tid = slots[i].tid;
		describe(&tasks[n], pass, outcome, i >= n_slots, names[n]);
		n++;
	}
	return n;
}

static int longest_first(const void *a, const void *b)
{
	uint64_t left = ((const struct tb_lock *)a)->wait_ns;
	uint64_t right = ((const struct tb_lock *)b)->wait_ns;

	return (left < right) - (left > right);
}

/* One word may have a row for each task that slept on it. */
static bool is_listed(const struct capture_word *words, size_t n, uint64_t word)
{
	for (size_t i = 0; i < n; i++)
		if (words[i].word == word)
			return true;
	return false;
}

/* Beyond so many, the shortest waits have nameless words: each is compared with all. */
#define WORDS_NAMED 4096

static size_t list_words(const struct timeline_pass *pass, const struct race_outcome *outcome,
			 const struct found *found, struct capture_word *words,
			 char (*names)[WAIT_NAME])
{
	const struct findings *findings = &found->findings;
	size_t n = 0;

	if (findings->n_locks)
		qsort(findings->locks, findings->n_locks, sizeof(*findings->locks), longest_first);
	for (size_t i = 0; i < findings->n_locks && n < WORDS_NAMED; i++) {
		const struct tb_lock *lock = &findings->locks[i];

		if (lock->what != TB_WHAT_FUTEX || is_listed(words, n, lock->address))
			continue;
		waits_name_futex(outcome, pass->entry->workers, found, lock->address, names[n]);
		words[n] = (struct capture_word){ lock->address, names[n] };
		n++;
	}
	return n;
}

/* Of whole lives, for so long are events recorded. */
static void count_losses(const struct timeline_pass *pass, uint64_t lost[CAPTURE_LOSSES])
{
	uint64_t sum[TB_LOSSES] = { 0 };
	unsigned int n_slots;
	const struct tb_slot *slots = probe_slots(pass->probe, &n_slots);

	probe_add_losses(pass->probe, sum);
	for (unsigned int slot = 0; slot < n_slots; slot++)
		for (int i = 0; i < TB_LOSSES; i++)
			sum[i] += slots[slot].lost[i];
	lost[CAPTURE_LOST_RING] = timeline_lost(probe_timeline(pass->probe));
	lost[CAPTURE_LOST_SLOTS] = sum[TB_LOST_SLOTS] + sum[TB_LOST_STORAGE];
	lost[CAPTURE_LOST_ORDER] = sum[TB_LOST_ORDER];
	lost[CAPTURE_LOST_NESTED] = sum[TB_LOST_NESTED];
}

int timeline_end(const struct timeline_pass *pass, const struct race_outcome *outcome,
		 const struct found *found)
{
	unsigned int n_tasks = probe_timeline(pass->probe)->n_identities;
	struct capture_task *tasks = calloc(n_tasks, sizeof(*tasks));
	struct capture_word *words = calloc(WORDS_NAMED, sizeof(*words));
	char(*task_names)[PARTY_NAME] = calloc(n_tasks, sizeof(*task_names));
	char(*word_names)[WAIT_NAME] = calloc(WORDS_NAMED, sizeof(*word_names));
	struct capture_race_end end = { .tasks = tasks, .words = words };
	int err = tasks && words && task_names && word_names ? 0 : -ENOMEM;

	if (!err) {
		end.n_tasks = list_tasks(pass, outcome, tasks, task_names);
		end.n_words = list_words(pass, outcome, found, words, word_names);
		count_losses(pass, end.lost);
		capture_end_race(pass->writer, &end);
	}
	free(tasks);
	free(words);
	free(task_names);
	free(word_names);
	return err;
}
