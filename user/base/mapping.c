/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mapping.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct mapping {
	uint64_t start, end;
	uint64_t offset; /* of its start in the file */
	const char *path;
};

/* What proc_pid_maps(5) describes: "start-end rights offset device inode   path". */
static bool split_line(char *text, struct mapping *mapping)
{
	int path = 0;

	if (sscanf(text, "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %n", &mapping->start,
		   &mapping->end, &mapping->offset, &path) != 3 ||
	    path == 0)
		return false;
	text[path + (int)strcspn(text + path, "\n")] = '\0';
	mapping->path = text + path;
	return true;
}

static void name_file(const char *path, uint64_t offset, char name[SYMBOL_NAME])
{
	static const char deleted[] = " (deleted)";
	const char *base = strrchr(path, '/') + 1;
	size_t length = strlen(base);
	char *file;

	if (length > strlen(deleted) && !strcmp(base + length - strlen(deleted), deleted))
		length -= strlen(deleted);
	file = strndup(base, length);
	symbol_name_at(file ? file : base, offset, name);
	free(file);
}

static void name_it(const struct mapping *mapping, uint64_t heap, uint64_t address,
		    char name[SYMBOL_NAME])
{
	const char *path = mapping->path;
	uint64_t offset = mapping->offset + (address - mapping->start);

	/* What the kernel calls shared memory that has no name. */
	if (!strcmp(path, "/dev/zero (deleted)"))
		symbol_name_at("[shared]", offset, name);
	else if (*path == '/')
		name_file(path, offset, name);
	else if (!strcmp(path, "[heap]"))
		symbol_name_at(path, address - heap, name);
	else if (!strcmp(path, "[stack]"))
		symbol_name(path, 0, name);
	else
		symbol_name_at(*path ? path : "[anonymous]",
			       address % (uint64_t)sysconf(_SC_PAGESIZE), name);
}

bool mapping_find(FILE *maps, uint64_t address, char name[SYMBOL_NAME])
{
	uint64_t heap = 0;
	char *text = NULL;
	size_t size = 0;
	bool found = false;

	while (!found && getline(&text, &size, maps) >= 0) {
		struct mapping mapping;

		if (!split_line(text, &mapping))
			continue;
		/* It is several mappings where its rights differ. */
		if (!heap && !strcmp(mapping.path, "[heap]"))
			heap = mapping.start;
		found = address >= mapping.start && address < mapping.end;
		if (found)
			name_it(&mapping, heap, address, name);
	}
	free(text);
	return found;
}
