/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/stats.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "lib/check_main.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void assert_null(const struct estimate *estimate)
{
	ck_assert_double_nan(estimate->median);
	ck_assert_double_nan(estimate->ci95[0]);
	ck_assert_double_nan(estimate->ci95[1]);
}

START_TEST(medians_by_hand)
{
	const double odd[] = { 9, 1, 5 }, even[] = { 4, 1, 3, 10 };
	const double outlier[] = { 1, 1e18, 2, 1, 1 }, bad[] = { 1, NAN, 2 };

	ck_assert_double_eq(stats_median(odd, COUNT(odd)), 5);
	ck_assert_double_eq(stats_median(even, COUNT(even)), 3.5);
	ck_assert_double_eq(stats_median(outlier, COUNT(outlier)), 1);
	ck_assert_double_eq(stats_median(odd, 1), 9);
	ck_assert_double_nan(stats_median(NULL, 0));
	ck_assert_double_nan(stats_median(bad, COUNT(bad)));
}
END_TEST

START_TEST(samples_are_copied_in_their_order)
{
	double samples[] = { 9, 1, 5, 7 };
	struct estimate estimate;

	ck_assert_int_eq(estimate_median(samples, COUNT(samples), 1, &estimate), 0);
	samples[0] = 0;
	ck_assert_uint_eq(estimate.n_samples, 4);
	ck_assert_double_eq(estimate.samples[0], 9);
	ck_assert_double_eq(estimate.samples[1], 1);
	ck_assert_double_eq(estimate.samples[2], 5);
	ck_assert_double_eq(estimate.samples[3], 7);
	ck_assert_double_eq(estimate.median, 6);
	free(estimate.samples);
}
END_TEST

START_TEST(no_samples_are_null)
{
	struct estimate estimate;

	ck_assert_int_eq(estimate_median(NULL, 0, 1, &estimate), 0);
	assert_null(&estimate);
	ck_assert_uint_eq(estimate.n_samples, 0);
	ck_assert_ptr_null(estimate.samples);
}
END_TEST

START_TEST(a_single_sample_has_no_interval)
{
	const double sample = 4;
	struct estimate estimate;

	ck_assert_int_eq(estimate_median(&sample, 1, 1, &estimate), 0);
	ck_assert_double_eq(estimate.median, 4);
	ck_assert_double_nan(estimate.ci95[0]);
	ck_assert_double_nan(estimate.ci95[1]);
	ck_assert_uint_eq(estimate.n_samples, 1);
	free(estimate.samples);
}
END_TEST

START_TEST(what_is_not_finite_has_no_median_but_is_kept)
{
	const double samples[] = { 1, INFINITY, 2 };
	struct estimate estimate;

	ck_assert_int_eq(estimate_median(samples, COUNT(samples), 1, &estimate), 0);
	assert_null(&estimate);
	ck_assert_uint_eq(estimate.n_samples, 3);
	free(estimate.samples);
}
END_TEST

START_TEST(constant_samples_have_an_interval_of_one_point)
{
	const double samples[] = { 3, 3, 3, 3, 3 };
	struct estimate estimate;

	ck_assert_int_eq(estimate_median(samples, COUNT(samples), 1, &estimate), 0);
	ck_assert_double_eq(estimate.ci95[0], 3);
	ck_assert_double_eq(estimate.ci95[1], 3);
	free(estimate.samples);
}
END_TEST

/*
 * Of three samples, a resample's median is the lowest with probability 7/27, the highest with 7/27:
 * both far above 2.5 %, so the interval is from the lowest to the highest. Of ten, it is below the
 * second lowest with about 0.1 % and the interval ends inside.
 */
START_TEST(intervals_by_hand)
{
	const double three[] = { 2, 1, 3 };
	const double ten[] = { 1, 10, 2, 9, 3, 8, 4, 7, 5, 6 };
	struct estimate estimate;

	ck_assert_int_eq(estimate_median(three, COUNT(three), 1, &estimate), 0);
	ck_assert_double_eq(estimate.ci95[0], 1);
	ck_assert_double_eq(estimate.ci95[1], 3);
	free(estimate.samples);
	ck_assert_int_eq(estimate_median(ten, COUNT(ten), 1, &estimate), 0);
	ck_assert_double_eq(estimate.median, 5.5);
	ck_assert_double_ge(estimate.ci95[0], 2);
	ck_assert_double_le(estimate.ci95[0], 4);
	ck_assert_double_ge(estimate.ci95[1], 7);
	ck_assert_double_le(estimate.ci95[1], 9);
	free(estimate.samples);
}
END_TEST

static struct estimate estimate_with(uint64_t seed, bool ratio)
{
	static double samples[40];
	struct estimate estimate;
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	int err;

	for (size_t i = 0; i < COUNT(samples); i++)
		samples[i] = gsl_ran_lognormal(rng, 3, 1);
	gsl_rng_free(rng);
	if (ratio)
		err = estimate_ratio(samples, 20, samples + 20, 20, seed, &estimate);
	else
		err = estimate_median(samples, COUNT(samples), seed, &estimate);
	ck_assert_int_eq(err, 0);
	free(estimate.samples);
	return estimate;
}

static bool same_interval(struct estimate a, struct estimate b)
{
	return a.ci95[0] == b.ci95[0] && a.ci95[1] == b.ci95[1];
}

