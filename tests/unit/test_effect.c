/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a change, against what can be worked out by hand. */
#include "session/effect.h"

#include <gsl/gsl_randist.h>
#include <math.h>

#include "lib/check_main.h"
#include "session/session.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct effect measured(const double *base, size_t n_base, const double *now, size_t n_now)
{
	struct effect effect;

	ck_assert_int_eq(effect_measure(base, n_base, now, n_now, 1, &effect), 0);
	return effect;
}

/* R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") is 0.03 0.06 0.06 0.02. */
START_TEST(holm_as_r_has_it)
{
	const double p[] = { 0.01, 0.04, NAN, 0.03, 0.005 };
	const double want[] = { 0.03, 0.06, NAN, 0.06, 0.02 };
	const double high[] = { 0.9, 0.6 };
	double adjusted[5];

	ck_assert_int_eq(effect_holm(p, 5, adjusted), 0);
	for (size_t i = 0; i < 5; i++) {
		if (isnan(want[i]))
			ck_assert_double_nan(adjusted[i]);
		else
			ck_assert_double_eq_tol(adjusted[i], want[i], 1e-12);
	}
	ck_assert_int_eq(effect_holm(high, 2, adjusted), 0);
	ck_assert_double_eq(adjusted[0], 1);
	ck_assert_double_eq(adjusted[1], 1);
	ck_assert_int_eq(effect_holm(NULL, 0, adjusted), 0);
}
END_TEST

/* t(0.975, 9) = 2.262157; the two errors are 3, 4 and so 5 %: 2 exp(-+0.1131079). */
START_TEST(the_interval_by_hand)
{
	const struct effect effect = {
		.n = 10, .ratio = 2, .below = 0.03, .above = 0.03, .between = 0.04
	};
	double interval[2];

	effect_interval(&effect, 0.95, interval);
	ck_assert_double_eq_tol(interval[0], 1.786109, 1e-5);
	ck_assert_double_eq_tol(interval[1], 2.239505, 1e-5);
	effect_interval(&effect, 0.99, interval);
	ck_assert_double_lt(interval[0], 1.75);
}
END_TEST

/*
 * Logs 0 to 10: the 15.8655th percentile is at 0.158655 * 11.25 + 3/8 - 1 = 1.159869, its mirror image
 * at 8.840131; half the distance is 3.840131, of two sides alike sqrt(2) times that.
 */
START_TEST(the_spread_by_hand)
{
	double samples[11];
	struct effect effect;

	for (size_t i = 0; i < COUNT(samples); i++)
		samples[i] = exp((double)i);
	effect = measured(samples, COUNT(samples), samples, COUNT(samples));
	ck_assert_double_eq_tol(effect.between, 3.840131 * sqrt(2), 1e-5);
	ck_assert_double_eq(effect.ratio, 1);
	ck_assert_double_eq(effect.p, 1);
}
END_TEST

START_TEST(without_any_spread_a_change_is_one)
{
	const double base[] = { 10, 10, 10, 10, 10, 10 }, now[] = { 11, 11, 11, 11, 11, 11 };
	struct effect effect = measured(base, COUNT(base), now, COUNT(now));
	double interval[2];

	effect_interval(&effect, 0.95, interval);
	ck_assert_double_eq_tol(effect.ratio, 1.1, 1e-12);
	ck_assert_double_eq(interval[0], effect.ratio);
	ck_assert_double_eq(interval[1], effect.ratio);
	/* The U test's: all of one side above the other, and tied among themselves. */
	ck_assert_double_eq(effect.p, effect.p_ranks);
	ck_assert_double_lt(effect.p, 0.01);
	ck_assert_double_eq(measured(base, COUNT(base), base, COUNT(base)).p, 1);
}
END_TEST

/* Ten a side, all apart: the ranks are sure of it, 2 / C(20, 10), and the runs are not. */
START_TEST(both_have_to_say_it)
{
	double base[10], now[10];
	struct effect effect;

	for (int i = 0; i < 10; i++) {
		base[i] = 100 + i;
		now[i] = 110 + i;
	}
	effect = measured(base, 10, now, 10);
	ck_assert_double_eq_tol(effect.p_ranks, 2.0 / 184756, 1e-12);
	ck_assert_double_gt(effect.p, 0.01);
}
END_TEST

