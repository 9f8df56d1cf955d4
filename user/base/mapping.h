/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which mapping of a process an address lies in, from the text of /proc/PID/maps. */
#ifndef BASE_MAPPING_H
#define BASE_MAPPING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/symbol_name.h"

/*
 * Names it so that it is named the same in the next run, where mappings are elsewhere:
 *
 *	libc.so.6+0x1e0	a file, and the offset in it
 *	[shared]+0x40	memory shared with children, and the offset in it
 *	[heap]+0x2a0	from the start of the heap
 *	[stack]		nothing else of it is the same again
 *	[anonymous]+0x8	any other memory, and the offset in its page
 *
 * What the kernel names otherwise, such as "[vdso]", is told as anonymous memory is.
 * Returns false where no mapping has it.
 */
bool mapping_find(FILE *maps, uint64_t address, char name[SYMBOL_NAME]);

#endif
