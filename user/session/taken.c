/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/taken.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "plan/cgroup.h"
#include "session/session.h"

static bool is_among(int cpu, const int *cpus, unsigned int n_cpus)
{
	for (unsigned int i = 0; i < n_cpus; i++)
		if (cpus[i] == cpu)
			return true;
	return false;
}

/* "cpu3 user nice system idle iowait irq softirq steal ...": the sum of all is "cpu ", here -1. */
static bool read_line(const char *line, int *cpu, int64_t *steal)
{
	*cpu = -1;
	if (!strncmp(line, "cpu ", 4))
		return sscanf(line, "cpu %*u %*u %*u %*u %*u %*u %*u %" SCNd64, steal) == 1;
	return sscanf(line, "cpu%d %*u %*u %*u %*u %*u %*u %*u %" SCNd64, cpu, steal) == 2;
}

int64_t taken_steal_of(const char *stat, const int *cpus, unsigned int n_cpus)
{
	bool all = is_among(-1, cpus, n_cpus);
	int64_t sum = NO_INT, steal;
	int cpu;

	for (const char *line = stat; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, "cpu", 3) != 0)
			break;
		if (!read_line(line, &cpu, &steal) ||
		    (all ? cpu >= 0 : cpu < 0 || !is_among(cpu, cpus, n_cpus)))
			continue;
		sum = sum == NO_INT ? steal : sum + steal;
	}
	return sum;
}

/* "throttled_usec" of v2, "throttled_time" of v1, which is in nanoseconds. */
int64_t taken_throttled_ns_of(const char *cpu_stat)
{
	int64_t value;

	for (const char *line = cpu_stat; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "throttled_usec %" SCNd64, &value) == 1)
			return value * 1000;
		if (sscanf(line, "throttled_time %" SCNd64, &value) == 1)
			return value;
	}
	return NO_INT;
}

/* The whole file, to be freed; NULL: it cannot be read. */
static char *read_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;
	ssize_t length = file ? getdelim(&text, &size, '\0', file) : -1;

	if (file)
		fclose(file);
	if (length > 0)
		return text;
	free(text);
	return NULL;
}

static int64_t throttled_ns(const struct taken_group *group)
{
	char *text = read_file(group->path);
	int64_t ns = text ? taken_throttled_ns_of(text) : NO_INT;

	free(text);
	return ns;
}

static int64_t steal_ns(const int *cpus, unsigned int n_cpus)
{
	char *text = read_file("/proc/stat");
	int64_t ticks = text ? taken_steal_of(text, cpus, n_cpus) : NO_INT;

	free(text);
	return ticks == NO_INT ? NO_INT : ticks * ((int64_t)NS_PER_S / sysconf(_SC_CLK_TCK));
}

static void add_group(void *context, const char *path, bool v2)
{
	struct taken_watch *watch = context;
	struct taken_group *grown =
		realloc(watch->groups, (watch->n_groups + 1) * sizeof(*watch->groups));
	struct taken_group group;

	(void)v2;
	if (!grown)
		return;
	watch->groups = grown;
	if (asprintf(&group.path, "%s/cpu.stat", path) < 0)
		return;
	group.throttled_ns = throttled_ns(&group);
	if (group.throttled_ns == NO_INT)
		free(group.path);
	else
		watch->groups[watch->n_groups++] = group;
}

void taken_open(struct taken_watch *watch)
{
	*watch = (struct taken_watch){ .steal_ns = NO_INT };
	cgroup_each(add_group, watch);
}

void taken_close(struct taken_watch *watch)
{
	for (size_t i = 0; i < watch->n_groups; i++)
		free(watch->groups[i].path);
	free(watch->groups);
}

void taken_begin(struct taken_watch *watch, const int *cpus, unsigned int n_cpus)
{
	watch->steal_ns = steal_ns(cpus, n_cpus);
	for (size_t i = 0; i < watch->n_groups; i++)
		watch->groups[i].throttled_ns = throttled_ns(&watch->groups[i]);
}

/* The counters of some hypervisors have been seen to go backwards: that is nothing taken. */
static int64_t since(int64_t before, int64_t after)
{
	if (before == NO_INT || after == NO_INT)
		return NO_INT;
	return after > before ? after - before : 0;
}

struct taken taken_end(const struct taken_watch *watch, const int *cpus, unsigned int n_cpus)
{
	struct taken taken = { .throttled_ns = NO_INT };

	taken.steal_ns = since(watch->steal_ns, steal_ns(cpus, n_cpus));
	for (size_t i = 0; i < watch->n_groups; i++) {
		int64_t ns = since(watch->groups[i].throttled_ns, throttled_ns(&watch->groups[i]));

		/* NO_INT is less than any. */
		taken.throttled_ns = ns > taken.throttled_ns ? ns : taken.throttled_ns;
	}
	return taken;
}
