/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the processor counted in all races of one plan entry that were for that. */
#ifndef SESSION_HARDWARE_SUM_H
#define SESSION_HARDWARE_SUM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hardware.h"
#include "race/engine.h"

struct hardware_task_sum {
	uint64_t ops;
	uint64_t values[HARDWARE_EVENTS]; /* scaled where the counters were shared */
	uint32_t missing; /* a bit for each event that a race had no value of */
};

struct hardware_sum {
	uint64_t repeats;
	bool multiplexed;
	char reason[HARDWARE_REASON_BYTES]; /* why a task could not count; empty: all could */
	unsigned int n_tasks;
	struct hardware_task_sum *tasks;
};

/* All zero, for so many tasks. Returns 0 or -ENOMEM. Free with hardware_sum_free() either way. */
int hardware_sum_init(struct hardware_sum *sum, unsigned int n_tasks);
void hardware_sum_free(struct hardware_sum *sum);

/* Adds a race that ended well. */
void hardware_sum_add(struct hardware_sum *sum, const struct race_outcome *outcome);

#endif
