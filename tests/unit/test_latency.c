/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Percentiles of the histogram of latencies beside those of all durations, sorted. */
#include <math.h>
#include <stdlib.h>

#include "base/latency.h"
#include "lib/check_main.h"

#define N 20000

static const double shares[] = { 0.0001, 0.01, 0.5, 0.9, 0.99, 0.999, 1 };

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

/* Within the error that the header derives. */
static void assert_quantiles(const struct latency *latency, uint64_t *durations, size_t n)
{
	qsort(durations, n, sizeof(*durations), compare);
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		uint64_t exact = durations[(size_t)ceil(shares[i] * (double)n) - 1];
		uint64_t got = latency_quantile(latency, shares[i]);
		double error = fabs((double)got - (double)exact);

		ck_assert_msg(error <= (exact < 128 ? 0 : (double)exact / 128),
			      "share %g: %lu, exact %lu", shares[i], (unsigned long)got,
			      (unsigned long)exact);
	}
	ck_assert_uint_eq(latency_quantile(latency, 1), durations[n - 1]);
}

/* From a nanosecond to hours, each power of two as likely as the next. */
static uint64_t any_duration(void)
{
	return (uint64_t)exp2(drand48() * 46);
}

static uint64_t short_duration(void)
{
	return (uint64_t)(drand48() * 300);
}

static void assert_of(uint64_t (*draw)(void))
{
	static uint64_t durations[N];
	struct latency *latency = calloc(1, sizeof(*latency));

	srand48(4);
	for (size_t i = 0; i < N; i++) {
		durations[i] = draw();
		latency_add(latency, durations[i]);
	}
	assert_quantiles(latency, durations, N);
	free(latency);
}

START_TEST(percentiles_are_within_the_bound)
{
	assert_of(any_duration);
	assert_of(short_duration);
}
END_TEST

START_TEST(every_duration_is_in_the_bucket_that_says_so)
{
	for (unsigned int bits = 0; bits < LATENCY_MAX_BITS; bits++) {
		for (int64_t off = -1; off <= 1; off++) {
			uint64_t ns = (UINT64_C(1) << bits) + (uint64_t)off;
			unsigned int bucket = latency_bucket(ns);

			ck_assert_uint_lt(bucket, LATENCY_BUCKETS);
			ck_assert_uint_le(latency_floor(bucket), ns);
			ck_assert_uint_gt(latency_floor(bucket + 1), ns);
		}
	}
	ck_assert_uint_eq(latency_bucket(UINT64_MAX), LATENCY_BUCKETS - 1);
	ck_assert_uint_eq(latency_floor(LATENCY_BUCKETS), UINT64_C(1) << LATENCY_MAX_BITS);
}
END_TEST

START_TEST(merged_they_are_those_of_all)
{
	static uint64_t durations[N];
	struct latency *parts = calloc(4, sizeof(*parts)), *sum = calloc(1, sizeof(*sum));

	srand48(5);
	for (size_t i = 0; i < N; i++) {
		/* The shortest and the longest are in the second part. */
		durations[i] = i == 1 ? 1 : i == 4 ? UINT64_C(1) << 46 : 2 + any_duration() / 2;
		/* The fourth stays empty. */
		latency_add(&parts[i % 3], durations[i]);
	}
	for (size_t i = 0; i < 4; i++)
		latency_merge(sum, &parts[i]);
	ck_assert_uint_eq(sum->count, N);
	assert_quantiles(sum, durations, N);
	ck_assert_uint_eq(sum->min, durations[0]);
	free(sum);
	free(parts);
}
END_TEST

START_TEST(a_single_duration_is_all_its_percentiles)
{
	struct latency *latency = calloc(1, sizeof(*latency));

	latency_add(latency, 1000003);
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++)
		ck_assert_uint_eq(latency_quantile(latency, shares[i]), 1000003);
	free(latency);
}
END_TEST

/* The smallest that a share of all do not exceed, and not the next. */
START_TEST(percentiles_are_by_nearest_rank)
{
	struct latency *latency = calloc(1, sizeof(*latency));

	for (uint64_t ns = 100; ns > 0; ns--)
		latency_add(latency, ns);
	ck_assert_uint_eq(latency_quantile(latency, 0.001), 1);
	ck_assert_uint_eq(latency_quantile(latency, 0.5), 50);
	ck_assert_uint_eq(latency_quantile(latency, 0.501), 51);
	ck_assert_uint_eq(latency_quantile(latency, 0.9), 90);
	ck_assert_uint_eq(latency_quantile(latency, 0.99), 99);
	ck_assert_uint_eq(latency_quantile(latency, 0.999), 100);
	free(latency);
}
END_TEST

/* The first count of durations of which one lies above the percentile. */
START_TEST(a_percentile_needs_a_duration_above_it)
{
	static const struct {
		double share;
		uint64_t needs;
	} all[] = { { 0.5, 2 }, { 0.9, 10 }, { 0.99, 100 }, { 0.999, 1000 } };
	struct latency *latency = calloc(1, sizeof(*latency));

	ck_assert(!latency_has_quantile(latency, 0.5));
	for (uint64_t n = 1; n <= 3000; n++) {
		latency_add(latency, n);
		for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
			ck_assert_msg(latency_has_quantile(latency, all[i].share) ==
					      (n >= all[i].needs),
				      "share %g of %lu", all[i].share, (unsigned long)n);
		ck_assert(!latency_has_quantile(latency, 1));
	}
	free(latency);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("latency");

	add_test(suite, percentiles_are_within_the_bound);
	add_test(suite, every_duration_is_in_the_bucket_that_says_so);
	add_test(suite, merged_they_are_those_of_all);
	add_test(suite, a_single_duration_is_all_its_percentiles);
	add_test(suite, percentiles_are_by_nearest_rank);
	add_test(suite, a_percentile_needs_a_duration_above_it);
	return run_suite(suite);
}
