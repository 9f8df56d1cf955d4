/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void scratch_make(char folder[SCRATCH_BYTES])
{
	snprintf(folder, SCRATCH_BYTES, "/tmp/tracebench-bench.XXXXXX");
	if (mkdtemp(folder))
		return;
	perror(folder);
	exit(EXIT_FAILURE);
}

void scratch_remove(const char *folder)
{
	DIR *entries = opendir(folder);
	struct dirent *entry;

	while (entries && (entry = readdir(entries)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			unlinkat(dirfd(entries), entry->d_name, 0);
	if (entries)
		closedir(entries);
	if (rmdir(folder))
		perror(folder);
}

void scratch_print_log(const char *folder, const char *log)
{
	char path[PATH_MAX], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, log);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		fputs(line, stderr);
	if (file)
		fclose(file);
}
