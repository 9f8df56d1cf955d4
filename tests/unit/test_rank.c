/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/rank.h"

#include <gsl/gsl_randist.h>
#include <math.h>

#include "lib/check_main.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* All of a below all of b: one of the C(2n, n) ways, and its mirror image. */
START_TEST(separate_samples_by_hand)
{
	const double values[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };

	ck_assert_double_eq_tol(rank_compare(values, 3, values + 3, 3).p, 2.0 / 20, 1e-12);
	ck_assert_double_eq_tol(rank_compare(values, 4, values + 4, 4).p, 2.0 / 70, 1e-12);
	ck_assert_double_eq_tol(rank_compare(values, 5, values + 5, 5).p, 2.0 / 252, 1e-12);
	ck_assert_double_eq(rank_compare(values, 5, values + 5, 5).u, 0);
	ck_assert_double_eq(rank_compare(values + 5, 5, values, 5).u, 25);
	ck_assert_double_eq(rank_compare(values + 5, 5, values, 5).effect, 1);
	ck_assert_double_eq_tol(rank_compare(values + 5, 5, values, 5).p, 2.0 / 252, 1e-12);
}
END_TEST

/*
 * Hollander and Wolfe 1973, table 4.1, the example of R's wilcox.test(): W = 35, one-sided
 * p = 0.1272. That is 382 of the C(15, 5) = 3003 ways; two-sided twice as many.
 */
START_TEST(the_published_example_without_ties)
{
	const double term[] = { 0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46 };
	const double early[] = { 1.15, 0.88, 0.90, 0.74, 1.21 };
	struct rank_test test = rank_compare(term, COUNT(term), early, COUNT(early));

	ck_assert_double_eq(test.u, 35);
	ck_assert_double_eq_tol(test.p, 2 * 382.0 / 3003, 1e-12);
}
END_TEST

/* R: wilcox.test(Ozone ~ Month, data = airquality, subset = Month %in% c(5, 8)), which has ties:
 * W = 127.5, p-value = 0.0001208. */
START_TEST(the_published_example_with_ties)
{
	const double may[] = { 41, 36, 12, 18, 28, 23, 19, 8, 7,  16, 11, 14,  18,
			       14, 34, 6,  30, 11, 1,  11, 4, 32, 23, 45, 115, 37 };
	const double august[] = { 39, 9,  16, 78, 35, 66, 122, 89,  110, 44, 28,  65, 22,
				  59, 23, 31, 44, 21, 9,  45,  168, 73,	 76, 118, 84, 85 };
	struct rank_test test = rank_compare(may, COUNT(may), august, COUNT(august));

	ck_assert_double_eq(test.u, 127.5);
	ck_assert_double_eq_tol(test.p, 0.0001208, 0.00000005);
}
END_TEST

/*
 * The approximation by hand: a = 1, 2, 2 and b = 2, 3, 4. U = 1 (two ties of a half each); expected
 * 4.5; one group of three ties: variance 9/12 (7 - 24/30) = 4.65; z = (3.5 - 0.5) / 2.15639 =
 * 1.39121; twice the upper tail is 0.16416.
 */
START_TEST(ties_by_hand)
{
	const double a[] = { 1, 2, 2 }, b[] = { 2, 3, 4 }, same[] = { 5, 5, 5 };
	struct rank_test test = rank_compare(a, 3, b, 3);

	ck_assert_double_eq(test.u, 1);
	ck_assert_double_eq_tol(test.p, 0.16416, 0.00001);
	ck_assert_double_eq(rank_compare(same, 3, same, 3).p, 1);
	ck_assert_double_eq(rank_compare(same, 3, same, 3).effect, 0.5);
}
END_TEST

