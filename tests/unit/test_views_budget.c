/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The view of the time budget. */
#include "unit/viewed.h"

START_TEST(budgets_look_as_they_did)
{
	looks_as_it_did(report_budget, "budget");
}
END_TEST

START_TEST(the_parts_of_a_budget_add_up)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];
	struct sleeps *sleeps = mutex->kernel->sleeps;
	char *text, *row;

	sleeps->ops = 1000;
	sleeps->budget = (struct budget){ .wall = 100000,
					  .on_cpu = 50000,
					  .run_queue = 20000,
					  .blocked = { .futex = 20000, .page_fault = 5000 },
					  .unaccounted = 5000 };
	mutex->kernel->calls->on_cpu_ns = (struct cpu_split){ 600, 300, 100 };
	text = render(report_budget, 160, false, false);
	row_is(text, "  mutex  ",
	       "mutex threads 100 50.0 30.0 15.0 5.00 20.0 25.0 futex 80% 20.0 0 5.00 5.00 "
	       "||||||ssssrrrr.....?");
	row_is(text, "STRATEGY ",
	       "STRATEGY MODE TOTAL ON CPU USER SYSTEM CROSSING RUNQ BLOCKED MOSTLY ON FUTEX PIPE PAGE "
	       "FAULT REST WHERE TIME WENT");
	has_not(text, "no room for");
	free(text);
	text = render(report_budget, 80, false, false);
	has(text, "no room for USER, SYSTEM,");
	free(text);
	mutex->kernel->calls->reconciled.ok = false;
	text = render(report_budget, 160, false, false);
	row_is(text, "  mutex  ",
	       "mutex threads 100 50.0 - - - 20.0 25.0 futex 80% 20.0 0 5.00 5.00 "
	       "||||||||||rrrr.....?");
	free(text);
	sleeps->reconciled.ok = false;
	text = render(report_budget, 240, false, false);
	row = line_with(text, "  mutex  ");
	has(row, "void");
	has_not(row, "50.0");
	has_not(row, "|||");
	free(row);
	free(text);
}
END_TEST

START_TEST(where_one_thing_is_slept_on_it_has_one_column)
{
	char *text;

	session->results[FIXTURE_PIPE].kernel->sleeps->budget.blocked.pipe = 0;
	text = render(report_budget, 160, false, false);
	has(text, " FUTEX ");
	has_not(text, "MOSTLY ON");
	has_not(text, "PIPE");
	free(text);
}
END_TEST

START_TEST(what_has_no_column_is_told_below)
{
	struct sleeps *sleeps = sleeps_of(FIXTURE_MUTEX);
	char *text = render(report_budget, 100, false, false);

	has_not(text, "OTHER:");
	has_not(text, "Kernel threads:");
	free(text);
	sleeps->other = calloc(2, sizeof(*sleeps->other));
	ck_assert_ptr_nonnull(sleeps->other);
	sleeps->n_other = 2;
	sleeps->other[0] = (struct other_wait){ strdup("wait4"), 1200, 3100000 };
	sleeps->other[1] = (struct other_wait){ strdup("stopped"), 1, 20000 };
	sleeps->kernel_threads = calloc(1, sizeof(*sleeps->kernel_threads));
	ck_assert_ptr_nonnull(sleeps->kernel_threads);
	*sleeps->kernel_threads = (struct kernel_threads){ 2, 4200000, { 17, 3 } };
	text = render(report_budget, 100, false, false);
	has(from(text, "OTHER:"), "wait4 3.10 ms in 1,200, stopped 20.0 us in 1");
	has(from(text, "Kernel threads:"),
	    "2 threads, 4.20 ms on CPU, 17 sleeps, 3 times preempted");
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("view of the budget");

	add_fixed(suite, budgets_look_as_they_did);
	add_fixed(suite, the_parts_of_a_budget_add_up);
	add_fixed(suite, where_one_thing_is_slept_on_it_has_one_column);
	add_fixed(suite, what_has_no_column_is_told_below);
	return run_suite(suite);
}
