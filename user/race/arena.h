/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The arena: memory that the parent, the arena process and all tasks of one race share, and the
 * process that makes the tasks and ends the race.
 */
#ifndef RACE_ARENA_H
#define RACE_ARENA_H

#include <stdbool.h>
#include <stdint.h>

#include "race/engine.h"
#include "race/start.h"

/* One task. Padded: its report is written while others still race. */
struct task {
	struct worker worker;
	struct task_report report;
} RACE_PADDED;

struct arena {
	const struct race_spec *spec;
	unsigned int n_tasks; /* workers, and the owner if there is one */
	bool complete; /* all tasks ended well, and all reports are in */
	uint32_t failed; /* taken by the first who fails; its reason is the race's */
	char reason[RACE_REASON_BYTES];
	int bell; /* the last task to arrive at the start rings it */
	struct start start;
	struct race race;
	struct task tasks[];
};

/*
 * Where an arena is. The parent keeps this to itself and believes nothing that it says of itself
 * in the shared memory: the tasks could have written anything there.
 */
struct arena_memory {
	struct arena *arena;
	size_t bytes;
	uint64_t object; /* address */
	uint64_t object_bytes;
	unsigned int n_tasks;
	const struct race_shape *shapes; /* of each task; NULL: the race is bare */
};

/* Shared memory for a race, zeroed, its object included. Returns 0 or a negative errno. */
int arena_map(const struct race_spec *spec, struct arena_memory *memory);
void arena_unmap(const struct arena_memory *memory);

/*
 * Life of the arena process, from the fork to its exit. It begins when a byte can be read from
 * `gate`, and does not when the other end was closed.
 */
_Noreturn void arena_main(struct arena *arena, int gate, pid_t parent);

/* Life of one task, up to its report; tasks[n_tasks - 1] is the owner if the strategy has one. */
void task_main(struct arena *arena, unsigned int index);

/* "worker 2" or "the owner". */
const char *task_name(const struct arena *arena, unsigned int index, char name[32]);

/* Ends the race as failed, for all its tasks. The first reason given is kept. */
__attribute__((format(printf, 2, 3))) _Noreturn void arena_fail(struct arena *arena,
								const char *format, ...);

#endif
