/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ground truth: a race in which one task sleeps a known number of times for a known reason, and
 * measures by its own clock how long. The counts must be exactly these, the time within 5 %.
 *
 * Worker 0 sleeps. Worker 1 wakes it, TRUTH_SLEEP_NS after /proc has shown it asleep: so no sleep is
 * missed because a busy machine is late, and none is shorter than that. Sleeps that end by themselves
 * need no worker 1. Worker 2, where there is one, is asleep in what worker 0 then waits for.
 */
#ifndef TRACEBENCH_TESTS_TRUTH_H
#define TRACEBENCH_TESTS_TRUTH_H

#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"
#include "lib/traced.h"

#define TRUTH_SLEEPS 10
#define TRUTH_SLEEP_NS (10 * NS_PER_MS)

/* One sleep, by the sleeper. */
struct truth_round {
	uint64_t own_ns; /* by its clocks: real time less CPU time, less what it waited for a CPU */
	uint64_t blocked_ns; /* by its slot, for the case's reason */
	uint64_t slept; /* likewise: how often */
};

/* Shared by the tasks and the test. */
struct truth {
	uint32_t word; /* a futex's: always 0 */
	int a[2], b[2]; /* descriptors that are there before the tasks are */
	/* What the page-fault tests need, see truth_faults.c. */
	int faults;
	pid_t faulter; /* process whose descriptor `faults` is */
	char *pages;

	/* Rounds, counted from 1, that have come so far; the last two are the sleeper's. */
	uint32_t holds, goes, sleeps, slept;
	pid_t sleeper, holder; /* tasks */
	pid_t process; /* of the sleeper */
	struct truth_round rounds[TRUTH_SLEEPS];
};

struct truth_case {
	const char *name;
	enum tb_reason reason;
	uint32_t call; /* for TB_OTHER: in which system call, or TB_OTHER_STOPPED */
	bool in_list; /* of futexes, whose words are not told apart */
	bool kernel_mutexes; /* are what is waited for */
	unsigned int modes; /* 0: both */
	bool as_root;
	const char *(*unsupported)(void); /* why it cannot be tried here; NULL: it can. Optional */
	int (*prepare)(struct truth *truth); /* in the arena, before the tasks. Optional */
	/* All that follow return 0 or a negative errno. */
	int (*hold)(struct truth *truth, unsigned int round); /* worker 2. Optional */
	int (*ready)(struct truth *truth, unsigned int round); /* worker 1, before. Optional */
	int (*sleep)(struct truth *truth, unsigned int round); /* worker 0 */
	int (*wake)(struct truth *truth, unsigned int round); /* worker 1; NULL: it wakes itself */
};

/* Races the case with `truth`, which is all zero and shared. Ends the program when it does not end well. */
void truth_race(struct probe *probe, const struct truth_case *one, enum mode mode,
		struct truth *truth, struct race_outcome *outcome);

/* 0 for a call that returned `want`; else a negative errno, -EPROTO for another result. */
int truth_result(long got, long want);

#endif
