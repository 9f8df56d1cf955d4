/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the slots tell of one traced repeat. Between spawn.c and spawn_kernel.c. */
#ifndef EXPERIMENT_SPAWN_KERNEL_H
#define EXPERIMENT_SPAWN_KERNEL_H

#include "experiment/spawn.h"
#include "experiment/spawn_work.h"

/* A traced repeat that ended well, all of whose tasks have died. */
struct spawn_repeat {
	enum spawn_makes makes;
	const struct spawn_memory *memory; /* no pointer in it is followed */
	const struct task_report *spawner;
	const struct tb_slot *slots;
	unsigned int n_slots;
	uint64_t n; /* creations */
};

/* Adds it. Returns the mean time from a call to the child's first moment on a CPU; NaN: unknown. */
double spawn_kernel_add(struct spawn_kernel *kernel, const struct spawn_repeat *repeat);

#endif
