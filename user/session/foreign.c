/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/foreign.h"

#include <stdio.h>
#include <stdlib.h>

#define LONGEST 4 /* \xNN */

char *foreign_text(const char *bytes, size_t size)
{
	char *text = malloc(LONGEST * size + 1);
	char *to = text;

	if (!text)
		return NULL;
	for (size_t i = 0; i < size && bytes[i]; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte == '\\')
			to += sprintf(to, "\\\\");
		else if (byte >= ' ' && byte <= '~')
			*to++ = (char)byte;
		else
			to += sprintf(to, "\\x%02x", byte);
	}
	*to = '\0';
	return text;
}
