/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each warning of a made-up session: there when it is true, with its figures, and not otherwise. */
#include "session/warnings.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check_main.h"
#include "lib/fixture.h"

#define REPEATS 10

static struct session *session;
static struct result *mutex;

/* Every repeat on two CPUs, side by side, with nothing taken. */
static void add_conditions(struct result *result)
{
	result->n_conditions = REPEATS;
	result->conditions = calloc(REPEATS, sizeof(*result->conditions));
	for (size_t i = 0; i < REPEATS; i++) {
		struct condition *condition = &result->conditions[i];

		condition->n_placement = result->n_placement;
		condition->placement = calloc(result->n_placement, sizeof(int64_t));
		memcpy(condition->placement, result->placement,
		       result->n_placement * sizeof(int64_t));
		condition->overlap_ratio = 0.99;
	}
}

static void set_up(void)
{
	session = fixture_session();
	mutex = &session->results[FIXTURE_MUTEX];
	for (int i = 0; i < FIXTURE_RESULTS; i++)
		if (session->results[i].status == RESULT_OK)
			add_conditions(&session->results[i]);
}

static void tear_down(void)
{
	session_free(session);
}

static void unpin(void)
{
	free(session->plan.pin);
	session->plan.pin = strdup("none");
}

static void set_text(char **text, const char *value)
{
	free(*text);
	*text = strdup(value);
}

/* The only warning of a kind about a result (NO_INT: the session); NULL: there is none. */
static const struct warning *find(const char *kind, int64_t result)
{
	const struct warning *found = NULL;

	for (size_t i = 0; i < session->n_warnings; i++) {
		const struct warning *warning = &session->warnings[i];

		if (strcmp(warning->kind, kind) != 0 || warning->result != result)
			continue;
		ck_assert_ptr_null(found);
		found = warning;
	}
	return found;
}

/* All numbers of a text are figures, in their order. */
static void numbers_are_figures(const struct warning *warning)
{
	const char *at = warning->text;
	size_t figure = 0;

	for (; *at; at++) {
		char *end;
		double value;

		/* A name in quotes may have any. */
		if (*at == '\'' && at[-1] == ' ')
			at = strchr(at + 1, '\'');
		if (!isdigit((unsigned char)*at))
			continue;
		value = strtod(at, &end);
		ck_assert_uint_lt(figure, warning->n_figures);
		ck_assert_double_eq_tol(value, warning->figures[figure].value,
					fabs(value) * 1e-9 + 1e-12);
		figure++;
		at = end - 1;
	}
	ck_assert_uint_eq(figure, warning->n_figures);
}

/* Looks at the session; this is its only kind of warning, and it is about this alone. */
static const struct warning *warned(const char *kind, int64_t result)
{
	const struct warning *warning;

	ck_assert_int_eq(warnings_write(session), 0);
	warning = find(kind, result);
	ck_assert_msg(warning != NULL, "no warning of kind %s", kind);
	ck_assert_msg(session->n_warnings == 1, "%zu warnings, one is: %s", session->n_warnings,
		      session->warnings[session->n_warnings - 1].text);
	numbers_are_figures(warning);
	return warning;
}

static void not_warned(void)
{
	ck_assert_int_eq(warnings_write(session), 0);
	ck_assert_msg(session->n_warnings == 0, "%s: %s", session->warnings[0].kind,
		      session->warnings[0].text);
}

static double figure(const struct warning *warning, const char *name)
{
	for (size_t i = 0; i < warning->n_figures; i++)
		if (!strcmp(warning->figures[i].name, name))
			return warning->figures[i].value;
	ck_abort_msg("no figure %s in: %s", name, warning->text);
	return NAN;
}

static void says(const struct warning *warning, const char *words)
{
	ck_assert_msg(strstr(warning->text, words) != NULL, "no '%s' in: %s", words, warning->text);
}

static void set_samples(struct result *result, const double samples[REPEATS])
{
	memcpy(result->time.ns_per_op.samples, samples, REPEATS * sizeof(double));
}

