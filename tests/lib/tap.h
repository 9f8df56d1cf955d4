/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TAP for test programs in C.
 *
 *	#include "lib/tap.h"
 *
 *	int main(void)
 *	{
 *		if (!bpf_works(&why)) {
 *			tap_skip("bpf: %s", why);
 *			return tap_done();
 *		}
 *		tap_equal(counted, rusage.ru_nvcsw, "voluntary switches equal getrusage's");
 *		tap_ok(lost == 0, "no event was lost (%lu were)", lost);
 *		return tap_done();
 *	}
 *
 * One thread of one process reports: results are numbered by a plain counter.
 * A program that ends without tap_done() counts as failed, so a crash or an
 * early exit cannot pass.  What goes to stderr is shown only below a failure.
 */
#ifndef TRACEBENCH_TESTS_TAP_H
#define TRACEBENCH_TESTS_TAP_H

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_count;
static int tap_failures;

static inline __attribute__((format(printf, 4, 0))) bool
tap_vresult(bool holds, const char *file, int line, const char *format, va_list arguments)
{
	tap_count++;
	printf("%sok %d - ", holds ? "" : "not ", tap_count);
	vprintf(format, arguments);
	printf("\n");
	if (!holds) {
		tap_failures++;
		printf("# at %s:%d\n", file, line);
	}
	/* Now: a child forked later must not inherit and repeat it. */
	fflush(stdout);
	return holds;
}

static inline __attribute__((format(printf, 4, 5))) bool
tap_ok_at(bool holds, const char *file, int line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	tap_vresult(holds, file, line, format, arguments);
	va_end(arguments);
	return holds;
}

/* Something for the reader of a failure, below the result before it. */
static inline __attribute__((format(printf, 1, 2))) void tap_note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("# ");
	vprintf(format, arguments);
	printf("\n");
	fflush(stdout);
	va_end(arguments);
}

static inline __attribute__((format(printf, 5, 6))) bool
tap_equal_at(int64_t got, int64_t want, const char *file, int line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	tap_vresult(got == want, file, line, format, arguments);
	va_end(arguments);
	if (got != want)
		tap_note("got %" PRId64 ", want %" PRId64, got, want);
	return got == want;
}

/* tap_ok(holds, format, ...): one result; the name says the promise.  Returns @holds. */
#define tap_ok(holds, ...) tap_ok_at((holds), __FILE__, __LINE__, __VA_ARGS__)

/* tap_equal(got, want, format, ...): the same for two integers, shown when they differ. */
#define tap_equal(got, want, ...) \
	tap_equal_at((int64_t)(got), (int64_t)(want), __FILE__, __LINE__, __VA_ARGS__)

/* TRACEBENCH_TESTS=counts in the environment: promises about times are left out. */
static inline bool tap_times_count(void)
{
	const char *tests = getenv("TRACEBENCH_TESTS");

	return !tests || strcmp(tests, "counts") != 0;
}

/*
 * One promise that cannot be tried here, and why.  A reason that starts with
 * "bpf:" is turned into a failure where the environment says REQUIRE=bpf.
 */
static inline __attribute__((format(printf, 1, 2))) void tap_skip(const char *why, ...)
{
	va_list arguments;

	tap_count++;
	printf("ok %d - %s # SKIP ", tap_count, program_invocation_short_name);
	va_start(arguments, why);
	vprintf(why, arguments);
	va_end(arguments);
	printf("\n");
	fflush(stdout);
}

/* Where times say nothing, under emulation, one skip stands for all promises of them. */
static inline void tap_leave_out_times(void)
{
	static bool told;

	if (!told)
		tap_skip("TRACEBENCH_TESTS=counts: times are not judged");
	told = true;
}

/* tap_ok() of a promise about times. */
#define tap_time(holds, ...) \
	(tap_times_count() ? (void)tap_ok((holds), __VA_ARGS__) : tap_leave_out_times())

/* Prints the plan; returns what main should return. */
static inline int tap_done(void)
{
	printf("1..%d\n", tap_count);
	fflush(stdout);
	return tap_failures ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
