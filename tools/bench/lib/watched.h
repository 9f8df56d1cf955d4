/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Races that tracebench watches, or nothing but empty programs at the same tracepoints: the floor
 * below which no probe can come. Whatever goes wrong ends the program with a line that says what.
 */
#ifndef BENCH_WATCHED_H
#define BENCH_WATCHED_H

#include "lib/measure.h"
#include "probe/probe.h"

enum watch {
	WATCH_NONE,
	WATCH_EMPTY_SLEEPS,
	WATCH_SLEEPS,
	WATCH_EMPTY_CALLS,
	WATCH_CALLS,
	WATCH_WAKERS,
	WATCH_STACKS,
	WATCH_TIMELINE,
	WATCHES,
};

extern const char *const watch_names[WATCHES];

/* Loaded once, attached while a race runs. */
struct watcher {
	unsigned int max_tasks;
	struct probe *probe;
	/* Loaded when they are first asked for. */
	struct probe *stacks;
	struct probe *timeline;
	struct empty_bpf *empty;
};

/* All that a session loads unless it is asked for more, for races of at most so many tasks. */
void watcher_load(struct watcher *watcher, unsigned int max_tasks);
void watcher_free(struct watcher *watcher);

/* A timeline's capture goes to the current folder, where the next replaces it. */
struct bench_race watcher_race(struct watcher *watcher, enum watch watch,
			       const struct race_spec *spec);

#endif
