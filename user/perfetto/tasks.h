/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of each task that a race's events name, by pid. */
#ifndef PERFETTO_TASKS_H
#define PERFETTO_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/write.h"

#define TASK_NAME 64
#define TASK_SLICES 8 /* that can be open inside each other */

/* Strangers beyond this are without a name, and forgotten after the event. */
#define TASKS_MAX 65536

enum task_state {
	TASK_UNSEEN,
	TASK_RUNNING,
	TASK_WAITING, /* for a CPU */
	TASK_ASLEEP,
	TASK_GONE,
};

enum slice_kind {
	SLICE_CALL,
	SLICE_CONTENTION,
	SLICE_SLEEP,
};

struct slice {
	enum slice_kind kind;
	uint64_t lock; /* of a contention */
};

struct task {
	uint32_t pid;
	char name[TASK_NAME]; /* valid UTF-8 */
	enum task_state state; /* of the race's own */
	bool slept; /* when it was last switched out, and it has not got a CPU since */

	/* Of a race's own, whom the race's end names; else NULL. */
	const struct capture_task *about;
	uint64_t track; /* 0: it has none */
	struct slice open[TASK_SLICES];
	unsigned int n_open;

	/* The last waking, while nothing has come of it. 0: none. */
	uint64_t waking_ns;
	struct task *waker; /* NULL: an interrupt */

	/* Of the timed window; 0: not seen. */
	uint64_t opened_ns;
	uint64_t closed_ns;
};

struct tasks;

/* NULL: no memory. */
struct tasks *tasks_new(void);
void tasks_free(struct tasks *tasks);

/* Empties it; pointers to tasks are good until then. */
void tasks_clear(struct tasks *tasks);

/* That of a pid, known from then on. NULL: no memory. */
struct task *tasks_find(struct tasks *tasks, uint32_t pid);

/* One after another, in the order in which they became known; NULL behind the last one. */
struct task *tasks_at(const struct tasks *tasks, size_t i);

/* Whether it is one that has tracks: of the race, and no thread of the kernel's. */
static inline bool task_is_own(const struct task *task)
{
	return task->track != 0;
}

#endif
