/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much CPU the control groups grant. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "plan/cgroup.h"
#include "plan/host.h"

double host_quota_of(const char *cpu_max)
{
	double quota, period;

	/* "max" is not a number, and v1 says -1. */
	if (sscanf(cpu_max, "%lf %lf", &quota, &period) != 2 || quota <= 0 || period <= 0)
		return NAN;
	return quota / period;
}

static char *read_in(const char *group, const char *file)
{
	char *path, *line;

	if (asprintf(&path, "%s/%s", group, file) < 0)
		return NULL;
	line = host_first_line(path);
	free(path);
	return line;
}

static double quota_v2(const char *group)
{
	char *limit = read_in(group, "cpu.max");
	double quota = limit ? host_quota_of(limit) : NAN;

	free(limit);
	return quota;
}

static double quota_v1(const char *group)
{
	char *quota = read_in(group, "cpu.cfs_quota_us");
	char *period = read_in(group, "cpu.cfs_period_us");
	char both[64];

	snprintf(both, sizeof(both), "%s %s", quota ? quota : "", period ? period : "");
	free(quota);
	free(period);
	return host_quota_of(both);
}

/* fmin() takes the number when one of the two is NaN. */
static void take_least(void *context, const char *path, bool v2)
{
	double *least = context;

	*least = fmin(*least, v2 ? quota_v2(path) : quota_v1(path));
}

double host_cpu_quota(void)
{
	double least = NAN;

	cgroup_each(take_least, &least);
	return least;
}
