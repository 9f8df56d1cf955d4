/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The thread that takes a race's events out of the rings and appends them to a capture. It sleeps
 * until a ring is a quarter full, or for a moment, and runs on CPUs that the race leaves free, if
 * there are any.
 *
 * A capture has the events of a CPU in the order of their times (event_queue.h).
 */
#ifndef PROBE_DRAIN_H
#define PROBE_DRAIN_H

#include "capture/write.h"
#include "probe/probe.h"

struct drain;

/*
 * `cpus`: the race's, of each task; -1: it may be on any. The writer is the thread's until
 * drain_stop(). Returns 0 or a negative errno.
 */
int drain_start(struct probe *probe, struct capture_writer *writer, const int *cpus,
		unsigned int n_cpus, struct drain **drain);

/*
 * When the probe is detached: takes what is left and ends the thread. What went wrong with the
 * capture, the writer knows and has said. NULL is fine.
 */
void drain_stop(struct drain *drain);

#endif
