/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much CPU the control groups grant. */
#include <math.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/*
 * The least quota from `group` up to the mount point. A group that is not there under the mount
 * point is one of outside our cgroup namespace, whose root the mount point then is.
 */
static double tightest(const char *mount, const char *group, double (*quota_at)(const char *))
{
	size_t root = strlen(mount);
	double least = NAN;
	char *path;

	if (asprintf(&path, "%s%s", mount, group) < 0)
		return NAN;
	for (;;) {
		char *slash;

		least = fmin(least, quota_at(path));
		slash = strrchr(path, '/');
		if (!slash || strlen(path) <= root)
			break;
		*slash = '\0';
	}
	free(path);
	return least;
}

static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (; list; list = strchr(list, ',')) {
		list += *list == ',';
		if (!strncmp(list, word, length) && (!list[length] || list[length] == ','))
			return true;
	}
	return false;
}

/*
 * This process's group, to be freed: of v2, or of v1's cpu controller. Lines of
 * /proc/self/cgroup are "number:controllers:/group", without controllers for v2.
 */
static char *own_group(bool v2)
{
	FILE *file = fopen("/proc/self/cgroup", "re");
	char *line = NULL, *group = NULL;
	size_t size = 0;

	while (file && !group && getline(&line, &size, file) >= 0) {
		char *rest = line, *controllers;

		rest[strcspn(rest, "\n")] = '\0';
		strsep(&rest, ":");
		controllers = strsep(&rest, ":");
		if (rest && (v2 ? !*controllers : has_word(controllers, "cpu")))
			group = strdup(rest);
	}
	free(line);
	if (file)
		fclose(file);
	return group;
}

static double mount_quota(const struct mntent *mount)
{
	bool v2 = !strcmp(mount->mnt_type, "cgroup2");
	double quota = NAN;
	char *group;

	if (!v2 && (strcmp(mount->mnt_type, "cgroup") != 0 || !hasmntopt(mount, "cpu")))
		return NAN;
	group = own_group(v2);
	if (group)
		quota = tightest(mount->mnt_dir, group, v2 ? quota_v2 : quota_v1);
	free(group);
	return quota;
}

double host_cpu_quota(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	const struct mntent *mount;
	double least = NAN;

	if (!mounts)
		return NAN;
	/* fmin() takes the number when one of the two is NaN. */
	while ((mount = getmntent(mounts)))
		least = fmin(least, mount_quota(mount));
	endmntent(mounts);
	return least;
}
