/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/cgroup.h"

#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/*
 * From `group` up to the mount point. A group that is not there under the mount point is one of
 * outside our cgroup namespace, whose root the mount point then is.
 */
static void climb(const char *mount, const char *group,
		  void (*visit)(void *context, const char *path, bool v2), void *context, bool v2)
{
	size_t root = strlen(mount);
	char *path, *slash;

	if (asprintf(&path, "%s%s", mount, group) < 0)
		return;
	for (;;) {
		visit(context, path, v2);
		slash = strrchr(path, '/');
		if (!slash || strlen(path) <= root)
			break;
		*slash = '\0';
	}
	free(path);
}

static void climb_mount(const struct mntent *mount,
			void (*visit)(void *context, const char *path, bool v2), void *context)
{
	bool v2 = !strcmp(mount->mnt_type, "cgroup2");
	char *group;

	if (!v2 && (strcmp(mount->mnt_type, "cgroup") != 0 || !hasmntopt(mount, "cpu")))
		return;
	group = own_group(v2);
	if (group)
		climb(mount->mnt_dir, group, visit, context, v2);
	free(group);
}

void cgroup_each(void (*visit)(void *context, const char *path, bool v2), void *context)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	const struct mntent *mount;

	if (!mounts)
		return;
	while ((mount = getmntent(mounts)))
		climb_mount(mount, visit, context);
	endmntent(mounts);
}
