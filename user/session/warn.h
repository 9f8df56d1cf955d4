/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kinds of warnings, one function each: it looks at the session and says one sentence, without
 * the result's name, or nothing. True: it was said. Internal to warnings.c.
 */
#ifndef SESSION_WARN_H
#define SESSION_WARN_H

#include <stdbool.h>

#include "session/sentence.h"
#include "session/session.h"

/* Of a result that was raced to its end. */
typedef bool warn_of_result(struct sentence *s, const struct session *session,
			    const struct result *result);
/* Of all of the session. */
typedef bool warn_of_session(struct sentence *s, const struct session *session);

/* What the samples show: warn_repeats.c. */
warn_of_result warn_groups;
warn_of_result warn_drift;
warn_of_result warn_undecided;
warn_of_session warn_few;

/* Where the tasks ran, and who else did: warn_tasks.c. */
warn_of_result warn_placement;
warn_of_result warn_overlap;
warn_of_result warn_neighbour;
warn_of_result warn_pace;

/* What of the latency was not measured: warn_latency.c. */
warn_of_result warn_missed;

/* What the machine does: warn_machine.c. */
warn_of_session warn_steal;
warn_of_session warn_throttled;
warn_of_session warn_clock;
warn_of_session warn_governor;
warn_of_session warn_turbo;

/* Whether the plan leaves it to the kernel where tasks run. */
bool warn_is_unpinned(const struct session *session);

/* CPUs that the tasks of a repeat started on, each counted once. */
size_t warn_cpus(const struct condition *condition);

/* Whether tasks started on one CPU although there are enough for all. */
bool warn_is_crowded(const struct session *session, const struct condition *condition);

/* The change of a result's repeats in percent, if it is a trend; else 0. */
double warn_drift_percent(const struct result *result);

#endif