START_TEST(a_clean_session_has_none)
{
	not_warned();
}
END_TEST

START_TEST(they_are_written_anew)
{
	session->host.timer_cost_ns = 900;
	warned("clock", NO_INT);
	warned("clock", NO_INT);
	session->host.timer_cost_ns = 25;
	not_warned();
}
END_TEST

START_TEST(what_was_not_raced_to_its_end_is_not_looked_at)
{
	mutex->status = RESULT_FAILED;
	mutex->time.overlap_ratio = 0.1;
	not_warned();
}
END_TEST

static const double two_groups[REPEATS] = { 31, 58, 31.2, 57, 30.9, 31.1, 57.5, 58.5, 31, 30.8 };

START_TEST(groups_say_what_they_are)
{
	const struct warning *warning;

	set_samples(mutex, two_groups);
	warning = warned("groups", FIXTURE_MUTEX);
	ck_assert_double_eq(figure(warning, "faster"), 31);
	ck_assert_double_eq(figure(warning, "faster_repeats"), 6);
	ck_assert_double_eq_tol(figure(warning, "slower"), 57.8, 1e-9);
	ck_assert_double_eq(figure(warning, "slower_repeats"), 4);
	says(warning, "--duration");
}
END_TEST

/* Unpinned, and the faster ones were on one CPU: that is why. (A lock without a rival is quick.) */
START_TEST(groups_name_the_placement_that_explains_them)
{
	const struct warning *warning;

	set_samples(mutex, two_groups);
	unpin();
	for (size_t i = 0; i < REPEATS; i++)
		if (two_groups[i] < 40)
			mutex->conditions[i].placement[1] = 0;
	ck_assert_int_eq(warnings_write(session), 0);
	warning = find("groups", FIXTURE_MUTEX);
	ck_assert_ptr_nonnull(warning);
	numbers_are_figures(warning);
	says(warning, "of the faster repeats");
	says(warning, "--pin=spread");
	ck_assert_double_eq(figure(warning, "crowded_percent"), 100);
	ck_assert_double_eq(figure(warning, "others_crowded_percent"), 0);
	ck_assert_ptr_nonnull(find("placement", FIXTURE_MUTEX));
}
END_TEST

START_TEST(groups_name_the_overlap_that_explains_them)
{
	const struct warning *warning;

	set_samples(mutex, two_groups);
	for (size_t i = 0; i < REPEATS; i++)
		if (two_groups[i] < 40)
			mutex->conditions[i].overlap_ratio = 0.5;
	warning = warned("groups", FIXTURE_MUTEX);
	ck_assert_double_eq(figure(warning, "faster_overlap_percent"), 50);
	ck_assert_double_eq(figure(warning, "slower_overlap_percent"), 99);
}
END_TEST

/* As far apart as before, but by less than 5 %. */
START_TEST(groups_that_are_as_good_as_one_are_not_told)
{
	double close[REPEATS];

	for (size_t i = 0; i < REPEATS; i++)
		close[i] = 1000 + two_groups[i];
	set_samples(mutex, close);
	not_warned();
}
END_TEST

START_TEST(a_drift_is_told_with_its_way_and_size)
{
	const double rising[REPEATS] = { 30, 30.5, 31, 31.5, 32, 32.5, 33, 33.5, 34, 34.5 };
	double falling[REPEATS];
	const struct warning *warning;

	for (size_t i = 0; i < REPEATS; i++)
		falling[i] = rising[REPEATS - 1 - i];
	mutex->time.ns_per_op.median = 32.25;
	set_samples(mutex, rising);
	warning = warned("drift", FIXTURE_MUTEX);
	says(warning, "slower");
	says(warning, "--warmup");
	/* 9 * 0.5 / 32.25 */
	ck_assert_double_eq_tol(figure(warning, "drift_percent"), 14.0, 1e-9);
	set_samples(mutex, falling);
	says(warned("drift", FIXTURE_MUTEX), "faster");
}
END_TEST

