/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the races of one plan entry have shown that were traced at one level, summed over them. */
#ifndef SESSION_TRACED_H
#define SESSION_TRACED_H

#include <stddef.h>
#include <stdint.h>

#include "probe/probe.h"
#include "race/engine.h"
#include "session/call_totals.h"
#include "session/counts.h"
#include "session/other_sum.h"
#include "session/samples.h"
#include "session/stack_sum.h"
#include "session/waits.h"

/* Preemptions of all tasks by one neighbour. */
struct preemptor_sum {
	uint32_t pid;
	char comm[TB_COMM]; /* as the kernel has it: any bytes */
	uint64_t count;
};

struct traced {
	struct samples ns_per_op; /* one a race */
	unsigned int n_tasks;
	struct counts *tasks;
	pid_t *tids; /* of the last race */
	uint64_t windows; /* tasks of all races: each is compared with its getrusage */
	uint64_t voluntary_agree;
	uint64_t involuntary_agree;
	uint64_t ins_agree; /* windows with as many switch-ins as switches by getrusage */
	uint64_t ready_agree; /* windows in which each of them follows a wake-up or a preemption */
	uint64_t accounted; /* windows whose time adds up within COUNTS_TOLERANCE */
	uint64_t lost[TB_LOSSES]; /* what no task could be charged with */
	struct call_totals calls; /* all zero at LEVEL_SLEEPS */
	struct waits waits;
	struct preemptor_sum *preemptors;
	size_t n_preemptors;
	struct other_sums others;
	struct stack_sums stacks; /* none but at LEVEL_STACKS */
	struct probe_threads threads; /* of the kernel, that worked for them */
};

/* All zero, for so many tasks. Returns 0 or -ENOMEM. Free with traced_free() either way. */
int traced_init(struct traced *traced, unsigned int n_tasks);
void traced_free(struct traced *traced);

/* Adds a race that ended well; `workers` of its tasks are some. Returns 0 or -ENOMEM. */
int traced_add(struct traced *traced, const struct race_outcome *outcome, unsigned int workers,
	       const struct found *found, double ns_per_op);

/* The sum over all tasks. */
void traced_sum(const struct traced *traced, struct counts *total);

#endif
