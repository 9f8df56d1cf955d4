/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One race traced at LEVEL_TIMELINE, and its part of the capture. */
#ifndef SESSION_TIMELINE_H
#define SESSION_TIMELINE_H

#include <stddef.h>
#include <stdint.h>

#include "capture/write.h"
#include "plan/plan.h"
#include "probe/probe.h"
#include "race/engine.h"
#include "session/waits.h"

struct timeline_pass {
	struct probe *probe; /* loaded for it */
	struct capture_writer *writer;
	const struct entry *entry;
	size_t result; /* index in the session */
	unsigned int repeat;
};

/*
 * As race_run_traced(): `spec` says what is raced, and the outcome is always filled. The capture's part
 * is written by timeline_end(), to be called next, in any case: findings are to be taken between.
 */
void timeline_race(const struct timeline_pass *pass, struct race_spec *spec,
		   struct race_outcome *outcome);

/* `found`: as of any traced race; empty where it did not end well. Returns 0 or -ENOMEM. */
int timeline_end(const struct timeline_pass *pass, const struct race_outcome *outcome,
		 const struct found *found);

#endif