START_TEST(what_hardly_rises_is_no_drift)
{
	/* By 2 % in all; and by more, but not in every case. */
	const double slight[REPEATS] = { 100,	100.2, 100.4, 100.6, 100.8,
					 101.1, 101.3, 101.5, 101.7, 102 };
	const double unsteady[REPEATS] = { 30, 33, 31, 35, 32, 37, 33, 36, 34, 39 };

	mutex->time.ns_per_op.median = 100.9;
	set_samples(mutex, slight);
	not_warned();
	mutex->time.ns_per_op.median = 33.5;
	set_samples(mutex, unsteady);
	not_warned();
}
END_TEST

static void keep_samples(size_t n)
{
	for (int i = 0; i < FIXTURE_RESULTS; i++)
		if (session->results[i].status == RESULT_OK)
			session->results[i].time.ns_per_op.n_samples = n;
}

START_TEST(few_repeats_have_no_95_percent_interval)
{
	const struct warning *warning;

	keep_samples(5);
	warning = warned("few", NO_INT);
	ck_assert_double_eq(figure(warning, "repeats"), 5);
	/* 1 - 2 / 2^5, with one decimal */
	ck_assert_double_eq_tol(figure(warning, "coverage_percent"), 93.8, 0.051);
	says(warning, "--repeats");
	keep_samples(6);
	not_warned();
}
END_TEST

START_TEST(one_repeat_has_no_interval)
{
	keep_samples(1);
	says(warned("few", NO_INT), "a single repeat has no interval");
}
END_TEST

/* Makes mutex the rival of atomic, the fastest. */
static void near_atomic(double factor)
{
	static const double spread[REPEATS] = { -4, 3, -1, 1, 0, 0.5, 2, -3, 4, -2 };
	const struct result *atomic = &session->results[FIXTURE_ATOMIC];

	for (size_t i = 0; i < REPEATS; i++) {
		atomic->time.ns_per_op.samples[i] = 10.9 * (1 + spread[i] / 100);
		mutex->time.ns_per_op.samples[i] =
			10.9 * factor * (1 + spread[REPEATS - 1 - i] / 100);
	}
	mutex->time.ns_per_op.median = 10.9 * factor;
}

START_TEST(rivals_that_are_not_told_apart_are_told)
{
	const struct warning *warning;

	near_atomic(1.02);
	warning = warned("few", FIXTURE_ATOMIC);
	says(warning, "not told apart from mutex");
	ck_assert_double_eq_tol(figure(warning, "ratio"), 1.02, 0.011);
	ck_assert_double_le(figure(warning, "ratio_low"), 1);
	ck_assert_double_ge(figure(warning, "ratio_high"), 1);
	ck_assert_double_gt(figure(warning, "settling_repeats"), 10);
	says(warning, "--repeats");
	near_atomic(1.2);
	not_warned();
}
END_TEST

/* Their intervals are so narrow that it does not matter which is faster. */
START_TEST(rivals_that_are_equal_are_not_undecided)
{
	near_atomic(1);
	for (size_t i = 0; i < REPEATS; i++) {
		mutex->time.ns_per_op.samples[i] = 10.9 + 0.001 * (double)(i % 3);
		session->results[FIXTURE_ATOMIC].time.ns_per_op.samples[i] =
			10.9 + 0.001 * (double)(i % 2);
	}
	not_warned();
}
END_TEST

START_TEST(what_is_paced_or_does_other_work_is_no_rival)
{
	near_atomic(1.02);
	mutex->think_ns = 100;
	not_warned();
	mutex->think_ns = session->results[FIXTURE_ATOMIC].think_ns;
	warned("few", FIXTURE_ATOMIC);
	mutex->pace = 1000;
	not_warned();
}
END_TEST

START_TEST(a_rival_that_miscounts_is_none)
{
	near_atomic(1.02);
	mutex->counter.lost = 3;
	not_warned();
}
END_TEST

