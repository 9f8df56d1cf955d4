/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Several sessions in one: of many hosts, or of many days.
 *
 * Results keep what was measured, and their order: those of the first session come first. Each names
 * its source, which has all else of the session that it is from: host, plan, tracing, times. What all
 * sources agree on stands in the merged session's own members, too. Merging is associative: a merged
 * session brings its sources.
 *
 * Nothing is computed anew. So `speedup` and warnings are still about the session a result is from.
 */
#ifndef SESSION_FLEET_H
#define SESSION_FLEET_H

#include <stdbool.h>
#include <stddef.h>

#include "session/session.h"

/*
 * Adds the session `one` to `all`, which is session_new() or has only come about by this function.
 * What `one` owned is then `all`'s: only session_free() is left to do with it.
 *
 * Returns 0; -ENOMEM; or -EEXIST and in *twin the source of `all` that one of its sources is, to the
 * last bit of its results. Then neither has changed.
 */
int fleet_add(struct session *all, struct session *one, size_t *twin);

/*
 * Once, when all are in: sets the members that say what the sources agree on. `started` is the earliest, and
 * `complete` says that all are. Returns 0 or -ENOMEM.
 */
int fleet_settle(struct session *all);

/*
 * The keys of the plan in which sources differ, "duration_ns, repeats", without those that say nothing
 * about what was raced: seed, order and start. Returns the text's length: 0, there are none.
 */
size_t fleet_plan_differences(const struct session *all, char *text, size_t size);

/* The host that a result is from; its session's start (may be null), plan, and how it was traced. */
const struct host *fleet_host(const struct session *session, const struct result *result);
const char *fleet_started(const struct session *session, const struct result *result);
const struct plan_record *fleet_plan(const struct session *session, const struct result *result);
const struct tracing *fleet_tracing(const struct session *session, const struct result *result);

#endif
