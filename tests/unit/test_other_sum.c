/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sleeps for `other` by system call: what of two snapshots' tables ends up in the session. */
#include <sys/syscall.h>

#include "lib/check_main.h"
#include "session/fields.h"
#include "session/merge.h"

static struct other_sums sums;
static struct sleeps sleeps;

static void set_up(void)
{
	sums = (struct other_sums){ 0 };
	fields_clear(&sleeps_shape, &sleeps);
}

static void clean_up(void)
{
	other_sums_free(&sums);
	fields_free(&sleeps_shape, &sleeps);
}

static struct tb_other entry(uint32_t call, uint64_t slept, uint64_t wait_ns)
{
	return (struct tb_other){ .taken = 1, .call = call, .slept = slept, .wait_ns = wait_ns };
}

static void check_row(size_t index, const char *name, int64_t slept, int64_t wait_ns)
{
	ck_assert_uint_lt(index, sleeps.n_other);
	ck_assert_str_eq(sleeps.other[index].name, name);
	ck_assert_int_eq(sleeps.other[index].slept, slept);
	ck_assert_int_eq(sleeps.other[index].wait_ns, wait_ns);
}

START_TEST(calls_of_all_tasks_are_summed_and_named_the_longest_first)
{
	const struct tb_other none[TB_OTHERS] = { { 0 } };
	const struct tb_other first[TB_OTHERS] = { entry(SYS_wait4, 2, 20),
						   entry(SYS_flock, 1, 500) };
	const struct tb_other second[TB_OTHERS] = { entry(SYS_flock, 3, 600),
						    entry(TB_OTHER_STOPPED, 1, 700),
						    [TB_OTHERS - 1] = entry(TB_OTHER_REST, 4, 10) };

	set_up();
	ck_assert_int_eq(other_sums_add(&sums, none, first), 0);
	ck_assert_int_eq(other_sums_add(&sums, none, second), 0);
	ck_assert_int_eq(merge_others(&sums, &sleeps), 0);
	ck_assert_uint_eq(sleeps.n_other, 4);
	check_row(0, "flock", 4, 1100);
	check_row(1, "stopped", 1, 700);
	check_row(2, "wait4", 2, 20);
	check_row(3, "unnamed", 4, 10);
	clean_up();
}
END_TEST

START_TEST(what_was_before_the_window_does_not_count)
{
	const struct tb_other from[TB_OTHERS] = { entry(SYS_wait4, 2, 20), entry(SYS_flock, 1, 5) };
	const struct tb_other to[TB_OTHERS] = { entry(SYS_wait4, 2, 20), entry(SYS_flock, 3, 9) };

	set_up();
	ck_assert_int_eq(other_sums_add(&sums, from, to), 0);
	ck_assert_int_eq(merge_others(&sums, &sleeps), 0);
	ck_assert_uint_eq(sleeps.n_other, 1);
	check_row(0, "flock", 2, 4);
	clean_up();
}
END_TEST

START_TEST(no_sleep_is_an_empty_list)
{
	set_up();
	ck_assert_int_eq(merge_others(&sums, &sleeps), 0);
	ck_assert_ptr_nonnull(sleeps.other);
	ck_assert_uint_eq(sleeps.n_other, 0);
	clean_up();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("other sum");

	add_test(suite, calls_of_all_tasks_are_summed_and_named_the_longest_first);
	add_test(suite, what_was_before_the_window_does_not_count);
	add_test(suite, no_sleep_is_an_empty_list);
	return run_suite(suite);
}
