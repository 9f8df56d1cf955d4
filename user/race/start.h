/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The starting line: all tasks begin at one moment, which the last to arrive appoints. */
#ifndef RACE_START_H
#define RACE_START_H

#include <stdint.h>

struct start {
	uint32_t arrived;
	uint32_t appointed; /* futex: 1 once at_ns is valid */
	uint64_t at_ns; /* CLOCK_MONOTONIC */
};

/*
 * Arrives as one of n_tasks. The last one appoints the start and rings `bell`, an eventfd.
 * Returns at the start, or a negative errno.
 */
int start_line_up(struct start *start, unsigned int n_tasks, int bell);

/* The moment of the start, once the bell has been rung. */
uint64_t start_appointed_ns(const struct start *start);

#endif
