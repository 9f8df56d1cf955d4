/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The merge: joins what the races recorded with the plan and the machine into a session. */
#ifndef SESSION_MERGE_H
#define SESSION_MERGE_H

#include <stdbool.h>

#include "plan/machine.h"
#include "plan/plan.h"
#include "session/own_cost.h"
#include "session/record.h"
#include "session/session.h"

struct merge_input {
	const struct plan *plan;
	const struct machine *machine;
	const struct record *records; /* one per entry of the plan */
	const struct work_rates *rates; /* NULL: no entry's load has work in it */
	const char *started; /* UTC, ISO 8601 */
	bool complete;
	enum tracing_status tracing;
	const char *tracing_reason; /* NULL when on */
	unsigned int ways; /* that the probe took, base/way.h */
	bool sees_uring; /* see probe.h */
	double load_ms; /* NaN when not loaded */
	const struct own_cost *cost; /* NULL when not traced */
	double attach_ms, detach_ms; /* medians, NaN where there was none */
	const struct start_record *start; /* NULL: it did not wait for one */
};

/* Returns 0 and a session to be freed with session_free(), or -ENOMEM. */
int merge(const struct merge_input *input, struct session **session);

/* One record's part. `result` is a null result of a session, which owns what it is given. */
int merge_result(const struct merge_input *input, const struct record *record,
		 struct result *result);

/* The latencies of a record that has races in which passes were timed; else nothing. */
int merge_latency(const struct merge_input *input, const struct record *record,
		  struct result *result);

/* Each worker's part, and how long the runs were of those who were in the section. */
int merge_parts(const struct record *record, struct result *result);

/* What the probe itself takes; nothing where that was not measured. Returns 0 or -ENOMEM. */
int merge_cost(const struct merge_input *input, struct tracing *tracing);

/* What was scanned; the plan's own values of it become null. Returns 0 or -ENOMEM. */
int merge_scan(const struct scan *scan, struct plan_record *record);

/* A strategy that takes no such option has no value of it, whatever the scan gave it. */
void merge_unscanned(const struct scan *scan, const struct strategy *strategy,
		     struct result *result);

/* The kernel's view of a record that has traced races. */
int merge_sleeps(const struct merge_input *input, const struct record *record,
		 struct sleeps *sleeps);

/* Who woke whom, where any race was for that; the rest of the view is there. */
/* A row for each task, appended to none: so many as there are. */
int merge_task_views(const struct traced *traced, unsigned int workers, struct task_view **views,
		     size_t *n);
int merge_timeline(const struct merge_input *input, const struct record *record,
		   struct kernel_view *kernel);
int merge_wakers(const struct merge_input *input, const struct record *record,
		 struct sleeps *sleeps);

/* Where they slept and were woken from, where any race was for that. */
int merge_stacks(const struct merge_input *input, const struct record *record,
		 struct kernel_view *kernel);

/* Its sleeps whose reason has no name of its own, by system call. Returns 0 or -ENOMEM. */
int merge_others(const struct other_sums *sums, struct sleeps *sleeps);

/* The same of one that has races traced at the calls level. */
int merge_calls(const struct merge_input *input, const struct record *record, struct calls *calls);

/* What the processor counted, where any race was for that. */
int merge_hardware(const struct merge_input *input, const struct record *record,
		   struct result *result);

/* What was lost at a level. `total`: over all tasks. What is not measured yet stays null. */
void merge_losses(const struct traced *traced, const struct counts *total, struct losses *losses);

/* What watching at a level cost: the ratio of its races to the untraced ones. */
int merge_slowdown(const struct merge_input *input, const struct record *record,
		   const struct traced *traced, struct estimate *slowdown);

/* Compares the probe's counts with those of other sources. `ways`: that it took; `total`: over all tasks. */
int reconcile(enum level level, unsigned int ways, const struct traced *traced,
	      const struct counts *total, struct reconciled *reconciled);

/* A copy in *to. Returns 0 or -ENOMEM; a NULL text is a null. */
int merge_text(char **to, const char *text);

/* An option's value, null where it is left open. */
int64_t merge_option(uint64_t value);

#endif
