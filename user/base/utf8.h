/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text from outside, which may hold any bytes, made fit for formats that are UTF-8 (RFC 3629). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* What stands for a byte that belongs to no character: U+FFFD. */
#define UTF8_REPLACEMENT "\xef\xbf\xbd"

/*
 * Bytes of the first character of a text that is not empty; 0 when it begins with none: overlong
 * forms, surrogates and what is above U+10FFFF are none either.
 */
size_t utf8_length(const char *text);

/*
 * A copy in which each byte that belongs to no character is UTF8_REPLACEMENT. The caller frees;
 * NULL: no memory.
 */
char *utf8_clean(const char *text);

/*
 * The same, and control characters but line feeds and tabs are replaced as well (C0, delete and C1), so
 * that no terminal obeys what it is shown.
 */
char *utf8_text(const char *text);

/*
 * The same into `fitted` of `room` bytes, at least 4. Control characters are replaced as well. What does
 * not fit is cut behind a whole character, and "..." says so.
 */
void utf8_fit(const char *text, char *fitted, size_t room);

#endif
