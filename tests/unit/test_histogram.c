/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/histogram.h"

#include <inttypes.h>
#include <stdlib.h>

#include "lib/check_main.h"

#define LAST (TB_HIST_BUCKETS - 1)
#define OPEN_NS (1ULL << TB_HIST_MAX_SHIFT)

/* xorshift64 (G. Marsaglia, 2003): the same numbers each time. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* A duration whose magnitude is as likely as any other. */
static uint64_t random_ns(uint64_t *state)
{
	unsigned int shift = (unsigned int)(next_random(state) % 64);

	return next_random(state) >> shift;
}

/* One assertion on the whole: check writes each down, and this is called a million times. */
static void assert_in_its_bucket(uint64_t ns)
{
	uint32_t index = tb_hist_index(ns);
	bool right = index < TB_HIST_BUCKETS && ns >= tb_hist_floor(index) &&
		     (index == LAST || ns < tb_hist_floor(index + 1));

	if (!right)
		ck_abort_msg("%" PRIu64 " ns is not in bucket %" PRIu32, ns, index);
}

START_TEST(index_and_floor_are_inverses)
{
	for (uint32_t i = 0; i < TB_HIST_BUCKETS; i++) {
		ck_assert_uint_eq(tb_hist_index(tb_hist_floor(i)), i);
		if (i > 0)
			ck_assert_uint_eq(tb_hist_index(tb_hist_floor(i) - 1), i - 1);
	}
}
END_TEST

START_TEST(every_duration_is_in_its_bucket)
{
	uint64_t state = 7341;

	for (unsigned int shift = 0; shift < 64; shift++) {
		assert_in_its_bucket((1ULL << shift) - 1);
		assert_in_its_bucket(1ULL << shift);
		assert_in_its_bucket((1ULL << shift) + 1);
	}
	assert_in_its_bucket(UINT64_MAX);
	for (int i = 0; i < 1000000; i++)
		assert_in_its_bucket(random_ns(&state));
}
END_TEST

START_TEST(the_ends_are_where_the_header_says)
{
	ck_assert_uint_eq(tb_hist_floor(0), 0);
	ck_assert_uint_eq(tb_hist_floor(1), 1ULL << TB_HIST_MIN_SHIFT);
	ck_assert_uint_eq(tb_hist_floor(LAST), OPEN_NS);
	ck_assert_uint_eq(tb_hist_index(OPEN_NS - 1), LAST - 1);
	ck_assert_uint_eq(tb_hist_index(OPEN_NS), LAST);
	ck_assert_uint_eq(tb_hist_index(UINT64_MAX), LAST);
}
END_TEST

START_TEST(a_bucket_is_at_most_a_quarter_of_its_floor_wide)
{
	for (uint32_t i = 1; i < LAST; i++) {
		uint64_t floor = tb_hist_floor(i), width = tb_hist_floor(i + 1) - floor;

		ck_assert_uint_gt(width, 0);
		ck_assert_uint_le(width << TB_HIST_SUB_BITS, floor);
	}
}
END_TEST

START_TEST(the_logarithm_is_exact)
{
	ck_assert_uint_eq(tb_hist_log2(0), 0);
	for (unsigned int shift = 0; shift < 63; shift++) {
		ck_assert_uint_eq(tb_hist_log2(1ULL << shift), shift);
		ck_assert_uint_eq(tb_hist_log2((2ULL << shift) - 1), shift);
	}
}
END_TEST

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The nearest-rank percentile, by definition. */
static uint64_t exact(const uint64_t *sorted, size_t n, unsigned int percent)
{
	return sorted[(n * percent + 99) / 100 - 1];
}

static void assert_close(int64_t estimate, uint64_t truth)
{
	uint64_t error = (uint64_t)llabs(estimate - (int64_t)truth);

	if (truth < 1ULL << TB_HIST_MIN_SHIFT)
		ck_assert_uint_lt(error, 1ULL << TB_HIST_MIN_SHIFT);
	else
		ck_assert_uint_lt(error << TB_HIST_SUB_BITS, truth);
}

static void assert_percentiles(uint64_t *durations, size_t n)
{
	struct histogram histogram = { .count = { 0 } };
	struct distribution distribution;
	int64_t total = 0;

	for (size_t i = 0; i < n; i++)
		histogram.count[tb_hist_index(durations[i])]++;
	qsort(durations, n, sizeof(*durations), compare);
	ck_assert_int_eq(histogram_distribution(&histogram, &distribution), 0);
	assert_close(distribution.p50, exact(durations, n, 50));
	assert_close(distribution.p99, exact(durations, n, 99));
	ck_assert_int_le(distribution.p50, distribution.p99);
	ck_assert_int_le(distribution.p99, distribution.max);
	ck_assert_int_gt(distribution.max, (int64_t)durations[n - 1]);
	for (size_t i = 0; i < distribution.n_bins; i++) {
		ck_assert_int_gt(distribution.bins[i].n, 0);
		if (i > 0)
			ck_assert_int_ge(distribution.bins[i].lo, distribution.bins[i - 1].hi);
		total += distribution.bins[i].n;
	}
	ck_assert_int_eq(total, (int64_t)n);
	free(distribution.bins);
}