START_TEST(what_has_no_logarithm_is_no_time)
{
	const double good[] = { 1, 2, 3 }, zero[] = { 1, 0, 3 }, less[] = { 1, -2, 3 };
	const double bad[] = { 1, NAN, 3 }, far[] = { 1, INFINITY, 3 };
	const double *const samples[] = { zero, less, bad, far };
	double interval[2];

	for (size_t i = 0; i < COUNT(samples); i++) {
		struct effect effect = measured(good, 3, samples[i], 3);

		ck_assert_double_nan(effect.ratio);
		ck_assert_double_nan(effect.p);
		effect_interval(&effect, 0.95, interval);
		ck_assert_double_nan(interval[0]);
		ck_assert_double_nan(measured(samples[i], 3, good, 3).ratio);
	}
	ck_assert_double_nan(measured(NULL, 0, good, 3).ratio);
	/* One sample has a median, and nothing to say how sure it is. */
	ck_assert_double_eq(measured(good, 1, good, 3).ratio, 2);
	ck_assert_double_nan(measured(good, 1, good, 3).p);
}
END_TEST

/* 2 / C(12, 6) = 0.002165 is below 0.05 / 23 and not below 0.05 / 24; 2 / C(14, 7) = 0.000583. */
START_TEST(how_many_repeats_can_say_anything)
{
	ck_assert_int_eq(effect_fewest(1), 6);
	ck_assert_int_eq(effect_fewest(23), 6);
	ck_assert_int_eq(effect_fewest(24), 7);
	ck_assert_int_eq(effect_fewest(85), 7);
	ck_assert_int_eq(effect_fewest(86), 8);
	ck_assert(!effect_is_enough(5, 1000, 1));
	ck_assert(effect_is_enough(6, 10, 24));
	ck_assert(effect_is_enough(1000, 1000, 1000));
}
END_TEST

/* Half the width takes four times the repeats; what runs differ by no repeat takes away. */
START_TEST(how_many_repeats_would_settle_it)
{
	struct effect effect = {
		.n = 10, .ratio = 1.01, .below = 0.03, .above = 0.03, .between = 0, .p = 0.5
	};
	const double half_width = 2.2621571 * 0.03;

	ck_assert_int_eq(effect_settle(&effect, 0.95, half_width / 2 * 1.000001), 40);
	effect.between = 0.01;
	ck_assert_int_gt(effect_settle(&effect, 0.95, half_width / 2), 40);
	effect.between = 0.03;
	ck_assert_int_eq(effect_settle(&effect, 0.95, half_width / 2), NO_INT);
	effect.n = 1;
	ck_assert_int_eq(effect_settle(&effect, 0.95, half_width), NO_INT);
}
END_TEST

/* A run of ten repeats: what it is off by, and what each repeat is. */
static void draw_run(gsl_rng *rng, double shift, double samples[10])
{
	double off = gsl_ran_gaussian(rng, 0.05) + shift;

	for (int i = 0; i < 10; i++)
		samples[i] = exp(off + gsl_ran_gaussian(rng, 0.05));
}

static double share_found(double shift)
{
	enum { ROUNDS = 400 };
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double base[10], now[10];
	int found = 0;

	for (int round = 0; round < ROUNDS; round++) {
		draw_run(rng, 0, base);
		draw_run(rng, shift, now);
		found += measured(base, 10, now, 10).p < EFFECT_ALPHA;
	}
	gsl_rng_free(rng);
	return (double)found / ROUNDS;
}

/* Runs that differ by as much as their repeats do, which the U test alone calls different half the time. */
START_TEST(runs_that_differ_are_not_taken_for_a_change)
{
	ck_assert_double_le(share_found(0), 0.05);
	ck_assert_double_ge(share_found(0.5), 0.95);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("effect");

	add_test(suite, holm_as_r_has_it);
	add_test(suite, the_interval_by_hand);
	add_test(suite, the_spread_by_hand);
	add_test(suite, without_any_spread_a_change_is_one);
	add_test(suite, both_have_to_say_it);
	add_test(suite, what_has_no_logarithm_is_no_time);
	add_test(suite, how_many_repeats_can_say_anything);
	add_test(suite, how_many_repeats_would_settle_it);
	add_test(suite, runs_that_differ_are_not_taken_for_a_change);
	return run_suite(suite);
}
