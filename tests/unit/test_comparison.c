/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sessions: who is whose partner, what became of each pair, and why. */
#include "session/comparison.h"

#include <math.h>
#include <string.h>

#include "lib/check_main.h"
#include "lib/fixture.h"

static struct session *base, *now;
static struct comparison *comparison;

static void set_up(void)
{
	base = fixture_session();
	now = fixture_session();
}

static void tear_down(void)
{
	comparison_free(comparison);
	session_free(base);
	session_free(now);
}

static const struct comparison *compared(double same_within, double fail_above)
{
	const struct comparison_rules rules = { same_within, fail_above };

	comparison_free(comparison);
	ck_assert_int_eq(comparison_make(base, now, &rules, &comparison), 0);
	return comparison;
}

static const struct compared *row_of(enum fixture_result which)
{
	for (size_t i = 0; i < comparison->n_rows; i++)
		if (comparison->rows[i].base == &base->results[which])
			return &comparison->rows[i];
	ck_abort_msg("result %d has no partner", which);
}

static void slow(enum fixture_result which, double factor)
{
	struct estimate *time = &now->results[which].time.ns_per_op;

	for (size_t i = 0; i < time->n_samples; i++)
		time->samples[i] *= factor;
}

START_TEST(a_session_is_like_itself)
{
	compared(0.2, 0);
	ck_assert_uint_eq(comparison->n_rows, FIXTURE_RESULTS);
	ck_assert_uint_eq(comparison->n_only_base, 0);
	ck_assert_uint_eq(comparison->n_only_now, 0);
	ck_assert_uint_eq(comparison->n_differences, 0);
	ck_assert_uint_eq(comparison_count(comparison, COMPARED_SLOWER), 0);
	ck_assert_uint_eq(comparison_count(comparison, COMPARED_FASTER), 0);
	ck_assert_uint_eq(comparison_count(comparison, COMPARED_NOT_TIMED), 2);
	ck_assert_uint_eq(comparison->n_tested, FIXTURE_RESULTS - 2);
	ck_assert_int_eq(row_of(FIXTURE_FAILED)->verdict, COMPARED_NOT_TIMED);
	ck_assert_int_eq(row_of(FIXTURE_SEQUENTIAL)->verdict, COMPARED_SAME);
	ck_assert_double_eq(row_of(FIXTURE_SEQUENTIAL)->effect.ratio, 1);
	ck_assert_double_eq(row_of(FIXTURE_SEQUENTIAL)->p, 1);
	ck_assert(!comparison_regressed(comparison));
}
END_TEST

START_TEST(slower_and_faster_are_found)
{
	slow(FIXTURE_ATOMIC, 1.5);
	slow(FIXTURE_SEQUENTIAL, 1 / 1.5);
	compared(0.02, 0.05);
	ck_assert_int_eq(row_of(FIXTURE_ATOMIC)->verdict, COMPARED_SLOWER);
	ck_assert_double_eq_tol(row_of(FIXTURE_ATOMIC)->effect.ratio, 1.5, 1e-12);
	ck_assert_double_lt(row_of(FIXTURE_ATOMIC)->p, EFFECT_ALPHA);
	ck_assert(row_of(FIXTURE_ATOMIC)->regressed);
	ck_assert_int_eq(row_of(FIXTURE_SEQUENTIAL)->verdict, COMPARED_FASTER);
	ck_assert(!row_of(FIXTURE_SEQUENTIAL)->regressed);
	ck_assert(comparison_regressed(comparison));
}
END_TEST

