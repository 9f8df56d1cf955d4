/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parse.h"

#include <errno.h>

#include "lib/check_main.h"

#define UNTOUCHED 12345

static void count_is(const char *text, uint64_t want)
{
	uint64_t value = UNTOUCHED;

	ck_assert_msg(parse_count(text, 0, UINT64_MAX, &value) == 0, "'%s' is refused", text);
	ck_assert_msg(value == want, "'%s' is taken for %lu", text, (unsigned long)value);
}

static void count_fails(const char *text, uint64_t min, uint64_t max, int want)
{
	uint64_t value = UNTOUCHED;
	int err = parse_count(text, min, max, &value);

	ck_assert_msg(err == want, "'%s' gives %d", text, err);
	ck_assert_uint_eq(value, UNTOUCHED);
}

START_TEST(counts_take_decimal_suffixes)
{
	count_is("0", 0);
	count_is("5", 5);
	count_is("007", 7);
	count_is("10k", 10000);
	count_is("2M", 2000000);
	count_is("1G", 1000000000);
	count_is("18446744073709551615", UINT64_MAX);
	count_is("18446744073G", 18446744073000000000U);
}
END_TEST

START_TEST(counts_have_no_sign_no_blank_and_no_rubbish)
{
	static const char *const bad[] = { "",	  "k",	 "-1",	 "+1",	" 1", "1 ", "1x", "1kk",
					   "1Ki", "1.5", "0x10", "1e3", "1K", "1m", "1,", "k1",
					   "1\n", "inf", "nan",	 "٣",	"１", "1g" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		count_fails(bad[i], 0, UINT64_MAX, -EINVAL);
}
END_TEST

START_TEST(counts_do_not_overflow)
{
	count_fails("18446744073709551616", 0, UINT64_MAX, -ERANGE);
	count_fails("99999999999999999999999999", 0, UINT64_MAX, -ERANGE);
	count_fails("18446744074G", 0, UINT64_MAX, -ERANGE);
	count_fails("18446744073709552k", 0, UINT64_MAX, -ERANGE);
}
END_TEST

START_TEST(counts_stay_in_their_range)
{
	uint64_t value;

	ck_assert_int_eq(parse_count("1", 1, 1024, &value), 0);
	ck_assert_int_eq(parse_count("1024", 1, 1024, &value), 0);
	count_fails("0", 1, 1024, -ERANGE);
	count_fails("1025", 1, 1024, -ERANGE);
	count_fails("2k", 1, 1024, -ERANGE);
}
END_TEST

static void duration_is(const char *text, uint64_t want)
{
	uint64_t ns = UNTOUCHED;

	ck_assert_msg(parse_duration(text, 0, UINT64_MAX, &ns) == 0, "'%s' is refused", text);
	ck_assert_msg(ns == want, "'%s' is taken for %lu ns", text, (unsigned long)ns);
}

static void duration_fails(const char *text, uint64_t min, uint64_t max, int want)
{
	uint64_t ns = UNTOUCHED;
	int err = parse_duration(text, min, max, &ns);

	ck_assert_msg(err == want, "'%s' gives %d", text, err);
	ck_assert_uint_eq(ns, UNTOUCHED);
}

START_TEST(durations_take_units_and_fractions)
{
	duration_is("80ns", 80);
	duration_is("250us", 250000);
	duration_is("100ms", 100000000);
	duration_is("2s", 2000000000);
	duration_is("1.5s", 1500000000);
	duration_is("0.25ms", 250000);
	duration_is("1.000000001s", 1000000001);
	duration_is("1.5000000000000000000000s", 1500000000);
	duration_is("3.000ns", 3);
	duration_is("18446744073.709551615s", UINT64_MAX);
}
END_TEST

START_TEST(durations_need_a_unit_and_nothing_else)
{
	static const char *const bad[] = { "",	    "5",      "s",    "1.5",  "1.s", ".5s",
					   "1..5s", "1.2.3s", "-1s",  "+1s",  " 1s", "1 s",
					   "1S",    "1m",     "1h",   "1min", "1sx", "1e3ns",
					   "ms1",   "1s ",    "0x1s", "1,5s" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		duration_fails(bad[i], 0, UINT64_MAX, -EINVAL);
}
END_TEST

START_TEST(durations_finer_than_a_nanosecond_are_refused)
{
	duration_fails("1.5ns", 0, UINT64_MAX, -EINVAL);
	duration_fails("1.01ns", 0, UINT64_MAX, -EINVAL);
	duration_fails("0.0001us", 0, UINT64_MAX, -EINVAL);
	duration_fails("1.0000000001s", 0, UINT64_MAX, -EINVAL);
}
END_TEST

START_TEST(durations_do_not_overflow_and_stay_in_their_range)
{
	uint64_t ns;

	duration_fails("18446744074s", 0, UINT64_MAX, -ERANGE);
	duration_fails("18446744073.709551616s", 0, UINT64_MAX, -ERANGE);
	duration_fails("99999999999999999999ns", 0, UINT64_MAX, -ERANGE);
	ck_assert_int_eq(parse_duration("1ms", 1000000, 2000000, &ns), 0);
	ck_assert_int_eq(parse_duration("2ms", 1000000, 2000000, &ns), 0);
	duration_fails("999us", 1000000, 2000000, -ERANGE);
	duration_fails("2.000001ms", 1000000, 2000000, -ERANGE);
}
END_TEST

static void percent_is(const char *text, double want)
{
	double share = UNTOUCHED;

	ck_assert_msg(parse_percent(text, 1000, &share) == 0, "'%s' is refused", text);
	ck_assert_double_eq(share, want);
}

START_TEST(percentages_are_shares)
{
	static const char *const bad[] = { "",	   "5",	  "%",	  "5 %",    "-5%",
					   "+5%",  " 5%", "5%%",  "5.%",    ".5%",
					   "1e2%", "5%x", "nan%", "5.5.5%", "0.0005%" };
	double share = UNTOUCHED;

	percent_is("5%", 0.05);
	percent_is("0%", 0);
	percent_is("0.25%", 0.0025);
	percent_is("12.125%", 0.12125);
	percent_is("1000%", 10);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(parse_percent(bad[i], 1000, &share) == -EINVAL, "'%s' is taken",
			      bad[i]);
	ck_assert_int_eq(parse_percent("1000.001%", 1000, &share), -ERANGE);
	ck_assert_int_eq(parse_percent("99999999999999999999%", 1000, &share), -ERANGE);
	ck_assert_double_eq(share, UNTOUCHED);
}
END_TEST

static void cpus_are(const char *text, const int *want, size_t n_want)
{
	int *cpus = NULL;
	size_t n_cpus = 0;

	ck_assert_msg(parse_cpu_list(text, &cpus, &n_cpus) == 0, "'%s' is refused", text);
	ck_assert_msg(n_cpus == n_want, "'%s' names %zu CPUs", text, n_cpus);
	for (size_t i = 0; i < n_want; i++)
		ck_assert_int_eq(cpus[i], want[i]);
	free(cpus);
}

START_TEST(cpu_lists_keep_their_order)
{
	cpus_are("0", (int[]){ 0 }, 1);
	cpus_are("0,2-3", (int[]){ 0, 2, 3 }, 3);
	cpus_are("3,1", (int[]){ 3, 1 }, 2);
	cpus_are("0,0", (int[]){ 0, 0 }, 2);
	cpus_are("5-5", (int[]){ 5 }, 1);
	cpus_are("8191", (int[]){ 8191 }, 1);
}
END_TEST

static void cpus_fail(const char *text, int want)
{
	int untouched, *cpus = &untouched;
	size_t n_cpus = UNTOUCHED;
	int err = parse_cpu_list(text, &cpus, &n_cpus);

	ck_assert_msg(err == want, "'%s' gives %d", text, err);
	ck_assert_ptr_eq(cpus, &untouched);
	ck_assert_uint_eq(n_cpus, UNTOUCHED);
}

START_TEST(cpu_lists_of_another_form_are_refused)
{
	static const char *const bad[] = { "",	  ",",	   "0,",  ",0",	  "0,,1", "a",	"0-", "-1",
					   "3-2", "0-1-2", "0 1", "0, 1", "0;1",  "1k", "0-a" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cpus_fail(bad[i], -EINVAL);
}
END_TEST

START_TEST(cpu_lists_are_bounded)
{
	cpus_fail("8192", -ERANGE);
	cpus_fail("0-8192", -ERANGE);
	cpus_fail("0-99999999999999999999999", -ERANGE);
	cpus_fail("0-18446744073709551615", -ERANGE);
	cpus_fail("0-8191,0", -ERANGE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("parse");

	add_test(suite, counts_take_decimal_suffixes);
	add_test(suite, counts_have_no_sign_no_blank_and_no_rubbish);
	add_test(suite, counts_do_not_overflow);
	add_test(suite, counts_stay_in_their_range);
	add_test(suite, durations_take_units_and_fractions);
	add_test(suite, durations_need_a_unit_and_nothing_else);
	add_test(suite, durations_finer_than_a_nanosecond_are_refused);
	add_test(suite, durations_do_not_overflow_and_stay_in_their_range);
	add_test(suite, cpu_lists_keep_their_order);
	add_test(suite, cpu_lists_of_another_form_are_refused);
	add_test(suite, cpu_lists_are_bounded);
	add_test(suite, percentages_are_shares);
	return run_suite(suite);
}
