/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/moment.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "lib/check_main.h"

#define S 1000000000ULL

static void at(const char *text, uint64_t seconds)
{
	struct moment moment = { 1, 1 };

	ck_assert_msg(moment_parse(text, &moment) == 0, "'%s' is refused", text);
	ck_assert_msg(moment.at_ns == seconds * S, "'%s' is taken for %lu", text,
		      (unsigned long)moment.at_ns);
	ck_assert_uint_eq(moment.period_ns, 0);
}

static void refused(const char *text)
{
	struct moment moment = { 11, 12 };

	ck_assert_msg(moment_parse(text, &moment) == -EINVAL, "'%s' is taken", text);
	ck_assert_uint_eq(moment.at_ns, 11);
	ck_assert_uint_eq(moment.period_ns, 12);
}

START_TEST(a_moment_is_a_date_with_its_zone_or_seconds)
{
	at("2026-01-31T12:00:00Z", 1769860800);
	at("2026-01-31T13:30:00+01:30", 1769860800);
	at("2026-01-31T07:00:00-0500", 1769860800);
	at("2028-02-29T00:00:00Z", 1835395200);
	at("@1769860800", 1769860800);
	at("@1", 1);
}
END_TEST

START_TEST(without_a_zone_it_is_local_time)
{
	setenv("TZ", "EST5", 1);
	tzset();
	at("2026-01-31T07:00:00", 1769860800);
}
END_TEST

START_TEST(what_is_no_moment_is_refused)
{
	static const char *const texts[] = { "",
					     "now",
					     "12:00",
					     "2026-01-31",
					     "2026-01-31 12:00:00Z",
					     "2026- 1-31T12:00:00Z",
					     "2026-02-29T12:00:00Z",
					     "2026-06-31T12:00:00Z",
					     "2026-13-01T12:00:00Z",
					     "2026-01-31T25:00:00Z",
					     "2026-01-31T12:00:00Zulu",
					     "2026-01-31T12:00:00 Z",
					     "1969-12-31T23:59:59Z",
					     "2300-01-01T00:00:00Z",
					     "9999-01-01T00:00:00Z",
					     "@",
					     "@0",
					     "@-5",
					     "@9223372036854775807",
					     "/",
					     "/10",
					     "/0s",
					     "/1us",
					     "/86401s",
					     "/-10s",
					     "10s" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		refused(texts[i]);
}
END_TEST

START_TEST(a_period_has_its_next_multiple_since_the_epoch)
{
	struct moment moment;

	ck_assert_int_eq(moment_parse("/10s", &moment), 0);
	ck_assert_uint_eq(moment.at_ns, 0);
	ck_assert_uint_eq(moment.period_ns, 10 * S);
	ck_assert_uint_eq(moment_next(&moment, 1769860801 * S), 1769860810 * S);
	ck_assert_uint_eq(moment_next(&moment, 1769860810 * S - 1), 1769860810 * S);
	ck_assert_uint_eq(moment_next(&moment, 1769860810 * S), 1769860820 * S);
	ck_assert_int_eq(moment_parse("/250ms", &moment), 0);
	ck_assert_uint_eq(moment_next(&moment, 1769860810 * S + 1), 1769860810 * S + S / 4);
}
END_TEST

START_TEST(a_single_moment_stays_what_it_is)
{
	struct moment moment;

	ck_assert_int_eq(moment_parse("@100", &moment), 0);
	ck_assert_uint_eq(moment_next(&moment, 5 * S), 100 * S);
	ck_assert_uint_eq(moment_next(&moment, 500 * S), 100 * S);
}
END_TEST

START_TEST(a_moment_is_written_in_utc)
{
	char text[MOMENT_TEXT];

	moment_text(1769860800 * S, text);
	ck_assert_str_eq(text, "2026-01-31T12:00:00Z");
	moment_text(1769860800 * S + S / 4, text);
	ck_assert_str_eq(text, "2026-01-31T12:00:00.25Z");
	moment_text(1769860800 * S + 1, text);
	ck_assert_str_eq(text, "2026-01-31T12:00:00.000000001Z");
	moment_text(INT64_MAX, text);
	ck_assert_str_eq(text, "2262-04-11T23:47:16.854775807Z");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("moment");

	add_test(suite, a_moment_is_a_date_with_its_zone_or_seconds);
	add_test(suite, without_a_zone_it_is_local_time);
	add_test(suite, what_is_no_moment_is_refused);
	add_test(suite, a_period_has_its_next_multiple_since_the_epoch);
	add_test(suite, a_single_moment_stays_what_it_is);
	add_test(suite, a_moment_is_written_in_utc);
	return run_suite(suite);
}
