/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which CPU each task of a race is pinned to. */
#ifndef PLAN_PLACEMENT_H
#define PLAN_PLACEMENT_H

#include <stddef.h>

#include "plan/machine.h"

/* CPUs in the order tasks are placed on them, wrapping round; none: tasks are not pinned. */
struct placement {
	int *cpus;
	size_t n_cpus;
};

/*
 * From --pin: "spread" is the machine's order, "pack" its first CPU, "smt" the hardware threads of
 * one core, "l3" the CPUs of one L3 cache, "none" no pinning, a list what it says. Returns 0,
 * -ENOMEM, or -EINVAL, after a line on stderr, for a CPU, core or cache that is not there or may
 * not be used.
 */
int placement_make(const char *pin, const struct machine *machine, struct placement *placement);
void placement_free(struct placement *placement);

/* Of a task, counted from 0, the owner after the workers. -1: not pinned. */
int placement_cpu(const struct placement *placement, size_t task);

#endif
