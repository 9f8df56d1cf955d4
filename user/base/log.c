/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

/* What a user gave may hold anything; a line stays one line, and leaves the terminal alone. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

/* One write per line, so that lines of several processes do not mix. */
static void print(const char *kind, const char *format, va_list args)
{
	char line[1024];
	int head = snprintf(line, sizeof(line), "tracebench: %s", kind);
	int body = vsnprintf(line + head, sizeof(line) - (size_t)head, format, args);

	if (body < 0)
		return;
	make_printable(line);
	fprintf(stderr, "%s\n", line);
}

void log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print("", format, args);
	va_end(args);
}

void log_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print("warning: ", format, args);
	va_end(args);
}