START_TEST(percentiles_are_within_the_bound)
{
	static uint64_t durations[5000];
	uint64_t state = 42;

	for (size_t n = 1; n <= 5000; n += n < 250 ? 1 : 475) {
		for (size_t i = 0; i < n; i++)
			durations[i] = random_ns(&state) % OPEN_NS;
		assert_percentiles(durations, n);
		for (size_t i = 0; i < n; i++)
			durations[i] = 900 + next_random(&state) % 300;
		assert_percentiles(durations, n);
	}
}
END_TEST

START_TEST(percentiles_are_interpolated_inside_a_bin)
{
	struct histogram histogram = { .count = { 0 } };
	struct distribution distribution;

	histogram.count[tb_hist_index(1024)] = 100;
	ck_assert_int_eq(histogram_distribution(&histogram, &distribution), 0);
	/* The 50th and 99th of 100 in [1024, 1280): 1024 + 256 * 0.495 and 0.985. */
	ck_assert_int_eq(distribution.p50, 1150);
	ck_assert_int_eq(distribution.p99, 1276);
	ck_assert_int_eq(distribution.max, 1280);
	ck_assert_uint_eq(distribution.n_bins, 1);
	ck_assert_int_eq(distribution.bins[0].lo, 1024);
	ck_assert_int_eq(distribution.bins[0].hi, 1280);
	ck_assert_int_eq(distribution.bins[0].n, 100);
	free(distribution.bins);
}
END_TEST

START_TEST(the_open_bin_promises_only_its_lower_bound)
{
	struct histogram histogram = { .count = { 0 } };
	struct distribution distribution;

	histogram.count[0] = 98;
	histogram.count[LAST] = 2;
	ck_assert_int_eq(histogram_distribution(&histogram, &distribution), 0);
	ck_assert_int_lt(distribution.p50, 256);
	ck_assert_int_eq(distribution.p99, (int64_t)OPEN_NS);
	ck_assert_int_eq(distribution.max, NO_INT);
	ck_assert_uint_eq(distribution.n_bins, 2);
	ck_assert_int_eq(distribution.bins[1].lo, (int64_t)OPEN_NS);
	ck_assert_int_eq(distribution.bins[1].hi, NO_INT);
	free(distribution.bins);
}
END_TEST

START_TEST(nothing_counted_has_no_percentiles)
{
	const struct histogram histogram = { .count = { 0 } };
	struct distribution distribution;

	ck_assert_int_eq(histogram_distribution(&histogram, &distribution), 0);
	ck_assert_int_eq(distribution.p50, NO_INT);
	ck_assert_int_eq(distribution.p99, NO_INT);
	ck_assert_int_eq(distribution.max, NO_INT);
	ck_assert_uint_eq(distribution.n_bins, 0);
	ck_assert_ptr_null(distribution.bins);
}
END_TEST

START_TEST(a_window_is_the_difference)
{
	struct tb_histogram from = { .count = { 5, 0, 7 } }, to = { .count = { 9, 1, 7 } }, window;

	from.count[LAST] = UINT32_MAX;
	to.count[LAST] = 2;
	histogram_window(&from, &to, &window);
	ck_assert_uint_eq(window.count[0], 4);
	ck_assert_uint_eq(window.count[1], 1);
	ck_assert_uint_eq(window.count[2], 0);
	ck_assert_uint_eq(window.count[LAST], 3);
}
END_TEST

START_TEST(sums_hold_more_than_32_bits)
{
	struct histogram sum = { .count = { 0 } };
	struct tb_histogram window = { .count = { 1 } };
	struct distribution distribution;

	window.count[LAST] = UINT32_MAX;
	for (int i = 0; i < 3; i++)
		histogram_add(&sum, &window);
	ck_assert_uint_eq(sum.count[0], 3);
	ck_assert_uint_eq(sum.count[LAST], 3ULL * UINT32_MAX);
	ck_assert_int_eq(histogram_distribution(&sum, &distribution), 0);
	ck_assert_int_eq(distribution.bins[1].n, 3LL * UINT32_MAX);
	free(distribution.bins);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("histogram");

	add_test(suite, index_and_floor_are_inverses);
	add_test(suite, every_duration_is_in_its_bucket);
	add_test(suite, the_ends_are_where_the_header_says);
	add_test(suite, a_bucket_is_at_most_a_quarter_of_its_floor_wide);
	add_test(suite, the_logarithm_is_exact);
	add_test(suite, percentiles_are_within_the_bound);
	add_test(suite, percentiles_are_interpolated_inside_a_bin);
	add_test(suite, the_open_bin_promises_only_its_lower_bound);
	add_test(suite, nothing_counted_has_no_percentiles);
	add_test(suite, a_window_is_the_difference);
	add_test(suite, sums_hold_more_than_32_bits);
	return run_suite(suite);
}
