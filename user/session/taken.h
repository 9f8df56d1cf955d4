/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CPU time that was taken from a race by who is not in it: the hypervisor, which /proc/stat calls
 * steal, and a control group's quota, which cpu.stat calls throttled. Read before and after a race,
 * so a little more than its timed part is in it.
 */
#ifndef SESSION_TAKEN_H
#define SESSION_TAKEN_H

#include <stddef.h>
#include <stdint.h>

/* NO_INT (session.h): not known. */
struct taken {
	int64_t steal_ns; /* of the CPUs together; /proc/stat counts in units of 1/USER_HZ, 10 ms */
	int64_t throttled_ns; /* run queues held back, of all CPUs together: may exceed the wall time */
};

/* Of one control group: its cpu.stat, and what it said at the beginning. */
struct taken_group {
	char *path;
	int64_t throttled_ns;
};

struct taken_watch {
	struct taken_group *groups; /* this process's own and those above it */
	size_t n_groups;
	int64_t steal_ns;
};

/* Finds the control groups that count it; end with taken_close(). Without memory it finds fewer. */
void taken_open(struct taken_watch *watch);
void taken_close(struct taken_watch *watch);

/*
 * What was taken between the two calls: steal from `cpus`, each counted once, or where one of them
 * is -1 (not pinned) from all CPUs; throttled time is that of the group in which it was longest.
 */
void taken_begin(struct taken_watch *watch, const int *cpus, unsigned int n_cpus);
struct taken taken_end(const struct taken_watch *watch, const int *cpus, unsigned int n_cpus);

/* Pure, for tests. Steal in the text of /proc/stat, in its units, and throttled time in cpu.stat's
 * of either version of control groups. NO_INT: it is not in it. */
int64_t taken_steal_of(const char *stat, const int *cpus, unsigned int n_cpus);
int64_t taken_throttled_ns_of(const char *cpu_stat);

#endif
