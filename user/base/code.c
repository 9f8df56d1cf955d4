/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/code.h"

#include <link.h>
#include <stddef.h>

struct ranges {
	struct code_range *program, *libraries;
	unsigned int n_seen;
};

static void include(struct code_range *range, uint64_t first, uint64_t end)
{
	if (range->first == range->end) {
		*range = (struct code_range){ first, end };
		return;
	}
	if (first < range->first)
		range->first = first;
	if (end > range->end)
		range->end = end;
}

/* The program comes first. What has no path is the vDSO, beside the stack. */
static int see_object(struct dl_phdr_info *info, size_t size, void *context)
{
	struct ranges *ranges = context;
	struct code_range *range = ranges->n_seen++ ? ranges->libraries : ranges->program;

	(void)size;
	if (range == ranges->libraries && *info->dlpi_name != '/')
		return 0;
	for (unsigned int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		uint64_t first = info->dlpi_addr + part->p_vaddr;

		if (part->p_type == PT_LOAD && part->p_flags & PF_X)
			include(range, first, first + part->p_memsz);
	}
	return 0;
}

void code_ranges(struct code_range *program, struct code_range *libraries)
{
	struct ranges ranges = { program, libraries, 0 };

	*program = *libraries = (struct code_range){ 0, 0 };
	dl_iterate_phdr(see_object, &ranges);
}
