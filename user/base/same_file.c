/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/same_file.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool stat_directory(const char *path, struct stat *directory)
{
	char above[PATH_MAX];
	int length = (int)(last_part(path) - path);

	if (length >= PATH_MAX)
		return false;
	snprintf(above, sizeof(above), "%.*s", length, length ? path : "");
	return stat(length ? above : ".", directory) == 0;
}

bool same_file(const char *a, const char *b)
{
	struct stat in_a, in_b;

	if (!strcmp(a, b))
		return true;
	return !strcmp(last_part(a), last_part(b)) && stat_directory(a, &in_a) &&
	       stat_directory(b, &in_b) && in_a.st_dev == in_b.st_dev && in_a.st_ino == in_b.st_ino;
}
