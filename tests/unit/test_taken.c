/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/taken.h"

#include "lib/check_main.h"
#include "session/session.h"

static const char stat[] = "cpu  900 1 800 700 60 50 40 33 20 10\n"
			   "cpu0 90 1 80 70 6 5 4 11 2 1\n"
			   "cpu1 90 1 80 70 6 5 4 5 2 1\n"
			   "cpu10 90 1 80 70 6 5 4 17 2 1\n"
			   "intr 12345 0 0\n"
			   "cpu11 1 1 1 1 1 1 1 1\n";

START_TEST(steal_is_that_of_the_cpus_in_use)
{
	const int first[] = { 0 }, second[] = { 1 }, twice[] = { 0, 10, 0 }, absent[] = { 3 };
	const int unpinned[] = { -1, -1 }, below[] = { 11 };

	ck_assert_int_eq(taken_steal_of(stat, first, 1), 11);
	ck_assert_int_eq(taken_steal_of(stat, second, 1), 5);
	ck_assert_int_eq(taken_steal_of(stat, twice, 3), 28);
	ck_assert_int_eq(taken_steal_of(stat, unpinned, 2), 33);
	ck_assert_int_eq(taken_steal_of(stat, absent, 1), NO_INT);
	ck_assert_int_eq(taken_steal_of(stat, below, 1), NO_INT);
	ck_assert_int_eq(taken_steal_of("", unpinned, 2), NO_INT);
	ck_assert_int_eq(taken_steal_of("cpu  1 2 3 4 5 6 7\n", unpinned, 2), NO_INT);
}
END_TEST

START_TEST(throttled_time_is_read_in_both_versions)
{
	ck_assert_int_eq(taken_throttled_ns_of("usage_usec 9\nnr_throttled 2\n"
					       "throttled_usec 1234\nnr_bursts 0\n"),
			 1234000);
	ck_assert_int_eq(taken_throttled_ns_of("nr_periods 3\nnr_throttled 2\n"
					       "throttled_time 5678\n"),
			 5678);
	ck_assert_int_eq(taken_throttled_ns_of("throttled_usec 0\n"), 0);
	ck_assert_int_eq(taken_throttled_ns_of("usage_usec 9\n"), NO_INT);
	ck_assert_int_eq(taken_throttled_ns_of(""), NO_INT);
}
END_TEST

/* On any Linux /proc/stat has the column, so what was taken meanwhile is known, if only as none. */
START_TEST(steal_is_measured_here)
{
	const int unpinned[] = { -1 };
	struct taken_watch watch;
	struct taken taken;

	taken_open(&watch);
	taken_begin(&watch, unpinned, 1);
	taken = taken_end(&watch, unpinned, 1);
	ck_assert_int_ge(taken.steal_ns, 0);
	if (watch.n_groups)
		ck_assert_int_ge(taken.throttled_ns, 0);
	else
		ck_assert_int_eq(taken.throttled_ns, NO_INT);
	taken_close(&watch);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("taken");

	add_test(suite, steal_is_that_of_the_cpus_in_use);
	add_test(suite, throttled_time_is_read_in_both_versions);
	add_test(suite, steal_is_measured_here);
	return run_suite(suite);
}
