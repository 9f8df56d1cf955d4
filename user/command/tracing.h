/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The probe for a command that has no plan: loaded where that is possible and wished for. */
#ifndef COMMAND_TRACING_H
#define COMMAND_TRACING_H

#include <jansson.h>
#include <stdio.h>

#include "command/untraced.h"
#include "plan/options.h"
#include "probe/probe.h"

struct tracing_state {
	struct probe *probe; /* NULL: not traced; else probe_free() it */
	char obstacle[UNTRACED_REASON]; /* why not, though it was wished for; else empty */
};

/*
 * Says in one line on stderr why there is no tracing, and what there is all the same (see
 * untraced_tell()). Returns EXIT_DONE, or EXIT_NOT_TRACED where tracing was required.
 */
int tracing_load(enum trace_wish wish, const struct probe_options *options,
		 const char *what_there_is, struct tracing_state *tracing);

/* {"status": "on|off|unavailable", "reason": why not}. NULL: no memory. */
json_t *tracing_json(const struct tracing_state *tracing);

/* "traced by BPF", "not traced" or "not traced: why". */
void tracing_put(const struct tracing_state *tracing, FILE *out);

#endif
