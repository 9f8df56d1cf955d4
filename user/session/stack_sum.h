/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the tasks of one plan entry slept and were woken from, by name, summed over races and tasks. */
#ifndef SESSION_STACK_SUM_H
#define SESSION_STACK_SUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/symbols.h"
#include "probe/findings.h"

/* Sleeps at one place, or those ended from one; the place is the same in every race by its names. */
struct stack_sum {
	enum tb_place_kind kind;
	struct code_frame *frames; /* innermost first, the kernel's before those of user space */
	size_t n_frames;
	bool truncated; /* the outermost frames are missing */
	uint64_t count;
	uint64_t ns;
};

struct stack_sums {
	struct stack_sum *stacks;
	size_t n;
	uint64_t samples; /* stacks that were taken: places, as they were told apart */
	uint64_t lost; /* sleeps and wakings without one */
};

/* Frames that stand for what has no stack, as symbols without an object. */
#define FRAME_LOST "[lost]" /* no room was left */
#define FRAME_INTERRUPT "[interrupt]"
#define FRAME_UNSEEN "[unseen]" /* the kernel did not show the waking */
#define FRAME_OTHERS \
	"[others]" /* outermost of a waker that is of no race: only the kernel's are told */
#define FRAME_THREAD "[kernel thread]" /* the same of a thread that io_uring made for the race */
#define FRAME_USER "[user]" /* what cannot be unwound at all */

/* Adds what was found in one race. `symbols`: NULL: there are no names. Returns 0 or -ENOMEM. */
int stack_sums_add(struct stack_sums *sums, const struct findings *findings,
		   struct symbols *symbols);
void stack_sums_free(struct stack_sums *sums);

/* What all of a kind come to. */
struct stack_total {
	uint64_t count;
	uint64_t ns;
};

struct stack_total stack_sums_total(const struct stack_sums *sums, enum tb_place_kind kind);

#endif
