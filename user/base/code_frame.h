/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One frame of a stack, as it is told: by names that are the same in the next run. */
#ifndef BASE_CODE_FRAME_H
#define BASE_CODE_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#define FRAME_SYMBOL 160 /* bytes, with the zero at the end */
#define FRAME_OBJECT 64
#define FRAME_FILE 128

/* All texts are printable ASCII, cut where they are long; empty: not known. */
struct code_frame {
	char symbol[FRAME_SYMBOL];
	/* Of the address from the symbol's start, else from the object's; of what was inlined, of the latter. Of
	 * a caller it is the address that is returned to. */
	uint64_t offset;
	char object[FRAME_OBJECT]; /* the program's file, a library's, or FRAME_KERNEL */
	char file[FRAME_FILE]; /* of the source */
	unsigned int line; /* 0: not known */
	bool inlined; /* into the frame that comes next */
};

#define FRAME_KERNEL "[kernel]"

typedef void see_frame(void *context, const struct code_frame *frame);

#endif
