/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wait for the moment that --start-at names. */
#ifndef COMMAND_START_AT_H
#define COMMAND_START_AT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/moment.h"
#include "session/session.h"

struct start_wait {
	const struct moment *moment;
	uint64_t due_ns; /* since the epoch; may have passed by now */
	int interrupt_fd; /* ends the wait when it is readable; -1: nothing does */
	bool quiet; /* no word about a moment that was missed */
	bool tell; /* what is waited for, and till when */
};

/*
 * Returns when CLOCK_REALTIME shows the moment, also if it is set meanwhile. Where set-up took longer
 * than there was time, a period has its next moment, and a single one is not waited for; both are told.
 *
 * Returns 0 and what to record, -EINTR after an interruption, which is not said, or another negative
 * errno after one line on stderr.
 */
int start_await(const struct start_wait *wait, struct start_record *start);

#endif
