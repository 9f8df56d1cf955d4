/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The race engine: runs one race in a child process of its own, the arena, so that a strategy
 * that crashes, hangs or is killed costs that race and nothing else.
 */
#ifndef RACE_ENGINE_H
#define RACE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/latency.h"
#include "race/calibrate.h"
#include "base/perf_group.h"
#include "race/window.h"
#include "strategy/load.h"
#include "strategy/strategy.h"

struct race_spec {
	const struct strategy *strategy;
	enum mode mode;
	unsigned int workers;
	uint64_t duration_ns; /* 0 with fixed work */
	uint64_t iterations; /* per worker, or RACE_NO_LIMIT */
	struct load load;
	const struct work_rates *rates; /* of loads with work in them; else NULL */
	uint64_t sample_every; /* about so many passes (shape.h), to time one of them; 0: none is */
	uint64_t sample_seed; /* of the gaps between them */
	uint64_t clock_ns; /* what reading the clock costs, which is taken off what was timed */
	uint64_t deadline_ns; /* from the start of the arena; then the race is taken for hung */
	const int *cpus; /* one per task, the owner last; -1: not pinned */
	bool keep_root;
	/* The caller looks at the tasks through /proc as one of their user may: other processes of
	 * that user then may, too, and see in their memory what was in the caller's. */
	bool shows_tasks;
	/* The caller's own shared memory, which outlives the race, for the strategy's object. NULL:
	 * the race makes it, and it is gone with the race. */
	void *object;

	/* Traced races: the mapped slots, which the tasks search for their own. NULL: untraced. */
	const struct tb_slot *slots;
	unsigned int n_slots;
	/*
	 * Called before the arena makes any task, with its pid and pidfd and with where the strategy's
	 * object is in all of them. Returns 0 or a negative errno.
	 */
	int (*before_start)(void *context, pid_t arena, int arena_pidfd, uint64_t object,
			    uint64_t object_bytes);
	void *context;
	/*
	 * Called when the deadline is over, with the arena and its tasks still as they were. Returns
	 * for how many nanoseconds more the race may go on; 0: it is ended now. NULL: it is ended.
	 */
	uint64_t (*at_deadline)(void *deadline_context, pid_t arena);
	void *deadline_context;

	/* What each task has counted of its timed window besides; NULL: nothing. A race in which it
	 * cannot be counted goes on without. */
	const struct perf_choice *counted;

	int interrupt_fd; /* readable: end the race now. -1: none */
};

enum race_status {
	RACE_OK,
	RACE_FAILED,
	RACE_TIMED_OUT,
	RACE_INTERRUPTED,
};

/* What one task of the race measured of itself. */
struct task_report {
	pid_t tid;
	int cpu; /* on which it started */
	bool has_slot; /* its windows hold the kernel's counts */
	bool finished; /* the race ended for it as it should */
	uint64_t done; /* increments, and reads in place of them */
	uint64_t reads;
	double crossing_ns; /* see window_crossing_ns() */
	uint64_t passes; /* the next three: where passes are timed and exclude each other, else 0 */
	uint64_t runs; /* how often it was in the section when somebody else had been last */
	uint64_t longest_run;
	struct perf_reading counted; /* all zero unless race_spec.counted */
	struct snapshot start;
	struct snapshot end;
};

#define RACE_REASON_BYTES 256

struct race_outcome {
	enum race_status status;
	char reason[RACE_REASON_BYTES]; /* why it is not RACE_OK */
	uint64_t final; /* the counter's value at the end */
	uint64_t object; /* address and size of the strategy's object in all tasks */
	uint64_t object_bytes;
	struct task_report *tasks; /* workers, then the owner; NULL unless RACE_OK */
	unsigned int n_tasks;
	struct latency *latency; /* of all tasks together; NULL where none was timed */
	uint64_t missed; /* messages that were to be timed, but that too many were on their way */
};

/* Whether there are several tasks, all pinned, and to the same CPU. */
bool race_is_on_one_cpu(const struct race_spec *spec);

/*
 * Runs one race and leaves nothing behind, whatever happens in it. The outcome is always filled;
 * free it with race_outcome_free().
 */
void race_run(const struct race_spec *spec, struct race_outcome *outcome);
void race_outcome_free(struct race_outcome *outcome);

#endif
