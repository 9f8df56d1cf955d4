/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Slices on the threads' tracks: each that begins ends, after all that began inside it. What ends
 * without having begun (it began before the race was watched, or that event was lost) is left out.
 */
#ifndef PERFETTO_SLICES_H
#define PERFETTO_SLICES_H

#include "perfetto/tasks.h"
#include "perfetto/trace.h"

/* Nothing happens to a task without a track. */
void slice_begin(struct trace *trace, struct task *task, uint64_t ns, struct slice slice,
		 struct name name);

/* The innermost one like that, and all inside it. */
void slice_end(struct trace *trace, struct task *task, uint64_t ns, struct slice slice,
	       const struct argument_value *arguments);

void slices_end_all(struct trace *trace, struct task *task, uint64_t ns);

#endif
