/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel tests share: a race that is traced, and the promises that hold for every one. */
#ifndef TRACEBENCH_TESTS_TRACED_H
#define TRACEBENCH_TESTS_TRACED_H

#include <stdbool.h>

#include "probe/probe.h"
#include "race/engine.h"
#include "session/counts.h"

/* Two workers on two CPUs if there are as many (or both on one), until a deadline of 100 ms. */
struct race_spec traced_spec(const struct strategy *strategy, enum mode mode, bool one_cpu);

/*
 * Loads the probe, with the faults in the options and slots for a race if they name none, where the
 * feature probe says that BPF works; a probe that then does not load is a bug, and ends the program.
 * NULL, with the reason in *why, where BPF does not work.
 */
struct probe *traced_probe(struct probe_options options, const char **why);

/* Runs the race traced at LEVEL_SLEEPS; ends the program when it does not end well. */
void traced_run(struct probe *probe, struct race_spec *spec, struct race_outcome *outcome);

/* The same at a level of choice. */
void traced_run_at(struct probe *probe, enum level level, struct race_spec *spec,
		   struct race_outcome *outcome);

/* Sum over the tasks' windows. */
struct counts traced_total(const struct race_outcome *outcome);

/* Whether every task's switches equal its getrusage's. */
bool traced_switches_agree(const struct race_outcome *outcome);

/* Whether no task lost anything, and all have a slot. */
bool traced_nothing_lost(const struct race_outcome *outcome);

/* Nanoseconds of the task that adds up worst, as a share of its window. */
double traced_worst_unaccounted(const struct race_outcome *outcome);

#endif
