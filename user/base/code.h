/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where this process has code. */
#ifndef BASE_CODE_H
#define BASE_CODE_H

#include <stdint.h>

/* From first to before end; empty: both 0. */
struct code_range {
	uint64_t first, end;
};

/*
 * The code of the program itself, and from the first to the last code of its libraries, with whatever
 * lies between: as it is now, and in every process that is forked from this one.
 */
void code_ranges(struct code_range *program, struct code_range *libraries);

#endif