/* Not every other seed gives another interval: it ends at a sample or between two. */
START_TEST(the_seed_decides_the_interval)
{
	for (int ratio = 0; ratio <= 1; ratio++) {
		int low_bits = 0, high_bits = 0;

		ck_assert(same_interval(estimate_with(7, ratio), estimate_with(7, ratio)));
		for (uint64_t i = 1; i <= 20; i++) {
			low_bits +=
				!same_interval(estimate_with(0, ratio), estimate_with(i, ratio));
			high_bits += !same_interval(estimate_with(0, ratio),
						    estimate_with(i << 32, ratio));
		}
		ck_assert_int_gt(low_bits, 0);
		ck_assert_int_gt(high_bits, 0);
	}
}
END_TEST

#define TRIALS 400
#define REPEATS 15

static bool covers(const struct estimate *estimate, double truth)
{
	return estimate->ci95[0] <= truth && truth <= estimate->ci95[1];
}

/*
 * 95 % is what is aimed at: 400 trials scatter by 1.1 % around it, and the bootstrap of a median
 * of few samples is known to be a few percent off (Efron and Tibshirani, section 13.7).
 */
static void assert_coverage(int covered)
{
	ck_assert_int_ge(covered, TRIALS * 90 / 100);
	ck_assert_int_le(covered, TRIALS * 99 / 100);
}

START_TEST(intervals_cover_the_true_median)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	int covered = 0;

	for (unsigned int trial = 0; trial < TRIALS; trial++) {
		double samples[REPEATS];
		struct estimate estimate;

		for (size_t i = 0; i < REPEATS; i++)
			samples[i] = gsl_ran_lognormal(rng, 3, 0.5);
		ck_assert_int_eq(estimate_median(samples, REPEATS, trial, &estimate), 0);
		covered += covers(&estimate, exp(3));
		free(estimate.samples);
	}
	gsl_rng_free(rng);
	assert_coverage(covered);
}
END_TEST

START_TEST(intervals_cover_the_true_ratio)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	int covered = 0;

	for (unsigned int trial = 0; trial < TRIALS; trial++) {
		double a[REPEATS], b[REPEATS];
		struct estimate estimate;

		for (size_t i = 0; i < REPEATS; i++) {
			a[i] = 1.25 * gsl_ran_lognormal(rng, 3, 0.5);
			b[i] = gsl_ran_lognormal(rng, 3, 0.5);
		}
		ck_assert_int_eq(estimate_ratio(a, REPEATS, b, REPEATS, trial, &estimate), 0);
		covered += covers(&estimate, 1.25);
		ck_assert_ptr_null(estimate.samples);
	}
	gsl_rng_free(rng);
	assert_coverage(covered);
}
END_TEST

START_TEST(ratios_by_hand)
{
	const double a[] = { 6, 2, 4 }, b[] = { 2, 2 }, zero[] = { 0, 0, 1 };
	struct estimate estimate;

	ck_assert_int_eq(estimate_ratio(a, COUNT(a), b, COUNT(b), 1, &estimate), 0);
	ck_assert_double_eq(estimate.median, 2);
	ck_assert_double_eq(estimate.ci95[0], 1);
	ck_assert_double_eq(estimate.ci95[1], 3);
	ck_assert_uint_eq(estimate.n_samples, 0);
	ck_assert_int_eq(estimate_ratio(a, 1, b, COUNT(b), 1, &estimate), 0);
	ck_assert_double_eq(estimate.median, 3);
	ck_assert_double_nan(estimate.ci95[0]);
	ck_assert_int_eq(estimate_ratio(a, COUNT(a), b, 0, 1, &estimate), 0);
	assert_null(&estimate);
	ck_assert_int_eq(estimate_ratio(a, 0, b, COUNT(b), 1, &estimate), 0);
	assert_null(&estimate);
	ck_assert_int_eq(estimate_ratio(a, COUNT(a), zero, COUNT(zero), 1, &estimate), 0);
	assert_null(&estimate);
}
END_TEST

START_TEST(jains_index_by_hand)
{
	const double equal[] = { 7, 7, 7 }, one[] = { 0, 5, 0, 0 }, zero[] = { 0, 0 };
	const double uneven[] = { 1, 3 };

	ck_assert_double_eq(stats_jain(equal, COUNT(equal)), 1);
	ck_assert_double_eq(stats_jain(one, COUNT(one)), 0.25);
	ck_assert_double_eq(stats_jain(uneven, COUNT(uneven)), 0.8);
	ck_assert_double_nan(stats_jain(zero, COUNT(zero)));
	ck_assert_double_nan(stats_jain(NULL, 0));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("statistics");

	add_test(suite, medians_by_hand);
	add_test(suite, samples_are_copied_in_their_order);
	add_test(suite, no_samples_are_null);
	add_test(suite, a_single_sample_has_no_interval);
	add_test(suite, what_is_not_finite_has_no_median_but_is_kept);
	add_test(suite, constant_samples_have_an_interval_of_one_point);
	add_test(suite, intervals_by_hand);
	add_test(suite, the_seed_decides_the_interval);
	add_test(suite, intervals_cover_the_true_median);
	add_test(suite, intervals_cover_the_true_ratio);
	add_test(suite, ratios_by_hand);
	add_test(suite, jains_index_by_hand);
	return run_suite(suite);
}
