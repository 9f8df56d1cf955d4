/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long the races that are left will take: each as long as planned, and what making it has cost
 * besides at its level so far. Fixed work takes as long as it took that entry before.
 */
#ifndef COMMAND_ETA_H
#define COMMAND_ETA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/plan.h"

#define ETA_UNKNOWN UINT64_MAX

struct eta_sum {
	uint64_t ns;
	uint64_t races;
};

struct eta {
	const struct plan *plan;
	bool racing; /* at `step`, since since_ns */
	size_t step;
	uint64_t since_ns;
	bool *over; /* by entry: it failed, and is not raced again */
	struct eta_sum *entries; /* fixed work: by entry */
	struct eta_sum levels[LEVELS]; /* else: time beyond the duration */
	struct eta_sum all; /* the sum of those */
};

/* Returns 0 or -ENOMEM. Free with eta_free() either way. */
int eta_init(struct eta *eta, const struct plan *plan);
void eta_free(struct eta *eta);

/*
 * The race before is over, and the one of `step` begins. Steps between them were passed over. Returns
 * the nanoseconds to the end, or ETA_UNKNOWN.
 */
uint64_t eta_next(struct eta *eta, size_t step, uint64_t now_ns);

/* "about 35 s left", rounded up; empty where it is not known. */
void eta_text(uint64_t left_ns, char text[32]);

#endif
