/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened in each millisecond of a race, as counter tracks. */
#ifndef PERFETTO_COUNTERS_H
#define PERFETTO_COUNTERS_H

#include "perfetto/tasks.h"
#include "perfetto/trace.h"

struct counters {
	uint64_t since_ns; /* start of the present interval; 0: nothing has happened */
	uint64_t last_ns;
	uint64_t switches; /* in it */
	/* Tasks now, and the sum of their times in the interval. */
	unsigned int running, waiting;
	uint64_t running_ns, waiting_ns;
};

/* Time goes on: intervals that are over by then are written. Before anything is changed. */
void counters_advance(struct counters *counters, struct trace *trace, uint64_t ns);

/* A task of the race goes from one state to another. */
void counters_change(struct counters *counters, enum task_state from, enum task_state to);
void counters_switch(struct counters *counters);

/* The race ends: the interval that is cut short, and zeroes. */
void counters_end_race(struct counters *counters, struct trace *trace, uint64_t ns);

#endif
