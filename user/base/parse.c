/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parse.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads at least one digit and moves *text behind the last. */
static int take_number(const char **text, uint64_t *number)
{
	const char *at = *text;
	uint64_t sum = 0;

	if (!is_digit(*at))
		return -EINVAL;
	for (; is_digit(*at); at++)
		if (__builtin_mul_overflow(sum, 10U, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)(*at - '0'), &sum))
			return -ERANGE;
	*text = at;
	*number = sum;
	return 0;
}

static int in_range(uint64_t number, uint64_t min, uint64_t max, uint64_t *value)
{
	if (number < min || number > max)
		return -ERANGE;
	*value = number;
	return 0;
}

/* What a suffix multiplies by, 0 when it is not one. */
static uint64_t count_unit(const char *suffix)
{
	if (!*suffix)
		return 1;
	if (suffix[1])
		return 0;
	switch (*suffix) {
	case 'k':
		return 1000;
	case 'M':
		return 1000 * 1000;
	case 'G':
		return 1000 * 1000 * 1000;
	default:
		return 0;
	}
}

int parse_count(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	uint64_t number, unit;
	int err = take_number(&text, &number);

	if (err)
		return err;
	unit = count_unit(text);
	if (!unit)
		return -EINVAL;
	if (__builtin_mul_overflow(number, unit, &number))
		return -ERANGE;
	return in_range(number, min, max, value);
}

static uint64_t time_unit(const char *suffix)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		{ "ns", 1 },
		{ "us", NS_PER_US },
		{ "ms", NS_PER_MS },
		{ "s", NS_PER_S },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(suffix, units[i].name))
			return units[i].ns;
	return 0;
}

/* The digits behind the point, in nanoseconds: less than one unit, so it cannot overflow. */
static int take_fraction(const char **text, uint64_t unit, uint64_t *ns)
{
	const char *at = *text;

	*ns = 0;
	if (!is_digit(*at))
		return -EINVAL;
	for (; is_digit(*at); at++) {
		uint64_t digit = (uint64_t)(*at - '0');

		if (digit && unit < 10)
			return -EINVAL;
		unit /= 10;
		*ns += digit * unit;
	}
	*text = at;
	return 0;
}

int parse_duration(const char *text, uint64_t min_ns, uint64_t max_ns, uint64_t *ns)
{
	uint64_t unit = time_unit(text + strspn(text, "0123456789."));
	uint64_t whole, fraction = 0;
	int err = unit ? take_number(&text, &whole) : -EINVAL;

	if (!err && *text == '.') {
		text++;
		err = take_fraction(&text, unit, &fraction);
	}
	if (!err && *text == '.')
		err = -EINVAL;
	if (err)
		return err;
	if (__builtin_mul_overflow(whole, unit, &whole) ||
	    __builtin_add_overflow(whole, fraction, &whole))
		return -ERANGE;
	return in_range(whole, min_ns, max_ns, ns);
}

int parse_percent(const char *text, uint64_t max_percent, double *share)
{
	uint64_t whole, thousandths = 0;
	int err = take_number(&text, &whole);

	if (!err && *text == '.') {
		text++;
		err = take_fraction(&text, 1000, &thousandths);
	}
	if (!err && strcmp(text, "%") != 0)
		err = -EINVAL;
	if (err)
		return err;
	if (whole > max_percent || (whole == max_percent && thousandths))
		return -ERANGE;
	*share = ((double)whole * 1000 + (double)thousandths) / 100000;
	return 0;
}

/* "3" or "2-5". */
static int take_range(const char **text, uint64_t *first, uint64_t *last)
{
	int err = take_number(text, first);

	*last = err ? 0 : *first;
	if (!err && **text == '-') {
		++*text;
		err = take_number(text, last);
	}
	if (err)
		return err;
	if (*last < *first)
		return -EINVAL;
	return *last < PARSE_CPUS ? 0 : -ERANGE;
}

static int take_cpus(const char **text, int *cpus, size_t *n_cpus)
{
	uint64_t first, last;
	int err = take_range(text, &first, &last);

	if (err)
		return err;
	if (*n_cpus + (last - first) >= PARSE_CPUS)
		return -ERANGE;
	for (uint64_t cpu = first; cpu <= last; cpu++)
		cpus[(*n_cpus)++] = (int)cpu;
	return 0;
}

int parse_cpu_list(const char *text, int **cpus, size_t *n_cpus)
{
	int *list = malloc(PARSE_CPUS * sizeof(*list));
	size_t n = 0;
	int err;

	if (!list)
		return -ENOMEM;
	for (;;) {
		err = take_cpus(&text, list, &n);
		if (err || !*text)
			break;
		if (*text++ != ',') {
			err = -EINVAL;
			break;
		}
	}
	if (err) {
		free(list);
		return err;
	}
	*cpus = list;
	*n_cpus = n;
	return 0;
}
