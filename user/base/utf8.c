/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Unicode 15, table 3-7: by first byte, the range of the second; all others are 80 to BF. */
static const struct {
	unsigned char first, last; /* of the first byte */
	unsigned char low, high; /* of the second */
	size_t length;
} forms[] = {
	{ 0x01, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

size_t utf8_length(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t form = 0, i;

	while (form < sizeof(forms) / sizeof(forms[0]) &&
	       (bytes[0] < forms[form].first || bytes[0] > forms[form].last))
		form++;
	if (form == sizeof(forms) / sizeof(forms[0]))
		return 0;
	if (forms[form].length > 1 && (bytes[1] < forms[form].low || bytes[1] > forms[form].high))
		return 0;
	/* A text that ends early ends with a byte that is not in the range. */
	for (i = 2; i < forms[form].length; i++)
		if (bytes[i] < 0x80 || bytes[i] > 0xbf)
			return 0;
	return forms[form].length;
}

static bool is_control(const char *character)
{
	unsigned char first = (unsigned char)character[0], second = (unsigned char)character[1];

	if (first == 0xc2)
		return second <= 0x9f;
	return first == 0x7f || (first < ' ' && first != '\n' && first != '\t');
}

static char *copy(const char *text, bool controls)
{
	const size_t most = sizeof(UTF8_REPLACEMENT) - 1;
	char *clean = malloc(strlen(text) * most + 1), *to = clean;

	while (clean && *text) {
		size_t length = utf8_length(text);
		bool stays = length && (controls || !is_control(text));

		to = mempcpy(to, stays ? text : UTF8_REPLACEMENT, stays ? length : most);
		text += length ? length : 1;
	}
	if (clean)
		*to = '\0';
	return clean;
}

char *utf8_clean(const char *text)
{
	return copy(text, true);
}

char *utf8_text(const char *text)
{
	return copy(text, false);
}

void utf8_fit(const char *text, char *fitted, size_t room)
{
	static const char dots[] = "...";
	size_t used = 0, dots_at = 0;

	while (*text) {
		size_t length = utf8_length(text);
		bool stays = length && !is_control(text) && *text != '\n' && *text != '\t';
		const char *shown = stays ? text : UTF8_REPLACEMENT;
		size_t bytes = stays ? length : sizeof(UTF8_REPLACEMENT) - 1;

		if (used + bytes >= room) {
			memcpy(fitted + dots_at, dots, sizeof(dots));
			return;
		}
		memcpy(fitted + used, shown, bytes);
		used += bytes;
		if (used + sizeof(dots) <= room)
			dots_at = used;
		text += length ? length : 1;
	}
	fitted[used] = '\0';
}
