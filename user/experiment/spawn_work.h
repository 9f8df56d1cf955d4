/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One repeat as the spawner does it. Between spawn.c and spawn_work.c. */
#ifndef EXPERIMENT_SPAWN_WORK_H
#define EXPERIMENT_SPAWN_WORK_H

#include <tracebench/slot.h>

#include "experiment/spawn.h"
#include "strategy/strategy.h"

#define SPAWN_FAILURE 192

/* One creation. */
struct spawn_child {
	uint64_t called_ns; /* CLOCK_MONOTONIC, before the call */
	pid_t pid; /* 0 of a thread */
	uint64_t voluntary; /* of a process, when it was waited for */
	uint64_t involuntary;
};

/* The spawner's memory, shared with the parent, zeroed but for what is asked of it. */
struct spawn_memory {
	const struct spawn_method *method;
	const char *program;
	const struct tb_slot *slots; /* mapped; NULL: not traced */
	unsigned int n_slots;

	uint64_t create_ns; /* sums */
	uint64_t whole_ns;
	struct spawn_use children;
	uint64_t resident_bytes; /* of the spawner, which fork copies the page tables of */
	char failure[SPAWN_FAILURE]; /* why it went no further; else empty */
	struct spawn_child child[];
};

/* A race of one worker, the spawner, whose object is a struct spawn_memory. */
extern const struct strategy spawn_strategy;

#endif