/* The limit is for the end of the interval that holds for all rows at once, not for the median. */
START_TEST(a_regression_is_certain_or_none)
{
	slow(FIXTURE_ATOMIC, 1.5);
	compared(0.02, NAN);
	ck_assert(!comparison_regressed(comparison));
	compared(0.02, 0.49);
	ck_assert_int_eq(row_of(FIXTURE_ATOMIC)->verdict, COMPARED_SLOWER);
	ck_assert(!comparison_regressed(comparison));
	compared(0.02, row_of(FIXTURE_ATOMIC)->sure[0] - 1 - 1e-6);
	ck_assert(comparison_regressed(comparison));
	compared(0.02, row_of(FIXTURE_ATOMIC)->sure[0] - 1 + 1e-6);
	ck_assert(!comparison_regressed(comparison));
	ck_assert_double_lt(row_of(FIXTURE_ATOMIC)->sure[0], row_of(FIXTURE_ATOMIC)->ci95[0]);
}
END_TEST

/* No change is called one inside the band, however sure it is. */
START_TEST(the_band_is_the_least_change)
{
	slow(FIXTURE_SEQUENTIAL, 1.5);
	compared(0.4, NAN);
	ck_assert_int_eq(row_of(FIXTURE_SEQUENTIAL)->verdict, COMPARED_SLOWER);
	compared(0.5001, NAN);
	ck_assert_int_eq(row_of(FIXTURE_SEQUENTIAL)->verdict, COMPARED_UNDECIDED);
	compared(1, NAN);
	ck_assert_int_eq(row_of(FIXTURE_SEQUENTIAL)->verdict, COMPARED_SAME);
}
END_TEST

START_TEST(what_would_settle_it_is_said)
{
	slow(FIXTURE_MUTEX, 1.02);
	compared(0.02, NAN);
	ck_assert_int_eq(row_of(FIXTURE_MUTEX)->verdict, COMPARED_UNDECIDED);
	/* 6 % of spread on either side cannot be repeated away. */
	ck_assert_int_eq(row_of(FIXTURE_MUTEX)->settle, NO_INT);
	compared(0.7, NAN);
	ck_assert_int_eq(row_of(FIXTURE_MUTEX)->verdict, COMPARED_SAME);
	ck_assert_int_eq(row_of(FIXTURE_MUTEX)->settle, NO_INT);
}
END_TEST

START_TEST(too_few_repeats_are_not_judged)
{
	slow(FIXTURE_ATOMIC, 100);
	now->results[FIXTURE_ATOMIC].time.ns_per_op.n_samples = 5;
	compared(0.02, 0.05);
	ck_assert_int_eq(row_of(FIXTURE_ATOMIC)->verdict, COMPARED_TOO_FEW);
	ck_assert_int_eq(row_of(FIXTURE_ATOMIC)->settle, 6);
	ck_assert(!comparison_regressed(comparison));
	now->results[FIXTURE_ATOMIC].time.ns_per_op.n_samples = 6;
	compared(0.02, 0.05);
	ck_assert_int_eq(row_of(FIXTURE_ATOMIC)->verdict, COMPARED_SLOWER);
}
END_TEST

START_TEST(who_has_no_partner_is_listed)
{
	now->results[FIXTURE_ATOMIC].workers = 4;
	compared(0.02, NAN);
	ck_assert_uint_eq(comparison->n_rows, FIXTURE_RESULTS - 1);
	ck_assert_uint_eq(comparison->n_only_base, 1);
	ck_assert_ptr_eq(comparison->only_base[0], &base->results[FIXTURE_ATOMIC]);
	ck_assert_uint_eq(comparison->n_only_now, 1);
	ck_assert_ptr_eq(comparison->only_now[0], &now->results[FIXTURE_ATOMIC]);
}
END_TEST

static int64_t *member(struct session *session, size_t key)
{
	char *bytes = (char *)&session->results[FIXTURE_PIPE];

	return (int64_t *)(void *)(bytes + key);
}

