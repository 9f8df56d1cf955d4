/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One race with the probe attached for it alone: no other is slowed by it. */
#ifndef SESSION_TRACED_RACE_H
#define SESSION_TRACED_RACE_H

#include "base/level.h"
#include "probe/probe.h"
#include "race/engine.h"

/*
 * As race_run(), traced at a level; fills in the part of the specification that is about tracing.
 * A race for which the probe cannot be attached has failed. Who has something of their own to do before
 * the start calls probe_target() there.
 */
void race_run_traced(struct probe *probe, enum level level, struct race_spec *spec,
		     struct race_outcome *outcome);

#endif
