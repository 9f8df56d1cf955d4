/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/foreign.h"

#include <jansson.h>
#include <string.h>

#include "lib/check_main.h"

static void assert_becomes(const char *bytes, size_t size, const char *expected)
{
	char *text = foreign_text(bytes, size);

	ck_assert_str_eq(text, expected);
	free(text);
}

START_TEST(printable_ascii_stays)
{
	assert_becomes("kworker/0:1-ev \"'~", 64, "kworker/0:1-ev \"'~");
	assert_becomes("", 16, "");
}
END_TEST

START_TEST(it_ends_at_a_zero_or_at_the_size)
{
	assert_becomes("abc\0def", 7, "abc");
	assert_becomes("abcdef", 4, "abcd");
}
END_TEST

START_TEST(other_bytes_are_escaped)
{
	assert_becomes("\x80\xff\n\033\t\x7f\x01", 16, "\\x80\\xff\\x0a\\x1b\\x09\\x7f\\x01");
	assert_becomes("\xc3\xbc", 16, "\\xc3\\xbc");
}
END_TEST

START_TEST(an_escape_that_was_there_is_told_from_ours)
{
	assert_becomes("\\x80", 16, "\\\\x80");
}
END_TEST

START_TEST(every_byte_is_printable_ascii_then_and_jansson_takes_it)
{
	for (int byte = 1; byte < 256; byte++) {
		const char name[] = { 'a', (char)byte, 'b' };
		char *text = foreign_text(name, sizeof(name));
		json_t *json = json_string(text);

		ck_assert_ptr_nonnull(json);
		for (const char *c = text; *c; c++)
			ck_assert(*c >= ' ' && *c <= '~');
		json_decref(json);
		free(text);
	}
}
END_TEST

static void assert_fits_as(const char *bytes, size_t size, const char *expected)
{
	char text[16];

	memset(text, '#', sizeof(text));
	foreign_fit(bytes, text, size);
	ck_assert_str_eq(text, expected);
	for (size_t i = size; i < sizeof(text); i++)
		ck_assert_int_eq(text[i], '#');
}

START_TEST(what_fits_is_whole_and_what_does_not_ends_in_dots)
{
	assert_fits_as("", 4, "");
	assert_fits_as("abcdefg", 8, "abcdefg");
	assert_fits_as("abcdefgh", 8, "abcd...");
	assert_fits_as("abcd", 4, "...");
}
END_TEST

START_TEST(an_escape_is_not_cut)
{
	assert_fits_as("\n\n\n", 13, "\\x0a\\x0a\\x0a");
	assert_fits_as("\n\n\n", 12, "\\x0a\\x0a...");
	assert_fits_as("\n\n\n", 11, "\\x0a...");
	assert_fits_as("a\\\\", 5, "a...");
	assert_fits_as("\n", 4, "...");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("foreign");

	add_test(suite, printable_ascii_stays);
	add_test(suite, it_ends_at_a_zero_or_at_the_size);
	add_test(suite, other_bytes_are_escaped);
	add_test(suite, an_escape_that_was_there_is_told_from_ours);
	add_test(suite, every_byte_is_printable_ascii_then_and_jansson_takes_it);
	add_test(suite, what_fits_is_whole_and_what_does_not_ends_in_dots);
	add_test(suite, an_escape_is_not_cut);
	return run_suite(suite);
}
