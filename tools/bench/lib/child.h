/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Programs that a benchmark starts. Each is in a process group of its own, so that a Ctrl-C is the
 * benchmark's alone, and is told to end if the benchmark does not live to do so.
 */
#ifndef BENCH_CHILD_H
#define BENCH_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Starts argv[0], which is looked for in PATH, in `folder`, without input. What it prints goes to
 * nobody, what it complains of into the file `log` of that folder. -1 when it cannot be started.
 */
pid_t child_start(const char *const *argv, const char *folder, const char *log);

/*
 * Waits until it has ended and reaps it; after so long, or when a signal comes, it is killed.
 * Returns whether it ended by itself, or by SIGINT.
 */
bool child_wait(pid_t pid, uint64_t timeout_ns);

/* Whether it has ended. It is still to be waited for. */
bool child_has_ended(pid_t pid);

/* Tells it to end, as a Ctrl-C would, and waits for that as child_wait() does. */
bool child_interrupt(pid_t pid, uint64_t timeout_ns);

#endif
