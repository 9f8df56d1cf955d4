/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events of one race, one after another, become what a trace shows of them. */
#ifndef PERFETTO_RACE_H
#define PERFETTO_RACE_H

#include <tracebench/event.h>

#include "capture/read.h"
#include "perfetto/counters.h"
#include "perfetto/cpus.h"
#include "perfetto/labels.h"
#include "perfetto/tasks.h"
#include "perfetto/trace.h"

struct race_trace {
	struct trace *trace;
	struct cpus *cpus;
	struct tasks *tasks;
	const struct capture_race_read *race;
	struct labels labels;
	struct counters counters;
	uint64_t first_ns, last_ns; /* of its events; 0: there were none */
	uint64_t filled_in; /* gaps between strangers */
	uint64_t not_seen; /* switches of the race's own tasks that are not in the capture */
};

/* All return 0 or -ENOMEM. `tasks` is emptied. */
int race_trace_begin(struct race_trace *made, struct trace *trace, struct cpus *cpus,
		     struct tasks *tasks, const struct capture_race_read *race);
int race_trace_event(struct race_trace *made, const struct tb_event *event);
int race_trace_end(struct race_trace *made);

#endif
