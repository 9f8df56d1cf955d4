/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which passes of a race are timed: one of so many on the average, and no pattern in them. */
#include <string.h>

#include "lib/check_main.h"
#include "strategy/shape.h"

#define EVERY 10
#define GAPS 4000

/* Passes between two that are timed, of a race of its own. */
static void find_gaps(uint64_t seed, unsigned int index, uint64_t gaps[GAPS])
{
	struct race_shape *shapes = aligned_alloc(128, 2 * sizeof(*shapes));
	struct race race = { .workers = 2, .iterations = RACE_NO_LIMIT, .shapes = shapes };
	struct worker worker = { .race = &race, .index = index };
	size_t n = 0;

	ck_assert_ptr_nonnull(shapes);
	memset(shapes, 0, 2 * sizeof(*shapes));
	shapes[index].every = EVERY;
	shapes[index].seed = seed;
	memset(gaps, 0, GAPS * sizeof(*gaps));
	shape_begin(&worker);
	while (n < GAPS) {
		uint64_t start_ns;

		ck_assert(shape_next(&worker, worker.done++, &start_ns));
		gaps[n]++;
		n += start_ns != 0;
	}
	free(shapes);
}

START_TEST(gaps_are_of_every_length_and_right_on_the_average)
{
	uint64_t gaps[GAPS], passes = 0, of_length[2 * EVERY] = { 0 };

	find_gaps(7, 0, gaps);
	for (size_t i = 0; i < GAPS; i++) {
		ck_assert_uint_ge(gaps[i], 1);
		ck_assert_uint_lt(gaps[i], 2 * EVERY);
		of_length[gaps[i]]++;
		passes += gaps[i];
	}
	/* The standard error of the mean is 5.5 / sqrt(4000). */
	ck_assert_double_eq_tol((double)passes / GAPS, EVERY, 0.4);
	for (size_t length = 1; length < 2 * EVERY; length++)
		ck_assert_uint_gt(of_length[length], GAPS / (2 * EVERY) / 2);
}
END_TEST

START_TEST(they_are_the_seeds_and_each_worker_has_others)
{
	uint64_t first[GAPS], again[GAPS], other[GAPS];

	find_gaps(7, 0, first);
	find_gaps(7, 0, again);
	ck_assert_mem_eq(first, again, sizeof(first));
	find_gaps(7, 1, other);
	ck_assert_mem_ne(first, other, sizeof(first));
	find_gaps(8, 0, other);
	ck_assert_mem_ne(first, other, sizeof(first));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gaps");

	add_test(suite, gaps_are_of_every_length_and_right_on_the_average);
	add_test(suite, they_are_the_seeds_and_each_worker_has_others);
	return run_suite(suite);
}
