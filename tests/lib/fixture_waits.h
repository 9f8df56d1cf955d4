/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who waited for whom and for what, in the session that is made up. Part of lib/fixture.c. */
#ifndef TRACEBENCH_TESTS_FIXTURE_WAITS_H
#define TRACEBENCH_TESTS_FIXTURE_WAITS_H

#include "lib/fixture.h"

/*
 * Who woke whom in that result, who had its locks, and what its tasks waited: as if wakers had been
 * looked for in three repeats more. What a repeat saw has to be in it already.
 */
void fixture_add_waits(struct sleeps *sleeps, enum fixture_result which);

#endif
