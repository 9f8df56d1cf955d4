/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was drawn for people, looked at. Goldens are tests/unit/golden/table-*.txt. GOLDEN_UPDATE=1
 * in the environment rewrites those: read the difference before committing it.
 */
#ifndef TRACEBENCH_TESTS_DRAWN_H
#define TRACEBENCH_TESTS_DRAWN_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "report/report.h"

typedef int report(const struct session *session, const struct report_style *style, FILE *out);

/* The caller frees. Inlined, GCC would take the stream's text for a local variable (dangling-pointer). */
static __attribute__((noinline)) char *drawn(report *view, const struct session *session,
					     unsigned int width, bool color, bool utf8)
{
	const struct report_style style = { .width = width, .color = color, .utf8 = utf8 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(view(session, &style, out), 0);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

static inline char *read_all(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	ck_assert_msg(in != NULL, "no %s: GOLDEN_UPDATE=1 makes it", path);
	if (getdelim(&text, &size, '\0', in) < 0)
		text = strdup("");
	fclose(in);
	return text;
}

/* Frees the text. */
static inline void matches_file(const char *path, char *text)
{
	char *golden;

	if (getenv("GOLDEN_UPDATE")) {
		FILE *out = fopen(path, "w");

		ck_assert_ptr_nonnull(out);
		fputs(text, out);
		fclose(out);
	}
	golden = read_all(path);
	/* check has no room for long messages. */
	ck_assert_msg(!strcmp(text, golden), "not as in %s:\n%.3000s", path, text);
	free(golden);
	free(text);
}

static inline void matches_golden(const char *name, char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "tests/unit/golden/table-%s.txt", name);
	matches_file(path, text);
}

/* Columns of a line, of which escape sequences take none. */
static inline int columns_of(const char *line, size_t length)
{
	char plain[4096];
	wchar_t wide[4096];
	size_t at = 0, i, n;

	for (i = 0; i < length && at + 1 < sizeof(plain); i++) {
		if (line[i] == '\033')
			i += strcspn(line + i, "m");
		else
			plain[at++] = line[i];
	}
	plain[at] = '\0';
	n = mbstowcs(wide, plain, sizeof(wide) / sizeof(wide[0]));
	ck_assert_uint_ne(n, (size_t)-1);
	return wcswidth(wide, n);
}

static inline void fits(const char *text, unsigned int width)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		int columns = columns_of(text, length);

		ck_assert_msg(columns >= 0 && columns <= (int)width, "%d of %u columns: %.*s",
			      columns, width, (int)length, text);
		text += length + (text[length] != '\0');
	}
}

/* No line is wider, on any terminal. */
static inline void fits_everywhere(report *view, const struct session *session)
{
	static const unsigned int widths[] = { 60, 72, 80, 100, 120, 160, 240 };
	size_t i;
	int how;

	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		for (how = 0; how < 4; how++) {
			char *text = drawn(view, session, widths[i], how & 1, how & 2);

			fits(text, widths[i]);
			free(text);
		}
	}
}

/* The first line with these words; the caller frees. */
static inline char *line_with(const char *text, const char *words)
{
	const char *at = strstr(text, words), *start = at;

	ck_assert_msg(at != NULL, "no '%s' in:\n%s", words, text);
	while (start > text && start[-1] != '\n')
		start--;
	return strndup(start, strcspn(start, "\n"));
}

/* What stands in a row between its columns: words of that row, one blank between any two. */
static inline void row_is(const char *text, const char *start, const char *expected)
{
	char *row = line_with(text, start), *from = row, *to = row;

	for (; *from; from++)
		if (*from != ' ' || (to > row && to[-1] != ' '))
			*to++ = *from;
	*to = '\0';
	ck_assert_str_eq(row, expected);
	free(row);
}

static inline void has(const char *text, const char *words)
{
	ck_assert_msg(strstr(text, words) != NULL, "no '%s' in:\n%s", words, text);
}

static inline void has_not(const char *text, const char *words)
{
	ck_assert_msg(strstr(text, words) == NULL, "'%s' in:\n%s", words, text);
}

static inline void replace(char **text, const char *value)
{
	free(*text);
	*text = value ? strdup(value) : NULL;
}

#endif
