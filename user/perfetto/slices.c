/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "perfetto/slices.h"

void slice_begin(struct trace *trace, struct task *task, uint64_t ns, struct slice slice,
		 struct name name)
{
	if (!task_is_own(task) || task->n_open == TASK_SLICES)
		return;
	task->open[task->n_open++] = slice;
	trace_begin(trace, task->track, ns, name, NULL);
}

static void end_to(struct trace *trace, struct task *task, uint64_t ns, unsigned int n,
		   const struct argument_value *arguments)
{
	while (task->n_open > n) {
		task->n_open--;
		trace_end_slice(trace, task->track, ns, task->n_open == n ? arguments : NULL);
	}
}

void slice_end(struct trace *trace, struct task *task, uint64_t ns, struct slice slice,
	       const struct argument_value *arguments)
{
	for (unsigned int i = task->n_open; i-- > 0;) {
		if (task->open[i].kind == slice.kind && task->open[i].lock == slice.lock) {
			end_to(trace, task, ns, i, arguments);
			return;
		}
	}
}

void slices_end_all(struct trace *trace, struct task *task, uint64_t ns)
{
	end_to(trace, task, ns, 0, NULL);
}
