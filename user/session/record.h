/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A record: what all races of one plan entry have shown so far. Races are added one by one; what
 * they say together is worked out by the merge.
 */
#ifndef SESSION_RECORD_H
#define SESSION_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/level.h"
#include "plan/plan.h"
#include "race/engine.h"
#include "session/counts.h"
#include "session/hardware_sum.h"
#include "session/traced.h"

/* How often a worker was in the section, and in how many runs without anybody else in between. */
struct section_runs {
	uint64_t passes;
	uint64_t runs;
	uint64_t longest;
};

/* What a task did in all untraced races. */
struct share {
	uint64_t ops;
	uint64_t cpu_ns;
};

struct record {
	const struct entry *entry;
	enum race_status status; /* of the first race that did not end well */
	char reason[RACE_REASON_BYTES];
	int *cpus; /* where the tasks of the last race started */
	unsigned int n_tasks;

	uint64_t expected; /* increments made, and found, in all races but warm-up; no reads */
	uint64_t final;
	uint64_t *totals; /* found, race by race */
	size_t n_totals;

	/* Untraced races. */
	struct samples ns_per_op;
	struct samples ops_per_s;
	struct samples wall_ns;
	struct samples cpu_ns_per_op;
	struct samples overlap;
	struct counts *untraced; /* per task; nothing by the probe in it */
	struct share *shares; /* per task */
	struct condition *conditions; /* under which each was run */
	size_t n_conditions;
	uint64_t minor_faults;
	uint64_t major_faults;
	struct samples jain; /* fairness of each race's shares; none with fixed work */
	struct samples min_share;
	struct samples max_share;

	/* Races in which passes were timed. */
	struct latency *latency; /* NULL: none was */
	uint64_t latency_repeats;
	uint64_t latency_ops;
	uint64_t latency_missed;
	uint64_t sampled_every; /* in the last of them */
	struct section_runs *runs; /* of each task, over them all */

	struct traced sleeps; /* races traced at that level */
	struct traced calls;
	struct traced wakers;
	struct traced stacks;
	struct traced timeline;
	uint64_t timeline_events; /* that are in the capture */
	uint64_t timeline_lost; /* that found their ring full */
	struct hardware_sum hardware; /* races at LEVEL_COUNTERS */
};

/* Starts a record, all zero. Returns 0 or -ENOMEM. Free with record_free() either way. */
int record_init(struct record *record, const struct entry *entry);
void record_free(struct record *record);

/* The sum of the races traced at a level; NULL: it is none at which anything is. */
struct traced *record_traced(struct record *record, enum level level);

/* Whether any race was traced to its end. */
bool record_is_traced(const struct record *record);

/*
 * Adds a race that was run at a level. One that did not end well only sets status and reason.
 * `found`: in a traced race.
 * Returns 0 or -ENOMEM.
 */
int record_add(struct record *record, enum level level, const struct race_outcome *outcome,
	       const struct found *found);

#endif