START_TEST(unpinned_tasks_that_shared_a_cpu_are_told)
{
	const struct warning *warning;

	mutex->conditions[3].placement[1] = mutex->conditions[3].placement[0];
	not_warned(); /* pinned: it was asked for */
	unpin();
	warning = warned("placement", FIXTURE_MUTEX);
	ck_assert_double_eq(figure(warning, "crowded_repeats"), 1);
	ck_assert_double_eq(figure(warning, "repeats"), REPEATS);
	says(warning, "--pin=spread");
	session->host.cpus_online = 1; /* nothing could keep them apart */
	mutex->conditions[3].placement[1] = 1;
	not_warned();
}
END_TEST

START_TEST(unpinned_tasks_that_started_elsewhere_are_told)
{
	const struct warning *warning;

	unpin();
	/* The other way round is the same two. */
	mutex->conditions[3].placement[0] = 1;
	mutex->conditions[3].placement[1] = 0;
	not_warned();
	mutex->conditions[3].placement[1] = 7;
	warning = warned("placement", FIXTURE_MUTEX);
	ck_assert_double_eq(figure(warning, "sets_of_cpus"), 2);
}
END_TEST

START_TEST(workers_that_hardly_overlap_are_told)
{
	const struct warning *warning;

	mutex->time.overlap_ratio = 0.91;
	not_warned();
	mutex->time.overlap_ratio = 0.42;
	warning = warned("overlap", FIXTURE_MUTEX);
	ck_assert_double_eq(figure(warning, "overlap_percent"), 42);
	says(warning, "--duration");
	mutex->batch = BATCH_ALL; /* they take the lock once each, one after the other */
	not_warned();
}
END_TEST

START_TEST(a_neighbour_is_told)
{
	struct sleeps *sleeps = session->results[FIXTURE_ATOMIC].kernel->sleeps;
	const struct warning *warning;

	sleeps->budget.run_queue = sleeps->budget.wall * 4 / 100;
	not_warned();
	sleeps->budget.run_queue = sleeps->budget.wall * 8 / 100;
	warning = warned("neighbour", FIXTURE_ATOMIC);
	ck_assert_double_eq(figure(warning, "run_queue_percent"), 8);
	ck_assert_double_eq(figure(warning, "involuntary"), 59);
	session->results[FIXTURE_ATOMIC].placement[1] = 0; /* they push each other aside */
	not_warned();
}
END_TEST

START_TEST(a_neighbour_that_is_known_is_named)
{
	struct sleeps *sleeps = session->results[FIXTURE_ATOMIC].kernel->sleeps;
	const struct warning *warning;

	sleeps->budget.run_queue = sleeps->budget.wall * 8 / 100;
	free(sleeps->preempted_by[0].comm);
	sleeps->preempted_by[0] = (struct preemptor){ strdup("compiler"), 4711, 31 };
	sleeps->n_preempted_by = 1;
	warning = warned("neighbour", FIXTURE_ATOMIC);
	ck_assert_ptr_nonnull(strstr(warning->text, "times by 'compiler' (31): stop it"));
	ck_assert_double_eq(figure(warning, "most_by_one"), 31);
}
END_TEST

START_TEST(a_pace_that_was_not_kept_is_told)
{
	struct result *atomic = &session->results[FIXTURE_ATOMIC];

	mutex->time.ops_per_s.median = atomic->time.ops_per_s.median = 9900;
	mutex->pace = 10000;
	not_warned();
	mutex->pace = 12000;
	ck_assert_double_eq_tol(figure(warned("pace", FIXTURE_MUTEX), "pace_kept_percent"), 82.5,
				0.05);
	/* A pace is of sections, not of the increments in them; atomic has none. */
	mutex->batch = atomic->batch = 2;
	mutex->pace = 4900;
	atomic->pace = 9900;
	not_warned();
	mutex->pace = 9900;
	ck_assert_double_eq(figure(warned("pace", FIXTURE_MUTEX), "pace_kept_percent"), 50);
}
END_TEST