START_TEST(each_key_tells_results_apart)
{
	static const size_t keys[] = { offsetof(struct result, workers),
				       offsetof(struct result, batch),
				       offsetof(struct result, permits),
				       offsetof(struct result, message) };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		int64_t *left = member(base, keys[i]), *right = member(now, keys[i]);

		*left = 3;
		*right = 77;
		compared(0.02, NAN);
		ck_assert_uint_eq(comparison->n_only_now, 1);
		/* Where one takes no such option, any value agrees. */
		*left = NO_INT;
		compared(0.02, NAN);
		ck_assert_uint_eq(comparison->n_only_now, 0);
		*right = NO_INT;
	}
}
END_TEST

static void scan_critical(struct session *session)
{
	struct scanned *scanned = calloc(1, sizeof(*scanned));

	*scanned = (struct scanned){ .key = strdup("critical_ns") };
	session->plan.scan = scanned;
	session->plan.n_scan = 1;
}

/* What either scanned is part of the key; what neither did is only said. */
START_TEST(what_was_scanned_is_a_key)
{
	base->results[FIXTURE_PIPE].critical_ns = 100;
	now->results[FIXTURE_PIPE].critical_ns = 200;
	compared(0.02, NAN);
	ck_assert_uint_eq(comparison->n_only_now, 0);
	scan_critical(base);
	compared(0.02, NAN);
	ck_assert_uint_eq(comparison->n_only_now, 1);
	ck_assert_ptr_eq(comparison->only_now[0], &now->results[FIXTURE_PIPE]);
}
END_TEST

static const char *difference_in(const char *key)
{
	for (size_t i = 0; i < comparison->n_differences; i++)
		if (!strcmp(comparison->differences[i].key, key))
			return comparison->differences[i].now;
	return NULL;
}

START_TEST(other_differences_are_found)
{
	free(now->host.kernel);
	now->host.kernel = strdup("6.99.0");
	now->plan.critical_ns = 200;
	now->plan.seed++;
	now->host.timer_cost_ns += 1;
	free(now->tracing.how.futex);
	now->tracing.how.futex = NULL;
	now->complete = false;
	compared(0.02, NAN);
	ck_assert_str_eq(difference_in("host.kernel"), "6.99.0");
	ck_assert_str_eq(difference_in("plan.critical_ns"), "200");
	ck_assert_str_eq(difference_in("tracing.how.futex"), "null");
	ck_assert_str_eq(difference_in("complete"), "false");
	ck_assert_uint_eq(comparison->n_differences, 4);
}
END_TEST

/* Of the kernel's side of a result: twice the switches, and the time asleep and in all with them. */
static void sleep_more(enum fixture_result which)
{
	struct sleeps *sleeps = now->results[which].kernel->sleeps;
	int64_t more = sleeps->budget.wall;

	sleeps->switches.voluntary *= 3;
	sleeps->budget.blocked.futex += more;
	sleeps->budget.wall += more;
}

START_TEST(the_cause_is_named)
{
	const struct cause *cause = NULL;

	slow(FIXTURE_TURN_FUTEX, 2);
	sleep_more(FIXTURE_TURN_FUTEX);
	compared(0.02, NAN);
	cause = &row_of(FIXTURE_TURN_FUTEX)->cause;
	ck_assert_int_eq(cause->state, CAUSE_MOVED);
	ck_assert_uint_eq(cause->n_moved, 2);
	ck_assert_str_eq(cause->moved[0].name, "asleep on futexes");
	ck_assert_double_eq_tol(cause->moved[0].share, 1, 1e-9);
	ck_assert_str_eq(cause->moved[1].name, "voluntary switches");
	ck_assert_double_eq_tol(cause->moved[1].now / cause->moved[1].base, 3, 1e-9);
	ck_assert_ptr_nonnull(strstr(row_of(FIXTURE_TURN_FUTEX)->why, "asleep on futexes"));
	ck_assert_ptr_nonnull(strstr(row_of(FIXTURE_TURN_FUTEX)->why, "(+200.0 %)"));
}
END_TEST

