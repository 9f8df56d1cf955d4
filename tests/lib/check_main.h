/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the main of a test program that uses the check library needs:
 *
 *	#include "lib/check_main.h"
 *
 *	START_TEST(a_promise_that_this_keeps)
 *	{
 *		ck_assert_int_eq(1 + 1, 2);
 *	}
 *	END_TEST
 *
 *	int main(void)
 *	{
 *		Suite *suite = suite_create("histogram");
 *
 *		add_test(suite, a_promise_that_this_keeps);
 *		return run_suite(suite);
 *	}
 *
 * check runs every test in a child process of its own. CK_FORK=no in the
 * environment keeps it in one, for a debugger.
 */
#ifndef TRACEBENCH_TESTS_CHECK_MAIN_H
#define TRACEBENCH_TESTS_CHECK_MAIN_H

#include <check.h>
#include <stdlib.h>

/*
 * check gives a test 4 s, too little for a race under a sanitizer, and reads
 * this when a case is created, hence before main.  tests/run has a limit for
 * the whole program.
 */
static __attribute__((constructor)) void allow_slow_tests(void)
{
	setenv("CK_DEFAULT_TIMEOUT", "60", 0);
}

/* Puts @test into @suite as a case of its own, so that the report names it. */
static inline void add_test(Suite *suite, const TTest *test)
{
	TCase *only = tcase_create(test->name);

	tcase_add_test(only, test);
	suite_add_tcase(suite, only);
}

/* The same with a function before it and one after it. */
static inline void add_between(Suite *suite, void (*before)(void), void (*after)(void),
			       const TTest *test)
{
	TCase *only = tcase_create(test->name);

	tcase_add_checked_fixture(only, before, after);
	tcase_add_test(only, test);
	suite_add_tcase(suite, only);
}

/* With the file's own set_up() and tear_down(). */
#define add_fixed(suite, test) add_between(suite, set_up, tear_down, test)

/* Runs @suite, printing TAP, and frees it; returns what main should return. */
static inline int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
