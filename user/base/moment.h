/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments of the wall clock as people write them. Nanoseconds since the epoch, as CLOCK_REALTIME counts. */
#ifndef BASE_MOMENT_H
#define BASE_MOMENT_H

#include <stdint.h>

/* One moment, or one in every period: those that are multiples of it since the epoch. */
struct moment {
	uint64_t at_ns; /* 0 with a period */
	uint64_t period_ns; /* 0: a single moment; both 0: none at all */
};

#define MOMENT_PERIOD_MIN_NS 1000000ULL
#define MOMENT_PERIOD_MAX_NS 86400000000000ULL
#define MOMENT_TEXT 40

/*
 * "2026-01-31T12:00:00Z", with an offset, "+01:00", or without either: then in the local time zone;
 * "@1700000000", seconds since the epoch; or "/10s", a period.
 *
 * Returns 0, or -EINVAL when it is none of these, also for a day that its month does not have and a
 * period out of bounds; then nothing is stored.
 */
int moment_parse(const char *text, struct moment *moment);

/* The moment, or the first one of the period after `now_ns`. */
uint64_t moment_next(const struct moment *moment, uint64_t now_ns);

/* "2026-01-31T12:00:00.25Z": in UTC, with as many digits as it takes. */
void moment_text(uint64_t ns, char text[static MOMENT_TEXT]);

#endif
