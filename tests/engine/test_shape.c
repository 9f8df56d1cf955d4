/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Races with work, a pace and a clock around their increments: nothing about the sum changes, as
 * many passes are timed as should be, and a stall shows where it should.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/check_main.h"
#include "lib/races.h"
#include "race/engine.h"
#include "strategy/registry.h"
#include "strategy/shape.h"

#define ITERATIONS 2000

/* Work of about so many nanoseconds: what it takes is not looked at here. */
static const struct work_rates some_rates = { .any.step_ns = 1 };

static struct race_spec spec_of(const struct strategy *strategy, enum mode mode)
{
	struct race_spec spec = races_spec(strategy, mode, ITERATIONS);

	spec.rates = &some_rates;
	return spec;
}

static struct race_outcome run(const struct race_spec *spec)
{
	struct race_outcome outcome;

	race_run(spec, &outcome);
	ck_assert_msg(outcome.status == RACE_OK, "%s, %s: %s", spec->strategy->name,
		      mode_name(spec->mode), outcome.reason);
	if (spec->strategy->promises_exact)
		ck_assert_msg(outcome.final == spec->workers * spec->iterations, "%s, %s: %lu",
			      spec->strategy->name, mode_name(spec->mode),
			      (unsigned long)outcome.final);
	return outcome;
}

/* Runs what `spec_for` makes of each strategy in each mode, and has `look` look at what came of it. */
static void run_all(void (*prepare)(struct race_spec *spec),
		    void (*look)(const struct race_spec *spec, const struct race_outcome *outcome))
{
	for (size_t i = 0; i < n_strategies; i++) {
		for (enum mode mode = 0; mode < MODES; mode++) {
			struct race_spec spec = spec_of(strategies[i], mode);
			struct race_outcome outcome;

			if (!races_can_run(strategies[i], mode))
				continue;
			prepare(&spec);
			outcome = run(&spec);
			look(&spec, &outcome);
			race_outcome_free(&outcome);
		}
	}
}

/* ---- Work, and a clock that times each pass ---- */

static void time_each(struct race_spec *spec)
{
	spec->load.critical_ns = 50;
	spec->load.think_ns = 50;
	spec->sample_every = 1;
}

static uint64_t timed_passes(const struct race_spec *spec)
{
	uint64_t passes = spec->workers * spec->iterations;

	/* The first turn was handed on by nobody, and the last is handed on to nobody. */
	return spec->strategy->family == FAMILY_TURN ? passes - 1 : passes;
}

static void look_at_each(const struct race_spec *spec, const struct race_outcome *outcome)
{
	const char *name = spec->strategy->name;
	uint64_t count = outcome->latency->count, all = timed_passes(spec);

	ck_assert_msg(count == all, "%s, %s: %lu of %lu", name, mode_name(spec->mode),
		      (unsigned long)count, (unsigned long)all);
	ck_assert_uint_eq(outcome->missed, 0);
}

START_TEST(every_strategy_counts_right_with_work_and_a_clock)
{
	run_all(time_each, look_at_each);
}
END_TEST

/* ---- Some passes timed ---- */

static void time_some(struct race_spec *spec)
{
	spec->sample_every = 10;
}

/* Gaps from 1 to 19 are 10 on the average, and the sum of n of them is within n / 2 of 10 n. */
static void look_at_some(const struct race_spec *spec, const struct race_outcome *outcome)
{
	uint64_t tenth = timed_passes(spec) / 10;

	ck_assert_msg(outcome->latency->count > tenth * 8 / 10 &&
			      outcome->latency->count < tenth * 12 / 10,
		      "%s: %lu of about %lu", spec->strategy->name,
		      (unsigned long)outcome->latency->count, (unsigned long)tenth);
	for (unsigned int i = 0; i < outcome->n_tasks; i++)
		ck_assert_uint_le(outcome->tasks[i].longest_run, outcome->tasks[i].passes);
}

START_TEST(about_as_many_passes_are_timed_as_was_asked_for)
{
	run_all(time_some, look_at_some);
}
END_TEST

/* ---- A pace ---- */

static uint64_t before_ns;

static void keep_pace(struct race_spec *spec)
{
	before_ns = clock_now_ns();
	spec->iterations = 50;
	spec->load.pace = spec->workers * 2000;
	spec->sample_every = 1;
}

