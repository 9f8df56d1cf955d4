/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/host.h"

#include <gsl/gsl_statistics_double.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

char *host_first_line(const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (!file)
		return NULL;
	length = getline(&line, &size, file);
	fclose(file);
	if (length <= 0) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\n")] = '\0';
	return line;
}

char *host_governor(int cpu)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", cpu);
	return host_first_line(path);
}

char *host_clocksource(void)
{
	return host_first_line("/sys/devices/system/clocksource/clocksource0/current_clocksource");
}

const char *host_boost_of(const char *boost, const char *no_turbo)
{
	if (no_turbo && (!strcmp(no_turbo, "0") || !strcmp(no_turbo, "1")))
		return *no_turbo == '0' ? "on" : "off";
	if (boost && (!strcmp(boost, "0") || !strcmp(boost, "1")))
		return *boost == '1' ? "on" : "off";
	return NULL;
}

char *host_boost(void)
{
	char *boost = host_first_line("/sys/devices/system/cpu/cpufreq/boost");
	char *no_turbo = host_first_line("/sys/devices/system/cpu/intel_pstate/no_turbo");
	const char *found = host_boost_of(boost, no_turbo);
	char *copy = found ? strdup(found) : NULL;

	free(boost);
	free(no_turbo);
	return copy;
}

char *host_preemption_of(const char *choices, const char *version)
{
	const char *open = choices ? strchr(choices, '(') : NULL;
	const char *close = open ? strchr(open, ')') : NULL;
	const char *word = strstr(version, "PREEMPT");

	if (close)
		return strndup(open + 1, (size_t)(close - open - 1));
	return word ? strndup(word, strcspn(word, " ")) : NULL;
}

char *host_preemption(const char *version)
{
	char *choices = host_first_line("/sys/kernel/debug/sched/preempt");
	char *model = host_preemption_of(choices, version);

	free(choices);
	return model;
}

/* The value of the first line of /proc/cpuinfo with that name, to be freed. */
static char *cpuinfo(const char *name)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	size_t size = 0, length = strlen(name);
	char *line = NULL, *value = NULL;

	if (!file)
		return NULL;
	while (!value && getline(&line, &size, file) >= 0) {
		char *colon = strchr(line, ':');

		if (colon && !strncmp(line, name, length) && strchr(" \t:", line[length]))
			value = strdup(colon + 1 + strspn(colon + 1, " \t"));
	}
	if (value)
		value[strcspn(value, "\n")] = '\0';
	free(line);
	fclose(file);
	return value;
}

char *host_cpu_model(void)
{
	return cpuinfo("model name");
}

bool host_virtualized(void)
{
	char *flags = cpuinfo("flags");
	bool cpuid = flags && strstr(flags, " hypervisor");

	free(flags);
	return cpuid || !access("/sys/hypervisor/type", F_OK);
}

/*
 * Runs of calls, because one is not much longer than the clock's step; their median, because an
 * interrupt makes some of them much longer.
 */
double host_timer_cost_ns(void)
{
	enum { RUNS = 101, CALLS = 64 };
	double cost[RUNS];

	for (int run = 0; run < RUNS; run++) {
		uint64_t start = clock_now_ns(), end = start;

		for (int call = 0; call < CALLS; call++)
			end = clock_now_ns();
		cost[run] = (double)(end - start) / CALLS;
	}
	return gsl_stats_median(cost, 1, RUNS);
}

/* Of several, because an interrupt may fall into one. */
double host_clock_step_ns(void)
{
	enum { STEPS = 32 };
	uint64_t least = UINT64_MAX;

	for (int step = 0; step < STEPS; step++) {
		uint64_t start = clock_now_ns(), end = start;

		while (end == start)
			end = clock_now_ns();
		least = end - start < least ? end - start : least;
	}
	return (double)least;
}
