/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many steps of work a time is, and that measuring them leaves the caller where it was. */
#include <errno.h>
#include <sched.h>

#include "lib/check_main.h"
#include "race/calibrate.h"

static struct work_rate cpus[] = { { .cpu = 3, .step_ns = 2, .fixed_ns = 20, .pass_ns = 10 },
				   { .cpu = 5, .step_ns = 4, .fixed_ns = 40 } };
static const struct work_rates rates = { .rates = cpus,
					 .n = 2,
					 .any = { .cpu = -1, .step_ns = 3, .fixed_ns = 30 } };

START_TEST(each_cpu_has_its_own_rate)
{
	ck_assert_uint_eq(work_steps(&rates, 3, 1020, false), 500);
	ck_assert_uint_eq(work_steps(&rates, 5, 1040, false), 250);
	ck_assert_uint_eq(work_steps(&rates, -1, 1030, false), 333);
	/* All the work there is makes up for what a pass with any costs. */
	ck_assert_uint_eq(work_steps(&rates, 3, 1020, true), 495);
	/* One that was not there when the rates were measured. */
	ck_assert_uint_eq(work_steps(&rates, 7, 1030, false), 333);
}
END_TEST

START_TEST(steps_are_rounded_and_never_none_where_there_is_work)
{
	ck_assert_uint_eq(work_steps(&rates, 3, 0, false), 0);
	ck_assert_uint_eq(work_steps(&rates, 3, 1, false), 1);
	ck_assert_uint_eq(work_steps(&rates, 3, 20, false), 1);
	ck_assert_uint_eq(work_steps(&rates, 3, 25, false), 3);
}
END_TEST

static int first_allowed(const cpu_set_t *set)
{
	int cpu = 0;

	while (!CPU_ISSET((size_t)cpu, set))
		cpu++;
	return cpu;
}

START_TEST(calibrating_measures_and_leaves_us_where_we_were)
{
	struct work_rates measured;
	cpu_set_t before, after;
	int cpu;

	ck_assert_int_eq(sched_getaffinity(0, sizeof(before), &before), 0);
	cpu = first_allowed(&before);
	ck_assert_int_eq(calibrate(&cpu, 1, &measured), 0);
	ck_assert_int_eq(sched_getaffinity(0, sizeof(after), &after), 0);
	ck_assert(CPU_EQUAL(&before, &after));
	ck_assert_uint_eq(measured.n, 1);
	ck_assert_int_eq(measured.rates[0].cpu, cpu);
	/* No multiplication takes less; and a million steps were made, at the least. */
	ck_assert_double_gt(measured.rates[0].step_ns, 0.05);
	ck_assert_double_le(measured.rates[0].step_ns * 1e6, (double)measured.took_ns);
	ck_assert_double_ge(measured.rates[0].fixed_ns, 0);
	ck_assert_double_gt(measured.rates[0].pass_ns, 0);
	ck_assert_double_eq(measured.any.step_ns, measured.rates[0].step_ns);
	ck_assert_double_eq(measured.any.fixed_ns, measured.rates[0].fixed_ns);
	ck_assert_double_eq(measured.any.pass_ns, measured.rates[0].pass_ns);
	work_rates_free(&measured);
}
END_TEST

START_TEST(a_cpu_that_is_not_there_is_an_error)
{
	const int nowhere = 60000;
	struct work_rates measured;

	ck_assert_int_eq(calibrate(&nowhere, 1, &measured), -EINVAL);
	work_rates_free(&measured);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("calibrate");

	add_test(suite, each_cpu_has_its_own_rate);
	add_test(suite, steps_are_rounded_and_never_none_where_there_is_work);
	add_test(suite, calibrating_measures_and_leaves_us_where_we_were);
	add_test(suite, a_cpu_that_is_not_there_is_an_error);
	return run_suite(suite);
}