START_TEST(messages_that_could_not_be_timed_are_told)
{
	struct result *pipe = &session->results[FIXTURE_PIPE];
	const struct warning *warning;

	ck_assert_int_eq(pipe->latency->count, 1000);
	pipe->latency->missed = 10; /* of 1,010: less than a percent */
	not_warned();
	pipe->latency->count = 3000;
	pipe->latency->missed = 1000;
	warning = warned("missed", FIXTURE_PIPE);
	ck_assert_double_eq(figure(warning, "missed_percent"), 25);
	says(warning, "--pace");
	pipe->latency->missed = NO_INT;
	not_warned();
	/* None of them was timed: there is no percentile, and this is why. */
	pipe->latency->count = 0;
	pipe->latency->missed = 7;
	warned("missed", FIXTURE_PIPE);
}
END_TEST

/* Waits after wake-ups, which a task alone on its CPU has as well. */
START_TEST(slow_wake_ups_are_no_neighbour)
{
	struct sleeps *sleeps = mutex->kernel->sleeps;

	sleeps->budget.run_queue = sleeps->budget.wall * 20 / 100;
	not_warned();
}
END_TEST

/* Of mutex alone: ten repeats of 100 ms on two CPUs. All six results that were raced had that, the
 * sequential one on one CPU: 11 s, pipe's three tasks being on two. */
START_TEST(stolen_time_is_told)
{
	const struct warning *warning;

	for (size_t i = 0; i < REPEATS; i++)
		mutex->conditions[i].steal_ns = 10000000;
	not_warned(); /* 100 ms of 11 s */
	for (size_t i = 0; i < REPEATS; i++)
		mutex->conditions[i].steal_ns = 33000000;
	warning = warned("steal", NO_INT);
	ck_assert_double_eq_tol(figure(warning, "steal_percent"), 3, 0.051);
	ck_assert_double_eq(figure(warning, "steal"), 330);
}
END_TEST

/* One step of /proc/stat's may be hardly anything. */
START_TEST(a_single_step_of_the_account_is_no_theft)
{
	for (int i = 0; i < FIXTURE_RESULTS; i++)
		for (size_t j = 0; j < session->results[i].time.wall_ns.n_samples; j++)
			session->results[i].time.wall_ns.samples[j] = 1000000;
	mutex->conditions[0].steal_ns = 10000000;
	not_warned();
	mutex->conditions[1].steal_ns = 10000000;
	warned("steal", NO_INT);
}
END_TEST

START_TEST(a_quota_that_throttled_is_told)
{
	const struct warning *warning;

	session->host.cpu_quota = 0.5;
	mutex->conditions[2].throttled_ns = 5000000; /* of 6 s in all */
	not_warned();
	mutex->conditions[2].throttled_ns = 50000000;
	mutex->conditions[5].throttled_ns = 70000000;
	warning = warned("throttled", NO_INT);
	ck_assert_double_eq(figure(warning, "cpu_quota"), 0.5);
	ck_assert_double_eq(figure(warning, "throttled_repeats"), 2);
	ck_assert_double_eq(figure(warning, "repeats"), 60);
	ck_assert_double_eq(figure(warning, "throttled"), 120);
	says(warning, "cpu.max");
}
END_TEST

START_TEST(what_was_not_measured_is_not_told)
{
	for (size_t i = 0; i < REPEATS; i++) {
		mutex->conditions[i].steal_ns = NO_INT;
		mutex->conditions[i].throttled_ns = NO_INT;
	}
	session->host.timer_cost_ns = NAN;
	session->host.clock_step_ns = NAN;
	mutex->time.overlap_ratio = NAN;
	not_warned();
	/* What was measured of another still counts. */
	session->results[FIXTURE_ATOMIC].conditions[0].steal_ns = 330000000;
	warned("steal", NO_INT);
}
END_TEST

