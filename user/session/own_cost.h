/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the probe itself takes: memory, and time of each run of a program.
 *
 * The time is the kernel's own (BPF_ENABLE_STATS), which counts it only while it is wished for. That
 * makes all BPF programs of the machine slower and takes a right that a run gives up before it races,
 * so there is a pass for it alone: one brief race of turn-futex at each level, its two workers on one
 * CPU, wake-ups watched. Where every increment is a switch, programs run often, and nearly always for
 * a traced task.
 */
#ifndef SESSION_OWN_COST_H
#define SESSION_OWN_COST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/level.h"
#include "probe/probe.h"

#define OWN_COST_TASKS 2 /* of the pass: the probe needs slots for as many */
#define OWN_COST_REASON 320
/* Those that the probe is attached at; a bit for each. */
#define OWN_COST_LEVELS \
	(1U << LEVEL_SLEEPS | 1U << LEVEL_CALLS | 1U << LEVEL_WAKERS | 1U << LEVEL_STACKS)

/* A program, in the race at one level. */
struct program_runs {
	enum level level;
	const char *name; /* lives as long as the probe */
	uint64_t runs;
	uint64_t run_ns; /* all of them, one reading of the clock in each included */
};

/* Starts all zero: nothing is known. Owns its lists. */
struct own_cost {
	struct map_cost *maps; /* none: not known */
	size_t n_maps;
	struct program_runs *programs; /* all that were attached, level by level; none: not clocked */
	size_t n_programs;
	char reason[OWN_COST_REASON]; /* why not; empty: they were */
};

struct own_cost_pass {
	unsigned int levels; /* to be raced at, of OWN_COST_LEVELS */
	int cpu;
	bool keep_root;
	int interrupt_fd; /* readable: stop now. -1: none */
};

/*
 * Asks and clocks, and leaves no statistics switched on. What cannot be known is left out, for a reason.
 * Returns 0 or -ENOMEM; own_cost_free() it either way.
 */
int own_cost_measure(struct probe *probe, const struct own_cost_pass *pass, struct own_cost *cost);
void own_cost_free(struct own_cost *cost);

uint64_t own_cost_maps_bytes(const struct own_cost *cost);

#endif
