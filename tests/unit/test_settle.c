/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/settle.h"

#include <gsl/gsl_randist.h>
#include <math.h>

#include "lib/check_main.h"
#include "session/stats.h"

START_TEST(a_width_by_hand)
{
	/* Half as wide takes four times as many. */
	ck_assert_int_eq(settle_width(10, 0.04, 0.02), 40);
	ck_assert_int_eq(settle_width(10, 0.03, 0.02), 23);
	ck_assert_int_eq(settle_width(10, 0.01, 0.02), 10);
	ck_assert_int_eq(settle_width(10, 0.02, 0.02), 10);
	ck_assert_int_eq(settle_width(10, 1, 1e-9), SETTLE_MOST);
	ck_assert_int_eq(settle_width(SETTLE_MOST + 1, 0.01, 0.02), SETTLE_MOST);
	ck_assert_int_eq(settle_width(10, NAN, 0.02), NO_INT);
	ck_assert_int_eq(settle_width(10, INFINITY, 0.02), NO_INT);
	ck_assert_int_eq(settle_width(10, 0.04, 0), NO_INT);
	ck_assert_int_eq(settle_width(0, 0.04, 0.02), NO_INT);
}
END_TEST

/*
 * ln 1.1 = 0.09531 away, and to 0.95 it is ln (1.1 / 0.95) = 0.14660: as the interval of ten
 * repeats. ((1.95996 + 0.84162) / 1.95996)^2 = 2.04318; 10 * 2.04318 * (0.14660 / 0.09531)^2 = 48.3.
 */
START_TEST(a_ratio_by_hand)
{
	const struct estimate slower = { .median = 1.1, .ci95 = { 0.95, 1.2 } };
	const struct estimate faster = { .median = 1 / 1.1, .ci95 = { 1 / 1.2, 1 / 0.95 } };
	const struct estimate settled = { .median = 1.1, .ci95 = { 1.05, 1.2 } };
	const struct estimate equal = { .median = 1, .ci95 = { 0.9, 1.1 } };
	const struct estimate nearly = { .median = 1.0001, .ci95 = { 0.9, 1.1 } };
	const struct estimate unknown = { .median = 1.1, .ci95 = { NAN, NAN } };
	const struct estimate absurd = { .median = 1.1, .ci95 = { -1, 2 } };

	ck_assert_int_eq(settle_ratio(&slower, 10), 49);
	ck_assert_int_eq(settle_ratio(&faster, 10), 49);
	ck_assert_int_eq(settle_ratio(&settled, 10), 10);
	ck_assert_int_eq(settle_ratio(&equal, 10), NO_INT);
	ck_assert_int_eq(settle_ratio(&nearly, 10), SETTLE_MOST);
	ck_assert_int_eq(settle_ratio(&unknown, 10), NO_INT);
	ck_assert_int_eq(settle_ratio(&absurd, 10), NO_INT);
}
END_TEST

static void draw(const gsl_rng *rng, double mean, double *samples, size_t n)
{
	for (size_t i = 0; i < n; i++)
		samples[i] = mean + gsl_ran_gaussian(rng, 5);
}

/*
 * 100 and 104 with a standard deviation of 5. Twelve repeats rarely tell them apart: the standard
 * error of the ratio of their medians is 1.253 * 0.05 * sqrt(2 / 12) = 2.56 %, which as a known
 * interval asks for as many as settle_ratio() says; with that many, four of five sessions do.
 */
START_TEST(as_many_as_it_says_settle_it)
{
	enum { ROUNDS = 200, FEW = 12 };
	const double error = 1.2533 * 0.05 * sqrt(2.0 / FEW);
	const struct estimate twelve = {
		.median = 1.04,
		.ci95 = { 1.04 * exp(-1.96 * error), 1.04 * exp(1.96 * error) },
	};
	const size_t n = (size_t)settle_ratio(&twelve, FEW);
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double a[100], b[100];
	int settled = 0;

	ck_assert_uint_gt(n, FEW);
	ck_assert_uint_le(n, 100);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct estimate ratio;

		draw(rng, 104, a, n);
		draw(rng, 100, b, n);
		ck_assert_int_eq(estimate_ratio(a, n, b, n, round, &ratio), 0);
		settled += ratio.ci95[0] > 1;
	}
	gsl_rng_free(rng);
	ck_assert_int_ge(settled, ROUNDS * 70 / 100);
	ck_assert_int_le(settled, ROUNDS * 90 / 100);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("settle");

	add_test(suite, a_width_by_hand);
	add_test(suite, a_ratio_by_hand);
	add_test(suite, as_many_as_it_says_settle_it);
	return run_suite(suite);
}
