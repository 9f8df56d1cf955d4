/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which bytes are UTF-8, by an independent decoder: glibc's. */
#include "base/utf8.h"

#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check_main.h"

static void cleans(const char *text, const char *want)
{
	char *clean = utf8_clean(text);

	ck_assert_str_eq(clean, want);
	free(clean);
}

START_TEST(what_is_utf8_stays_as_it_is)
{
	cleans("", "");
	cleans("mutex | \"a\"\n\t\x01\x7f", "mutex | \"a\"\n\t\x01\x7f");
	cleans("\u00b7 \u20ac \U0001f600 \U0010ffff", "\u00b7 \u20ac \U0001f600 \U0010ffff");
}
END_TEST

START_TEST(each_byte_that_is_of_no_character_is_replaced)
{
	cleans("a\xff"
	       "b",
	       "a\ufffd"
	       "b");
	cleans("\x80\xbf", "\ufffd\ufffd");
	/* Cut off, before another character and at the end. */
	cleans("\xe2\x82/", "\ufffd\ufffd/");
	cleans("\xf0\x9f\x98", "\ufffd\ufffd\ufffd");
	/* A slash in two bytes, a surrogate, and what is above the last. */
	cleans("\xc0\xaf", "\ufffd\ufffd");
	cleans("\xed\xa0\x80", "\ufffd\ufffd\ufffd");
	cleans("\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd");
}
END_TEST

START_TEST(what_would_drive_a_terminal_is_no_text)
{
	char *text = utf8_text("a\n\tb\r\x1b[31m\x7f\xc2\x9b\u00a0\x80");

	ck_assert_str_eq(text, "a\n\tb\ufffd\ufffd[31m\ufffd\ufffd\u00a0\ufffd");
	free(text);
}
END_TEST

/* Whether glibc takes these bytes for one character. */
static bool is_one(iconv_t decoder, const char *bytes, size_t length)
{
	unsigned char wide[8];
	char *from = (char *)(uintptr_t)bytes, *to = (char *)wide;
	size_t left = length, room = sizeof(wide);

	iconv(decoder, NULL, NULL, NULL, NULL);
	return iconv(decoder, &from, &left, &to, &room) != (size_t)-1 && left == 0 &&
	       room == sizeof(wide) - 4;
}

START_TEST(all_two_bytes_and_what_may_follow_are_judged_as_glibc_does)
{
	static const char *const ends[] = { "",		"\x80", "\xbf", "\x80\x80",
					    "\xbf\xbf", "\x7f", "\xc0" };
	iconv_t decoder = iconv_open("UTF-32LE", "UTF-8");

	ck_assert(decoder != (iconv_t)-1);
	for (unsigned int first = 0x80; first < 0x10000; first++) {
		for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
			char text[8] = { (char)(first >> 8), (char)first };
			size_t length;

			if (!text[0] || !text[1])
				continue;
			strcat(text, ends[i]);
			length = utf8_length(text);
			for (size_t n = 1; n <= strlen(text) && n <= 4; n++)
				ck_assert_msg(is_one(decoder, text, n) == (n == length),
					      "%02x%02x, end %zu: %zu bytes", first >> 8,
					      first & 255, i, length);
		}
	}
	iconv_close(decoder);
}
END_TEST

static void assert_fits(const char *text, size_t room, const char *expected)
{
	char fitted[32];

	memset(fitted, 'x', sizeof(fitted));
	utf8_fit(text, fitted, room);
	ck_assert_str_eq(fitted, expected);
	for (size_t i = room; i < sizeof(fitted); i++)
		ck_assert_int_eq(fitted[i], 'x');
}

START_TEST(what_is_too_long_is_cut_behind_a_whole_character)
{
	assert_fits("", 4, "");
	assert_fits("1234567", 8, "1234567");
	assert_fits("12345678", 8, "1234...");
	assert_fits("12\xe2\x82\xac\xe2\x82\xac", 8, "12...");
	assert_fits("1\xe2\x82\xac\xe2\x82\xac", 8, "1\xe2\x82\xac\xe2\x82\xac");
	assert_fits("1\xff\xff\xff", 8, "1" UTF8_REPLACEMENT "...");
	assert_fits("12345", 4, "...");
}
END_TEST

START_TEST(a_name_that_fits_drives_no_terminal)
{
	assert_fits("a\033b\nc", 16, "a" UTF8_REPLACEMENT "b" UTF8_REPLACEMENT "c");
	/* U+0085, which some take for a new line; U+00A0 is a space. */
	assert_fits("\xc2\x85\xc2\xa0\x7f", 16, UTF8_REPLACEMENT "\xc2\xa0" UTF8_REPLACEMENT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("utf8");

	add_test(suite, what_is_utf8_stays_as_it_is);
	add_test(suite, each_byte_that_is_of_no_character_is_replaced);
	add_test(suite, what_would_drive_a_terminal_is_no_text);
	add_test(suite, all_two_bytes_and_what_may_follow_are_judged_as_glibc_does);
	add_test(suite, what_is_too_long_is_cut_behind_a_whole_character);
	add_test(suite, a_name_that_fits_drives_no_terminal);
	return run_suite(suite);
}