START_TEST(what_did_not_move_with_it_is_no_cause)
{
	slow(FIXTURE_TURN_FUTEX, 2);
	compared(0.02, NAN);
	ck_assert_int_eq(row_of(FIXTURE_TURN_FUTEX)->cause.state, CAUSE_NONE);
	ck_assert_str_eq(row_of(FIXTURE_TURN_FUTEX)->why,
			 "nothing that the kernel counts moved with it");
	/* More sleep, and faster. */
	sleep_more(FIXTURE_TURN_FUTEX);
	slow(FIXTURE_TURN_FUTEX, 0.25);
	compared(0.02, NAN);
	ck_assert_int_eq(row_of(FIXTURE_TURN_FUTEX)->verdict, COMPARED_FASTER);
	ck_assert_int_eq(row_of(FIXTURE_TURN_FUTEX)->cause.state, CAUSE_NONE);
	/* The time did not move. */
	ck_assert_int_eq(row_of(FIXTURE_ATOMIC)->cause.state, CAUSE_NOT_ASKED);
	ck_assert_ptr_null(row_of(FIXTURE_ATOMIC)->why);
}
END_TEST

/* Three times a rare event is not why an increment takes longer. */
START_TEST(what_is_rare_is_no_cause)
{
	struct sleeps *sleeps = now->results[FIXTURE_ATOMIC].kernel->sleeps;

	slow(FIXTURE_ATOMIC, 2);
	sleeps->switches.involuntary *= 3;
	sleeps->budget.on_cpu += sleeps->budget.wall;
	sleeps->budget.wall *= 2;
	compared(0.02, NAN);
	ck_assert_int_eq(row_of(FIXTURE_ATOMIC)->cause.state, CAUSE_MOVED);
	ck_assert_uint_eq(row_of(FIXTURE_ATOMIC)->cause.n_moved, 1);
	ck_assert_str_eq(row_of(FIXTURE_ATOMIC)->cause.moved[0].name, "on the CPU in its own code");
}
END_TEST

START_TEST(void_counts_are_not_believed)
{
	slow(FIXTURE_TURN_FUTEX, 2);
	sleep_more(FIXTURE_TURN_FUTEX);
	base->results[FIXTURE_TURN_FUTEX].kernel->sleeps->reconciled.ok = false;
	compared(0.02, NAN);
	ck_assert_int_eq(row_of(FIXTURE_TURN_FUTEX)->cause.state, CAUSE_VOID);
	ck_assert_uint_eq(row_of(FIXTURE_TURN_FUTEX)->cause.n_moved, 0);
}
END_TEST

START_TEST(nothing_is_compared_with_nothing)
{
	struct session *empty = session_new(), *full = now;

	now = empty;
	compared(0.02, NAN);
	ck_assert_uint_eq(comparison->n_rows, 0);
	ck_assert_uint_eq(comparison->n_only_base, FIXTURE_RESULTS);
	now = full;
	comparison_free(comparison);
	comparison = NULL;
	session_free(empty);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("comparison");

	add_fixed(suite, a_session_is_like_itself);
	add_fixed(suite, slower_and_faster_are_found);
	add_fixed(suite, a_regression_is_certain_or_none);
	add_fixed(suite, the_band_is_the_least_change);
	add_fixed(suite, what_would_settle_it_is_said);
	add_fixed(suite, too_few_repeats_are_not_judged);
	add_fixed(suite, who_has_no_partner_is_listed);
	add_fixed(suite, each_key_tells_results_apart);
	add_fixed(suite, what_was_scanned_is_a_key);
	add_fixed(suite, other_differences_are_found);
	add_fixed(suite, the_cause_is_named);
	add_fixed(suite, what_did_not_move_with_it_is_no_cause);
	add_fixed(suite, what_is_rare_is_no_cause);
	add_fixed(suite, void_counts_are_not_believed);
	add_fixed(suite, nothing_is_compared_with_nothing);
	return run_suite(suite);
}
