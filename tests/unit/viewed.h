/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests of views: each has the fixture's session for itself, to change and to draw. */
#ifndef TRACEBENCH_TESTS_VIEWED_H
#define TRACEBENCH_TESTS_VIEWED_H

#include <locale.h>

#include "lib/check_main.h"
#include "lib/fixture.h"
#include "unit/drawn.h"

static struct session *session;

static inline void set_up(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	session = fixture_session();
}

static inline void tear_down(void)
{
	session_free(session);
}

static inline char *render(report *view, unsigned int width, bool color, bool utf8)
{
	return drawn(view, session, width, color, utf8);
}

static inline void looks_as_it_did(report *view, const char *name)
{
	static const struct {
		const char *suffix;
		unsigned int width;
		bool color, utf8;
	} ways[] = {
		{ "80", 80, false, true },	  { "100", 100, false, true },
		{ "120", 120, false, true },	  { "100-ascii", 100, false, false },
		{ "100-color", 100, true, true },
	};
	char golden[64];

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		snprintf(golden, sizeof(golden), "%s-%s", name, ways[i].suffix);
		matches_golden(golden, render(view, ways[i].width, ways[i].color, ways[i].utf8));
	}
}

static inline struct sleeps *sleeps_of(enum fixture_result which)
{
	return session->results[which].kernel->sleeps;
}

/* From these words on. */
static inline const char *from(const char *text, const char *words)
{
	const char *at = strstr(text, words);

	ck_assert_msg(at != NULL, "no '%s' in:\n%s", words, text);
	return at;
}

#endif
