/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The locks that are ours keep their promise whatever comes between two of their steps, and the
 * stress that says so finds the bugs that are planted in them.
 */
#include "lib/check_main.h"
#include "stress/stress.h"

/* A busy machine is no hang. Locks with a bug may be taken for hung sooner. */
#define PATIENCE_S 30
#define SHORT_PATIENCE_S 2

START_TEST(it_keeps_them_apart_and_forgets_nobody)
{
	const struct stress_lock *lock = &stress_right[_i];
	const char *wrong = stress_run(lock, PATIENCE_S);

	ck_assert_msg(!wrong, "%s: %s", lock->name, wrong);
}
END_TEST

static void must_be_found(const struct stress_lock *lock)
{
	ck_assert_msg(stress_run(lock, SHORT_PATIENCE_S), "%s: nothing was found", lock->name);
}

START_TEST(an_update_in_two_steps_is_found)
{
	must_be_found(&stress_torn[_i]);
}
END_TEST

START_TEST(a_lost_wake_up_is_found)
{
	if (stress_unwoken[_i].sleeps)
		must_be_found(&stress_unwoken[_i]);
}
END_TEST

#ifdef __SANITIZE_THREAD__
START_TEST(a_dropped_order_is_found)
{
	must_be_found(&stress_relaxed[_i]);
}
END_TEST
#endif

static void add_locks(Suite *suite, const TTest *test)
{
	TCase *locks = tcase_create(test->name);
	int n = 0;

	while (stress_right[n].name)
		n++;

	tcase_add_loop_test(locks, test, 0, n);
	suite_add_tcase(suite, locks);
}

int main(void)
{
	Suite *suite = suite_create("stress");

	add_locks(suite, it_keeps_them_apart_and_forgets_nobody);
	add_locks(suite, an_update_in_two_steps_is_found);
	add_locks(suite, a_lost_wake_up_is_found);
#ifdef __SANITIZE_THREAD__
	add_locks(suite, a_dropped_order_is_found);
#endif
	return run_suite(suite);
}
