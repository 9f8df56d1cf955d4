/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A group of events that the kernel counts for the calling task alone, whatever CPU it runs on: see
 * perf_event_open(2). The group is on the counters as a whole or not at all, so that its counts are
 * of the same time and may be divided by each other.
 */
#ifndef BASE_PERF_GROUP_H
#define BASE_PERF_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#define PERF_GROUP_MAX 8

struct perf_kind {
	uint32_t type; /* perf_event_attr.type */
	uint64_t config;
};

/* What is counted. The first event leads: without it there is no group. */
struct perf_choice {
	const struct perf_kind *events;
	unsigned int n_events; /* at most PERF_GROUP_MAX */
	bool with_kernel; /* also what happens in the kernel on the task's behalf */
};

/* Of one task, which alone may use it. */
struct perf_group {
	int fds[PERF_GROUP_MAX]; /* -1: this machine does not count that event */
	unsigned int n_events; /* 0: nothing is open */
};

struct perf_reading {
	uint64_t values[PERF_GROUP_MAX];
	uint32_t counted; /* a bit for each event that has a value */
	int error; /* negative errno: it could not be counted or read; 0 */
	uint64_t enabled_ns; /* from enabling to disabling, on the CPU */
	uint64_t running_ns; /* of that, on the counters: less where others wanted them too */
};

/*
 * Opens the group, which counts nothing yet. An event other than the first that the machine does not
 * have is left out. Returns 0 or a negative errno, and then nothing is open.
 */
int perf_group_open(const struct perf_choice *choice, struct perf_group *group);
void perf_group_close(struct perf_group *group);

/* These do nothing to a group that is not open. Return 0 or a negative errno. */
int perf_group_enable(const struct perf_group *group);
int perf_group_disable(const struct perf_group *group);
int perf_group_read(const struct perf_group *group, struct perf_reading *reading);

/*
 * A value for all of the time it was enabled, where it was counted for a part of that. `running_ns`
 * may not be 0.
 */
uint64_t perf_scaled(const struct perf_reading *reading, unsigned int event);

#endif
