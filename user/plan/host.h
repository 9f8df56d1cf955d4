/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts of the host that the kernel shows as files, or that have to be measured. For machine.c. */
#ifndef PLAN_HOST_H
#define PLAN_HOST_H

#include <stdbool.h>

/* Strings are to be freed; NULL: not known. */
char *host_first_line(const char *path);
char *host_governor(int cpu);
char *host_clocksource(void);

/* "on" or "off", by what cpufreq or intel_pstate shows: see host_boost_of(). */
char *host_boost(void);

/*
 * Pure. From the first line of cpufreq/boost and of intel_pstate/no_turbo, which says the opposite;
 * NULL: there is no such file. NULL where neither says it.
 */
const char *host_boost_of(const char *boost, const char *no_turbo);

/* As the kernel names it in /proc/cpuinfo; on some architectures it does not. */
char *host_cpu_model(void);

/* The kernel's preemption model; `version` is uname's. */
char *host_preemption(const char *version);

/*
 * Pure. Where debugfs could be read, the choice in parentheses of its "none voluntary (full)";
 * otherwise (NULL) the PREEMPT... word of the version, which is what the kernel was built for.
 */
char *host_preemption_of(const char *choices, const char *version);

/* Whether a hypervisor says so, through CPUID or /sys/hypervisor. */
bool host_virtualized(void);

/* Median cost of one clock_gettime(CLOCK_MONOTONIC), in nanoseconds. */
double host_timer_cost_ns(void);

/* The least that two readings of CLOCK_MONOTONIC differ by, in nanoseconds. */
double host_clock_step_ns(void);

/*
 * CPUs that the control groups of this process grant it: the least of its own group's limit and
 * those of all groups above. cgroup v2 (cpu.max) and v1 (cpu.cfs_quota_us). NaN: no limit.
 */
double host_cpu_quota(void);

/* Pure. "max 100000" or "50000 100000", of cpu.max; NaN when there is no limit in it. */
double host_quota_of(const char *cpu_max);

#endif