static void look_at_pace(const struct race_spec *spec, const struct race_outcome *outcome)
{
	uint64_t took_ns = outcome->tasks[0].end.clock_ns - before_ns;

	ck_assert_msg(outcome->latency->count == spec->workers * spec->iterations, "%s, %s: %lu",
		      spec->strategy->name, mode_name(spec->mode),
		      (unsigned long)outcome->latency->count);
	/* 49 intervals of 500 us from the first pass to the last. */
	ck_assert_msg(took_ns >= 49 * 500 * NS_PER_US, "%s: it ran ahead", spec->strategy->name);
}

START_TEST(every_strategy_keeps_its_pace)
{
	run_all(keep_pace, look_at_pace);
}
END_TEST

/* Hours apart, so that how long this takes makes no difference. */
START_TEST(at_a_pace_the_nth_message_that_comes_was_the_nth_that_was_due)
{
	static const uint64_t hour_ns = 3600 * NS_PER_S;
	struct race_shape *shapes = aligned_alloc(RACE_PADDING, 2 * sizeof(*shapes));
	struct race race = { .workers = 1, .shapes = memset(shapes, 0, 2 * sizeof(*shapes)) };
	struct worker sender = { .race = &race }, owner = { .race = &race, .index = 1 };
	const struct latency *latency = &shapes[1].latency;

	shapes[0].first_ns = clock_now_ns() - 10 * hour_ns;
	shapes[0].interval_ns = (double)hour_ns;
	shapes[1].every = 1;
	for (uint64_t count = 5; count < 8; count++)
		ck_assert_uint_eq(shape_received(&owner, shape_label(&sender, count, 0)), count);
	ck_assert_uint_eq(latency->count, 3);
	ck_assert_uint_eq(latency->max / hour_ns, 10);
	ck_assert_uint_eq((latency_quantile(latency, 0.5) + hour_ns / 4) / hour_ns, 9);
	ck_assert_uint_eq(latency->min / hour_ns, 8);
	free(shapes);
}
END_TEST

/* ---- First touches ---- */

/* Whether all its pages are in the table of this process (bit 63: proc_pid_pagemap(5)). */
static bool is_touched(const void *memory, size_t bytes)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t first = (uintptr_t)memory / page;
	uint64_t last = ((uintptr_t)memory + bytes - 1) / page;
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry = UINT64_C(1) << 63;

	for (uint64_t i = first; i <= last && entry >> 63; i++)
		if (pread(pagemap, &entry, sizeof(entry), (off_t)(i * sizeof(entry))) !=
		    sizeof(entry))
			entry = 0;
	close(pagemap);
	return entry >> 63;
}

static int look_at_own(struct worker *worker)
{
	const struct race_shape *shape = &worker->race->shapes[worker->index];

	return is_touched(shape, sizeof(*shape)) ? 0 : -EFAULT;
}

static int look_at_senders(struct worker *owner)
{
	const struct race_shape *shape = owner->race->shapes;
	int err = look_at_own(owner);

	for (; !err && shape < &owner->race->shapes[owner->index]; shape++)
		if (!is_touched(&shape->first_ns, sizeof(shape->first_ns)) ||
		    !is_touched(shape->sent_ns, sizeof(shape->sent_ns)) ||
		    !is_touched(&shape->received, sizeof(shape->received)))
			err = -EFAULT;
	return err;
}

static void look(const struct strategy *looking, enum mode mode, unsigned int workers)
{
	struct race_spec spec = spec_of(looking, mode);
	struct race_outcome outcome;

	spec.workers = workers;
	spec.sample_every = 1;
	spec.shows_tasks = true; /* else they may not look at themselves either */
	race_run(&spec, &outcome);
	ck_assert_msg(outcome.status == RACE_OK, "%s: %s", mode_name(mode), outcome.reason);
	race_outcome_free(&outcome);
}

START_TEST(no_pass_waits_for_a_page_to_be_written_down)
{
	static const struct strategy looking = { .name = "look",
						 .family = FAMILY_MESSAGE,
						 .modes = IN_BOTH,
						 .work = look_at_own,
						 .own = look_at_senders };

	/* With some of these numbers a shape begins on a page, or its last part does. */
	for (unsigned int workers = 1; workers < 10; workers++) {
		look(&looking, MODE_THREADS, workers);
		look(&looking, MODE_PROCESSES, workers);
	}
}
END_TEST

/* ---- Who is in the section ---- */