START_TEST(a_slow_or_coarse_clock_is_told)
{
	const struct warning *warning;

	session->host.timer_cost_ns = 190;
	session->host.clock_step_ns = 1000;
	not_warned();
	session->host.timer_cost_ns = 812;
	warning = warned("clock", NO_INT);
	ck_assert_double_eq(figure(warning, "timer_cost"), 812);
	session->host.clock_step_ns = 4000000;
	warning = warned("clock", NO_INT);
	ck_assert_double_eq(figure(warning, "clock_step"), 4);
	says(warning, "takes 812 ns to read and moves in steps of 4.00 ms");
}
END_TEST

/* A wide interval: repeats differ. */
static void widen(void)
{
	mutex->time.ns_per_op.ci95[1] = mutex->time.ns_per_op.median * 1.3;
}

static void narrow_all(void)
{
	for (int i = 0; i < FIXTURE_RESULTS; i++) {
		struct estimate *time = &session->results[i].time.ns_per_op;

		time->ci95[0] = time->median * 0.99;
		time->ci95[1] = time->median * 1.01;
	}
}

START_TEST(a_governor_that_follows_the_load_is_told)
{
	narrow_all();
	set_text(&session->host.governor, "performance");
	not_warned();
	set_text(&session->host.governor, "schedutil");
	not_warned();
	set_text(&session->host.governor, "powersave");
	says(warned("governor", NO_INT), "powersave");
	set_text(&session->host.governor, "schedutil");
	widen();
	says(warned("governor", NO_INT), "schedutil");
}
END_TEST

START_TEST(turbo_is_told_where_repeats_differ)
{
	narrow_all();
	session->host.boost = strdup("on");
	not_warned();
	widen();
	says(warned("turbo", NO_INT), "no_turbo");
	set_text(&session->host.boost, "off");
	not_warned();
}
END_TEST

START_TEST(an_empty_session_has_none)
{
	struct session *full = session;

	session = session_new();
	not_warned();
	session_free(session);
	session = full;
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("warnings");

	add_fixed(suite, a_clean_session_has_none);
	add_fixed(suite, they_are_written_anew);
	add_fixed(suite, what_was_not_raced_to_its_end_is_not_looked_at);
	add_fixed(suite, groups_say_what_they_are);
	add_fixed(suite, groups_name_the_placement_that_explains_them);
	add_fixed(suite, groups_name_the_overlap_that_explains_them);
	add_fixed(suite, groups_that_are_as_good_as_one_are_not_told);
	add_fixed(suite, a_drift_is_told_with_its_way_and_size);
	add_fixed(suite, what_hardly_rises_is_no_drift);
	add_fixed(suite, few_repeats_have_no_95_percent_interval);
	add_fixed(suite, one_repeat_has_no_interval);
	add_fixed(suite, rivals_that_are_not_told_apart_are_told);
	add_fixed(suite, rivals_that_are_equal_are_not_undecided);
	add_fixed(suite, what_is_paced_or_does_other_work_is_no_rival);
	add_fixed(suite, a_rival_that_miscounts_is_none);
	add_fixed(suite, unpinned_tasks_that_shared_a_cpu_are_told);
	add_fixed(suite, unpinned_tasks_that_started_elsewhere_are_told);
	add_fixed(suite, workers_that_hardly_overlap_are_told);
	add_fixed(suite, a_neighbour_is_told);
	add_fixed(suite, a_neighbour_that_is_known_is_named);
	add_fixed(suite, a_pace_that_was_not_kept_is_told);
	add_fixed(suite, messages_that_could_not_be_timed_are_told);
	add_fixed(suite, slow_wake_ups_are_no_neighbour);
	add_fixed(suite, stolen_time_is_told);
	add_fixed(suite, a_single_step_of_the_account_is_no_theft);
	add_fixed(suite, a_quota_that_throttled_is_told);
	add_fixed(suite, what_was_not_measured_is_not_told);
	add_fixed(suite, a_slow_or_coarse_clock_is_told);
	add_fixed(suite, a_governor_that_follows_the_load_is_told);
	add_fixed(suite, turbo_is_told_where_repeats_differ);
	add_fixed(suite, an_empty_session_has_none);
	return run_suite(suite);
}
