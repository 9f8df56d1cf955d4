/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a number is written for people: alike in every sentence and every table.
 *
 * Each function fills `text` and returns the number as it was written, rounding and all. What is
 * not zero never reads as zero. What is not finite is written "-", and returned as it came. The
 * decimal point is the locale's: a program that prints keeps LC_NUMERIC at "C".
 */
#ifndef SESSION_NUMBER_H
#define SESSION_NUMBER_H

#include <stdint.h>

#define NUMBER_TEXT 48

/* Three significant digits, two below one: 0.0032, 0.62, 8.31, 33.9, 870, 8,310. */
double number_text(char text[NUMBER_TEXT], double value);

/* All digits: 1,234,567. */
double number_count(char text[NUMBER_TEXT], int64_t count);

/*
 * A percentage with one decimal, or with so many more that a part does not read 0.0. What is not
 * the whole does not read 100.0: from 99.9 on it is cut, not rounded. Without the sign.
 */
double number_percent(char text[NUMBER_TEXT], double percent);

/* Nanoseconds in the unit that suits them. `*unit` is "ns", "us" or "ms"; not part of the text. */
double number_time(char text[NUMBER_TEXT], double ns, const char **unit);

/* As number_text(), in at most nine columns: from ten million on as 10.0M, 3.21G, T, P, 4e+18. */
double number_compact(char text[NUMBER_TEXT], double value);

#endif