START_TEST(runs_add_up)
{
	struct race_spec spec = spec_of(strategy_find("mutex"), MODE_THREADS);
	struct race_outcome outcome;
	uint64_t n_runs = 0;

	spec.sample_every = 100;
	outcome = run(&spec);
	for (unsigned int i = 0; i < 2; i++) {
		ck_assert_uint_eq(outcome.tasks[i].passes, ITERATIONS);
		ck_assert_uint_ge(outcome.tasks[i].runs, 1);
		n_runs += outcome.tasks[i].runs;
	}
	ck_assert_uint_ge(n_runs, 2);
	ck_assert_uint_le(n_runs, 2 * ITERATIONS);
	race_outcome_free(&outcome);
	/* Turns alternate; they are no lock, and not counted. A lock that all share is none either. */
	spec = spec_of(strategy_find("sem-futex"), MODE_THREADS);
	spec.load.permits = 2;
	spec.sample_every = 100;
	race_run(&spec, &outcome);
	ck_assert_uint_eq(outcome.tasks[0].passes, 0);
	race_outcome_free(&outcome);
}
END_TEST

START_TEST(who_is_alone_has_one_run)
{
	struct race_spec spec = spec_of(strategy_find("mutex"), MODE_THREADS);
	struct race_outcome outcome;

	spec.workers = 1;
	spec.sample_every = 100;
	outcome = run(&spec);
	ck_assert_uint_eq(outcome.tasks[0].runs, 1);
	ck_assert_uint_eq(outcome.tasks[0].longest_run, ITERATIONS);
	race_outcome_free(&outcome);
}
END_TEST

/* ---- A stall ---- */

#define STALL_NS (20 * NS_PER_MS)
#define STALLED_RACE_NS (200 * NS_PER_MS)

struct stall {
	atomic_int arena;
	pthread_t thread;
};

/* All of the race is stopped for a while, in the middle of it. */
static void *stop_it(void *argument)
{
	struct stall *stall = argument;
	const struct timespec half = clock_timespec(STALLED_RACE_NS / 2);
	const struct timespec stalled = clock_timespec(STALL_NS);
	pid_t arena = getpgid(atomic_load(&stall->arena));

	nanosleep(&half, NULL);
	ck_assert_int_eq(kill(-arena, SIGSTOP), 0);
	nanosleep(&stalled, NULL);
	ck_assert_int_eq(kill(-arena, SIGCONT), 0);
	return NULL;
}

static int start_stall(void *context, pid_t arena, int pidfd, uint64_t object,
		       uint64_t object_bytes)
{
	struct stall *stall = context;

	(void)pidfd;
	(void)object;
	(void)object_bytes;
	atomic_store(&stall->arena, arena);
	return -pthread_create(&stall->thread, NULL, stop_it, stall);
}

static struct latency *stalled(uint64_t pace)
{
	struct race_spec spec = spec_of(strategy_find("mutex"), MODE_PROCESSES);
	struct stall stall = { 0 };
	struct race_outcome outcome;

	spec.workers = 1;
	spec.iterations = RACE_NO_LIMIT;
	spec.duration_ns = STALLED_RACE_NS;
	spec.load.pace = pace;
	spec.sample_every = 1;
	spec.before_start = start_stall;
	spec.context = &stall;
	race_run(&spec, &outcome);
	ck_assert_msg(outcome.status == RACE_OK, "%s", outcome.reason);
	ck_assert_int_eq(pthread_join(stall.thread, NULL), 0);
	/* The caller's. */
	free(outcome.tasks);
	return outcome.latency;
}

/*
 * One after another, a stall is one pass of some hundred thousands, or falls between two. At a pace
 * it delays all that were meant to begin meanwhile: a tenth of 200 ms, so the 95th percentile is
 * about half of the stall.
 */
START_TEST(a_stall_shows_at_a_pace_and_not_one_after_another)
{
	struct latency *closed = stalled(0), *open = stalled(10000);

	ck_assert_uint_lt(latency_quantile(closed, 0.95), NS_PER_MS);
	ck_assert_uint_ge(open->max, STALL_NS / 2);
	ck_assert_uint_ge(latency_quantile(open, 0.95), STALL_NS / 4);
	free(closed);
	free(open);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("shape");

	add_test(suite, every_strategy_counts_right_with_work_and_a_clock);
	add_test(suite, about_as_many_passes_are_timed_as_was_asked_for);
	add_test(suite, every_strategy_keeps_its_pace);
	add_test(suite, at_a_pace_the_nth_message_that_comes_was_the_nth_that_was_due);
	add_test(suite, no_pass_waits_for_a_page_to_be_written_down);
	add_test(suite, runs_add_up);
	add_test(suite, who_is_alone_has_one_run);
	add_test(suite, a_stall_shows_at_a_pace_and_not_one_after_another);
	return run_suite(suite);
}
