/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beyond these neither a table nor a sentence is helped by all the digits. */
#define LEAST_WRITTEN_OUT 1e-9
#define MOST_WRITTEN_OUT 1e18

static double not_finite(char text[NUMBER_TEXT], double value)
{
	snprintf(text, NUMBER_TEXT, "-");
	return value;
}

static double with_decimals(char text[NUMBER_TEXT], double value, int decimals)
{
	snprintf(text, NUMBER_TEXT, "%.*f", decimals, value);
	return strtod(text, NULL);
}

static double with_exponent(char text[NUMBER_TEXT], double value)
{
	snprintf(text, NUMBER_TEXT, "%.0e", value);
	return strtod(text, NULL);
}

/* The decimals that a positive number below one needs to show its first digit. */
static int decimals_of(double value)
{
	return (int)ceil(-log10(value));
}

double number_count(char text[NUMBER_TEXT], int64_t count)
{
	char digits[24];
	size_t n, i, at = 0;

	snprintf(digits, sizeof(digits), "%" PRIu64,
		 count < 0 ? -(uint64_t)count : (uint64_t)count);
	n = strlen(digits);
	if (count < 0)
		text[at++] = '-';
	for (i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return (double)count;
}

double number_text(char text[NUMBER_TEXT], double value)
{
	double size = fabs(value), step;

	if (!isfinite(value))
		return not_finite(text, value);
	if (size == 0)
		return number_count(text, 0);
	if (size < LEAST_WRITTEN_OUT || size >= MOST_WRITTEN_OUT)
		return with_exponent(text, value);
	if (size < 0.1)
		return with_decimals(text, value, decimals_of(size) + 1);
	if (size < 9.995)
		return with_decimals(text, value, 2);
	if (size < 99.95)
		return with_decimals(text, value, 1);
	step = size < 999.5 ? 1 : pow(10, floor(log10(size)) - 2);
	return number_count(text, (int64_t)(round(value / step) * step));
}

double number_percent(char text[NUMBER_TEXT], double percent)
{
	if (!isfinite(percent))
		return not_finite(text, percent);
	if (percent != 0 && (fabs(percent) < LEAST_WRITTEN_OUT || fabs(percent) >= 1e6))
		return number_text(text, percent);
	if (percent > 0 && percent < 0.05)
		return with_decimals(text, percent, decimals_of(percent));
	if (percent >= 99.95 && percent < 100)
		percent = 99.9;
	return with_decimals(text, percent, 1);
}

double number_time(char text[NUMBER_TEXT], double ns, const char **unit)
{
	double scale = ns < 1e3 ? 1 : ns < 1e6 ? 1e3 : 1e6;

	*unit = scale == 1 ? "ns" : scale == 1e3 ? "us" : "ms";
	return number_text(text, ns / scale);
}

double number_compact(char text[NUMBER_TEXT], double value)
{
	static const char suffixes[] = "MGTP";
	const char *suffix = suffixes;
	double size = fabs(value), scale = 1e6, written;
	size_t length;

	if (!isfinite(value) || size < 9.995e6)
		return number_text(text, value);
	if (size >= 9.995e17)
		return with_exponent(text, value);
	while (size / scale >= 999.5 && suffix[1]) {
		scale *= 1e3;
		suffix++;
	}
	written = number_text(text, value / scale);
	length = strlen(text);
	text[length] = *suffix;
	text[length + 1] = '\0';
	return written * scale;
}
