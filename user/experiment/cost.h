/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What tracing costs where it costs most: turn-futex with both workers on one CPU, where every
 * increment is a switch. Untraced, with the probe at each level, and with empty programs where it has
 * its own; interleaved, each kind first in its turn, so that what drifts meets all alike.
 */
#ifndef EXPERIMENT_COST_H
#define EXPERIMENT_COST_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/floor.h"
#include "probe/probe.h"
#include "session/session.h"

#define COST_TASKS 2
#define COST_REPEATS 11
#define COST_REASON 320

enum cost_kind {
	COST_UNTRACED,
	COST_FLOOR_OF_SLEEPS,
	COST_SLEEPS,
	COST_FLOOR_OF_CALLS,
	COST_CALLS,
	COST_WAKERS, /* which has no floor of its own: that of sleeps is nearest */
	COST_KINDS,
};

struct cost_options {
	struct probe *probe;
	struct floor *floor;
	int cpu;
	uint64_t race_ns; /* that each race lasts */
	int interrupt_fd; /* readable: stop now. -1: none */
};

/* Nanoseconds an increment, by the clock: waiting counts. */
struct cost_finding {
	bool has[COST_KINDS]; /* of a level that the probe cannot be attached at there is nothing */
	double ns_per_op[COST_KINDS][COST_REPEATS];
};

/*
 * Returns 0; -EINTR when interrupted; or another negative errno, with a reason that says which race
 * failed and why.
 */
int cost_measure(const struct cost_options *options, struct cost_finding *finding,
		 char reason[COST_REASON]);

/* The ratio of two kinds, with its interval. Returns 0 or -ENOMEM. */
int cost_ratio(const struct cost_finding *finding, enum cost_kind above, enum cost_kind below,
	       struct estimate *ratio);

const char *cost_name(enum cost_kind kind);

#endif
