/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/groups.h"

#include <gsl/gsl_randist.h>
#include <math.h>

#include "lib/check_main.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

START_TEST(two_clear_groups_are_found_and_described)
{
	const double samples[] = { 31, 58, 32, 30, 57, 31, 59, 58, 30, 32 };
	struct groups groups;

	ck_assert(groups_find(samples, COUNT(samples), 1, &groups));
	ck_assert_double_eq(groups.median[0], 31);
	ck_assert_double_eq(groups.median[1], 58);
	ck_assert_uint_eq(groups.n[0], 6);
	ck_assert_uint_eq(groups.n[1], 4);
	ck_assert_double_eq(groups.bound, 57);
}
END_TEST

/* The clock's step may leave only two values: nothing varies within. */
START_TEST(two_values_are_two_groups)
{
	const double samples[] = { 1, 2, 1, 2, 1, 2, 1, 2 };
	struct groups groups;

	ck_assert(groups_find(samples, COUNT(samples), 1, &groups));
	ck_assert_double_eq(groups.median[0], 1);
	ck_assert_double_eq(groups.median[1], 2);
}
END_TEST

START_TEST(outliers_are_no_group)
{
	const double samples[] = { 31, 32, 30, 31, 58, 33, 31, 59, 30, 32 };
	struct groups groups;

	ck_assert(!groups_find(samples, COUNT(samples), 1, &groups));
}
END_TEST

START_TEST(too_few_equal_or_not_finite_samples_have_none)
{
	const double samples[] = { 1, 1, 9, 9, 1 }, equal[8] = { 0 };
	const double bad[] = { 1, 1, 1, 9, 9, 9, NAN };
	struct groups groups;

	ck_assert(!groups_find(samples, COUNT(samples), 1, &groups));
	ck_assert(!groups_find(equal, COUNT(equal), 1, &groups));
	ck_assert(!groups_find(bad, COUNT(bad), 1, &groups));
	ck_assert(!groups_find(NULL, 0, 1, &groups));
}
END_TEST

enum { ROUNDS = 400 };

/* In how many of ROUNDS sets of n samples, drawn as told, two groups are found. */
static int found_in(size_t n, double (*draw)(const gsl_rng *rng))
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct groups groups;
	double samples[50];
	int found = 0;

	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < n; i++)
			samples[i] = draw(rng);
		found += groups_find(samples, n, 7, &groups);
	}
	gsl_rng_free(rng);
	return found;
}

static double normal(const gsl_rng *rng)
{
	return 100 + gsl_ran_gaussian(rng, 5);
}

static double lognormal(const gsl_rng *rng)
{
	return gsl_ran_lognormal(rng, 0, 0.3);
}

static double long_tailed(const gsl_rng *rng)
{
	return gsl_ran_lognormal(rng, 0, 1);
}

static double uniform(const gsl_rng *rng)
{
	return gsl_rng_uniform(rng);
}

/* As mutex did: on two CPUs, or packed onto one. */
static double one_of_two(const gsl_rng *rng)
{
	return (gsl_rng_uniform(rng) < 0.5 ? 31 : 58) + gsl_ran_gaussian(rng, 1.5);
}

/* Less than 2 % of any. */
START_TEST(noise_is_rarely_taken_for_groups)
{
	const size_t sizes[] = { 10, 20 };

	for (size_t i = 0; i < COUNT(sizes); i++) {
		ck_assert_int_lt(found_in(sizes[i], normal), ROUNDS / 100);
		ck_assert_int_lt(found_in(sizes[i], lognormal), ROUNDS / 100);
		ck_assert_int_lt(found_in(sizes[i], uniform), ROUNDS / 50);
		ck_assert_int_lt(found_in(sizes[i], long_tailed), ROUNDS / 50);
	}
}
END_TEST

/* Some sets of ten have fewer than three in one of the groups: one in nine. */
START_TEST(bimodal_samples_are_found)
{
	ck_assert_int_gt(found_in(10, one_of_two), ROUNDS * 75 / 100);
	ck_assert_int_gt(found_in(20, one_of_two), ROUNDS * 95 / 100);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("groups");

	add_test(suite, two_clear_groups_are_found_and_described);
	add_test(suite, two_values_are_two_groups);
	add_test(suite, outliers_are_no_group);
	add_test(suite, too_few_equal_or_not_finite_samples_have_none);
	add_test(suite, noise_is_rarely_taken_for_groups);
	add_test(suite, bimodal_samples_are_found);
	return run_suite(suite);
}
