/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Unwinds copies of user stacks by the call frame information in the files of what is mapped. The stacks
 * are of this process or of forks of it: code is where it is here.
 */
#ifndef BASE_UNWIND_H
#define BASE_UNWIND_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/code_frame.h"

/* As it was copied from a task that slept. */
struct user_stack {
	const uint64_t *registers; /* by DWARF's numbers, the program counter behind them */
	size_t n_registers;
	uint64_t from; /* address of the first byte */
	const void *bytes;
	size_t n_bytes;
};

struct unwinder {
	Dwfl *dwfl; /* NULL: nothing has been unwound yet */
	const struct user_stack *stack; /* at present */
	bool missed; /* something was looked for that is not in it */
	int error; /* negative errno: it cannot be, ever */
};

/* A stack has no more frames than this; those inlined do not count. */
#define UNWIND_FRAMES 256

/*
 * Shows the frames, innermost first. `program_fd`: of the program's own file; -1: it may not be read. Returns
 * 0, -ENODATA where the outermost frames could not be had, since the copy ends before or nothing tells
 * how to go on, or another negative errno.
 */
int unwind(struct unwinder *unwinder, int program_fd, const char *program,
	   const struct user_stack *stack, see_frame *see, void *context);
void unwinder_free(struct unwinder *unwinder); /* all zeros is fine */

#endif
