/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/nearest.h"

#include <string.h>

#include "lib/check_main.h"

static const char *const names[] = { "mutex", "pipe", "turn-futex", "sequential", "none" };

#define NEAREST(name) nearest(name, names, sizeof(names) / sizeof(names[0]))

START_TEST(one_edit_of_any_kind_is_near)
{
	ck_assert_str_eq(NEAREST("mutx"), "mutex");
	ck_assert_str_eq(NEAREST("muttex"), "mutex");
	ck_assert_str_eq(NEAREST("mutax"), "mutex");
	ck_assert_str_eq(NEAREST("muetx"), "mutex");
	ck_assert_str_eq(NEAREST("mutex"), "mutex");
}
END_TEST

START_TEST(a_swap_of_neighbours_is_one_edit)
{
	/* Were it two, a word of four letters would not allow it. */
	ck_assert_str_eq(NEAREST("ppie"), "pipe");
	ck_assert_str_eq(NEAREST("noen"), "none");
}
END_TEST

START_TEST(a_third_of_the_length_may_be_wrong)
{
	ck_assert_str_eq(NEAREST("seqential"), "sequential");
	ck_assert_str_eq(NEAREST("seqentail"), "sequential");
	ck_assert_str_eq(NEAREST("sekentail"), "sequential");
	ck_assert_ptr_null(NEAREST("zekentail"));
	ck_assert_ptr_null(NEAREST("muxxx"));
	ck_assert_ptr_null(NEAREST("mtx"));
	ck_assert_ptr_null(NEAREST("xyzzy"));
	ck_assert_ptr_null(NEAREST(""));
}
END_TEST

START_TEST(the_nearest_wins_and_the_first_of_equals)
{
	static const char *const close[] = { "aaaaxx", "aaaaax", "aaaaay" };

	ck_assert_str_eq(nearest("aaaaaa", close, 3), "aaaaax");
	ck_assert_str_eq(nearest("aaaaay", close, 3), "aaaaay");
	ck_assert_ptr_null(nearest("aaaaaa", close, 0));
}
END_TEST

START_TEST(long_names_have_no_neighbours)
{
	char name[80], one_more[80];
	const char *const same[] = { name };

	memset(name, 'a', sizeof(name));
	memset(one_more, 'a', sizeof(one_more));
	name[64] = one_more[64] = '\0';
	ck_assert_ptr_null(nearest(name, same, 1));
	name[63] = '\0';
	ck_assert_ptr_eq(nearest(name, same, 1), name);
	ck_assert_ptr_null(nearest(one_more, same, 1));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("nearest");

	add_test(suite, one_edit_of_any_kind_is_near);
	add_test(suite, a_swap_of_neighbours_is_one_edit);
	add_test(suite, a_third_of_the_length_may_be_wrong);
	add_test(suite, the_nearest_wins_and_the_first_of_equals);
	add_test(suite, long_names_have_no_neighbours);
	return run_suite(suite);
}
