/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one task used up in its timed windows, summed over repeats: end minus start. */
#ifndef SESSION_COUNTS_H
#define SESSION_COUNTS_H

#include <stdint.h>
#include <tracebench/slot.h>

#include "race/engine.h"
#include "session/histogram.h"

struct counts {
	uint64_t ops;
	uint64_t wall_ns;
	uint64_t cpu_clock_ns; /* CLOCK_THREAD_CPUTIME_ID */
	uint64_t rusage_voluntary; /* getrusage(RUSAGE_THREAD) */
	uint64_t rusage_involuntary;

	/* By the probe. */
	uint64_t voluntary;
	uint64_t involuntary;
	uint64_t wakeups;
	uint64_t gave_way; /* part of voluntary, see slot.h */
	uint64_t migrations;
	uint64_t on_cpu_ns; /* the stretches open at the edges of the window included */
	uint64_t run_queue_ns;
	uint64_t blocked_ns[TB_REASONS];
	uint64_t slept[TB_REASONS]; /* parts of wakeups */
	struct tb_contention contention[TB_LOCK_TYPES];
	uint64_t recovered;
	uint64_t preempted_by_race; /* parts of involuntary, see slot.h */
	uint64_t preempted_by_idle;
	uint64_t preempted_by_others; /* neighbours that are not told apart */
	uint64_t lost[TB_LOSSES];
	struct histogram run_queue;
	struct histogram off_cpu;
};

/* The difference of a report's two snapshots. */
void counts_of_window(struct counts *window, const struct task_report *report);
void counts_add(struct counts *sum, const struct counts *more);

/* How often the task got the CPU, and how often it became ready to: as often, in a window. */
uint64_t counts_switch_ins(const struct counts *counts);
uint64_t counts_ready(const struct counts *counts);

uint64_t counts_blocked_ns(const struct counts *counts);
/* The share of a task's wall time that may be left unaccounted. */
#define COUNTS_TOLERANCE 0.01

/* wall - on-CPU - run queue - blocked: what no stretch explains. May be negative. */
int64_t counts_unaccounted_ns(const struct counts *counts);

#endif
