/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The collector: runs the plan's races in their order, traced and untraced, and records them. */
#ifndef SESSION_COLLECT_H
#define SESSION_COLLECT_H

#include <stdbool.h>

#include "plan/plan.h"
#include "probe/probe.h"
#include "session/record.h"

struct collector {
	const struct plan *plan;
	struct probe *probe; /* NULL: the plan has no traced steps */
	struct probe *timeline; /* at LEVEL_TIMELINE; NULL: the plan has no such steps */
	struct capture_writer *capture; /* for its events; what goes wrong with it costs no race */
	struct symbols *symbols; /* see struct found */
	const struct work_rates *rates; /* NULL: no entry's load has work in it */
	double clock_ns; /* what reading the clock costs */
	const struct perf_choice *counted; /* at LEVEL_COUNTERS; NULL: the plan has no such steps */
	int interrupt_fd; /* readable: stop now. -1: none */
	/* Told before each race, never during one; may be NULL. */
	void (*progress)(void *context, size_t step, const struct entry *entry);
	void *context;
};

/*
 * Fills one initialised record per entry. An entry whose race does not end well is not raced
 * again. *complete: nobody interrupted. Returns 0 or -ENOMEM.
 */
int collect(const struct collector *collector, struct record *records, bool *complete);

#endif
