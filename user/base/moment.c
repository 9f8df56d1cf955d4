/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/moment.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/parse.h"

static int take_seconds(time_t seconds, struct moment *moment)
{
	if (seconds <= 0 || (uint64_t)seconds > INT64_MAX / NS_PER_S)
		return -EINVAL;
	*moment = (struct moment){ .at_ns = (uint64_t)seconds * NS_PER_S };
	return 0;
}

/* The 31st of June would become the 1st of July: who meant what is not for a parser to say. */
static time_t seconds_of(const struct tm *parts, bool is_local, long offset)
{
	struct tm made = *parts;
	time_t seconds;

	made.tm_isdst = -1;
	seconds = is_local ? mktime(&made) : timegm(&made) - offset;
	return made.tm_mday == parts->tm_mday ? seconds : -1;
}

static int parse_date(const char *text, struct moment *moment)
{
	struct tm parts = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &parts);
	bool is_local = rest && !*rest;

	/* Where strptime() would skip blanks, there are none. */
	if (!rest || text[strcspn(text, " \t\n\v\f\r")])
		return -EINVAL;
	if (!is_local) {
		rest = strptime(rest, "%z", &parts);
		if (!rest || *rest)
			return -EINVAL;
	}
	return take_seconds(seconds_of(&parts, is_local, parts.tm_gmtoff), moment);
}

static int parse_period(const char *text, struct moment *moment)
{
	uint64_t period_ns;

	if (parse_duration(text, MOMENT_PERIOD_MIN_NS, MOMENT_PERIOD_MAX_NS, &period_ns))
		return -EINVAL;
	*moment = (struct moment){ .period_ns = period_ns };
	return 0;
}

int moment_parse(const char *text, struct moment *moment)
{
	uint64_t seconds;

	if (*text == '/')
		return parse_period(text + 1, moment);
	if (*text != '@')
		return parse_date(text, moment);
	if (parse_count(text + 1, 1, INT64_MAX, &seconds))
		return -EINVAL;
	return take_seconds((time_t)seconds, moment);
}

uint64_t moment_next(const struct moment *moment, uint64_t now_ns)
{
	return moment->period_ns ? (now_ns / moment->period_ns + 1) * moment->period_ns :
				   moment->at_ns;
}

void moment_text(uint64_t ns, char text[static MOMENT_TEXT])
{
	struct timespec moment = clock_timespec(ns);
	char fraction[16] = "";
	struct tm utc;
	size_t used;

	if (moment.tv_nsec) {
		snprintf(fraction, sizeof(fraction), ".%09ld", moment.tv_nsec);
		for (char *end = fraction + strlen(fraction) - 1; *end == '0'; end--)
			*end = '\0';
	}
	gmtime_r(&moment.tv_sec, &utc);
	used = strftime(text, MOMENT_TEXT, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text + used, MOMENT_TEXT - used, "%sZ", fraction);
}
