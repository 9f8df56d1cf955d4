/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/foreign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 4 /* \xNN */
#define DOTS "..."

/* Returns how many characters that takes, without the zero behind them. */
static size_t show_byte(char byte, char shown[LONGEST + 1])
{
	if (byte == '\\')
		return (size_t)sprintf(shown, "\\\\");
	if (byte >= ' ' && byte <= '~')
		return (size_t)sprintf(shown, "%c", byte);
	return (size_t)sprintf(shown, "\\x%02x", (unsigned char)byte);
}

char *foreign_text(const char *bytes, size_t size)
{
	char *text = malloc(LONGEST * size + 1);
	char *to = text;

	if (!text)
		return NULL;
	for (size_t i = 0; i < size && bytes[i]; i++)
		to += show_byte(bytes[i], to);
	*to = '\0';
	return text;
}

void foreign_fit(const char *bytes, char *text, size_t size)
{
	char shown[LONGEST + 1];
	size_t used = 0, dots_at = 0;

	for (; *bytes; bytes++) {
		size_t more = show_byte(*bytes, shown);

		if (used + more >= size) {
			memcpy(text + dots_at, DOTS, sizeof(DOTS));
			return;
		}
		memcpy(text + used, shown, more);
		used += more;
		if (used + sizeof(DOTS) <= size)
			dots_at = used;
	}
	text[used] = '\0';
}
