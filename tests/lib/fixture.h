/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session made up in memory, for tests of what reads sessions. No root, no kernel. */
#ifndef TRACEBENCH_TESTS_FIXTURE_H
#define TRACEBENCH_TESTS_FIXTURE_H

#include "session/session.h"

/* The results, in order. */
enum fixture_result {
	FIXTURE_SEQUENTIAL,
	FIXTURE_NONE, /* lost updates, as it must */
	FIXTURE_ATOMIC,
	FIXTURE_MUTEX,
	FIXTURE_PIPE, /* with an owner */
	FIXTURE_TURN_FUTEX,
	FIXTURE_FAILED, /* mutex with processes: no numbers, a reason */
	FIXTURE_UNSUPPORTED, /* turn-futex with processes: no numbers, a reason */
	FIXTURE_RESULTS,
};

/*
 * A full session: traced, 10 repeats at each level, nothing lost, everything reconciled. Each
 * budget adds up to its wall time exactly, and every figure of a verdict is in the result.
 * The same at each call. Free with session_free(); aborts when memory runs out.
 */
struct session *fixture_session(void);

#endif