/* Both ways of the same question agree where both hold: 49 a side, and 50 a side. */
START_TEST(exact_and_approximated_meet)
{
	double a[50], b[50];
	double exact, approximated;

	for (int i = 0; i < 50; i++) {
		a[i] = 2 * i;
		b[i] = 2 * i + 11;
	}
	exact = rank_compare(a, 49, b, 49).p;
	approximated = rank_compare(a, 50, b, 50).p;
	ck_assert_double_gt(exact, 0.05);
	ck_assert_double_eq_tol(exact, approximated, 0.02);
}
END_TEST

START_TEST(nothing_to_compare_is_null)
{
	const double one = 1, bad[] = { 1, NAN };

	ck_assert_double_nan(rank_compare(&one, 1, NULL, 0).p);
	ck_assert_double_nan(rank_compare(NULL, 0, &one, 1).u);
	ck_assert_double_nan(rank_compare(&one, 1, bad, 2).p);
	ck_assert_double_eq(rank_compare(&one, 1, &one, 1).p, 1);
	ck_assert_double_nan(rank_trend(&one, 1).p);
	ck_assert_double_nan(rank_trend(NULL, 0).p);
}
END_TEST

/* Of the n! orders one rises throughout and one falls. */
START_TEST(trends_by_hand)
{
	const double rising[] = { 1, 2, 4, 8, 16 }, falling[] = { 9, 7, 5, 3, 1 };
	/* One pair of six is the wrong way round: S = 4; 1 + 3 of 24 orders have none or one. */
	const double nearly[] = { 1, 2, 4, 3 };
	const double flat[] = { 2, 2, 2, 2, 2, 2 };

	ck_assert_double_eq_tol(rank_trend(rising, 5).p, 2.0 / 120, 1e-12);
	ck_assert_double_eq_tol(rank_trend(falling, 5).p, 2.0 / 120, 1e-12);
	ck_assert_double_eq(rank_trend(falling, 5).change, -8);
	ck_assert_double_eq_tol(rank_trend(nearly, 4).p, 2 * 4.0 / 24, 1e-12);
	ck_assert_double_eq(rank_trend(flat, 6).p, 1);
	ck_assert_double_eq(rank_trend(flat, 6).change, 0);
}
END_TEST

/*
 * With a tie: 1 2 2 3 4 has S = 9 of 10 pairs. Variance (5*4*15 - 2*1*9) / 18 = 15.6667; z =
 * 8 / 3.95811 = 2.02117; twice the upper tail is 0.04326.
 */
START_TEST(a_trend_with_a_tie_by_hand)
{
	const double samples[] = { 1, 2, 2, 3, 4 };

	ck_assert_double_eq_tol(rank_trend(samples, 5).p, 0.04326, 0.00001);
}
END_TEST

/* Under no difference, a p below 0.05 comes in no more than 5 % of the cases; neither is it idle. */
START_TEST(p_values_hold_what_they_say)
{
	enum { ROUNDS = 4000 };
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	int differ = 0, drift = 0;
	double values[20];

	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < 20; i++)
			values[i] = gsl_ran_lognormal(rng, 0, 1);
		differ += rank_compare(values, 10, values + 10, 10).p < 0.05;
		drift += rank_trend(values, 10).p < 0.05;
	}
	gsl_rng_free(rng);
	ck_assert_int_le(differ, ROUNDS * 6 / 100);
	ck_assert_int_ge(differ, ROUNDS * 3 / 100);
	ck_assert_int_le(drift, ROUNDS * 6 / 100);
	ck_assert_int_ge(drift, ROUNDS * 3 / 100);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rank");

	add_test(suite, separate_samples_by_hand);
	add_test(suite, the_published_example_without_ties);
	add_test(suite, the_published_example_with_ties);
	add_test(suite, ties_by_hand);
	add_test(suite, exact_and_approximated_meet);
	add_test(suite, nothing_to_compare_is_null);
	add_test(suite, trends_by_hand);
	add_test(suite, a_trend_with_a_tie_by_hand);
	add_test(suite, p_values_hold_what_they_say);
	return run_suite(suite);
}
