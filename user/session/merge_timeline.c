/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the probe counted in the races whose events are in the capture. */
#include <errno.h>
#include <stdlib.h>

#include "session/fields.h"
#include "session/merge.h"

static void merge_totals(const struct record *record, const struct counts *total,
			 struct timeline_view *timeline)
{
	const struct traced *traced = &record->timeline;

	timeline->repeats = (int64_t)traced->ns_per_op.n;
	timeline->ops = (int64_t)total->ops;
	timeline->events = (int64_t)record->timeline_events;
	timeline->switches.voluntary = (int64_t)total->voluntary;
	timeline->switches.involuntary = (int64_t)total->involuntary;
	timeline->recovered = (int64_t)total->recovered;
	merge_losses(traced, total, &timeline->lost);
	timeline->lost.ring = (int64_t)record->timeline_lost;
}

int merge_timeline(const struct merge_input *input, const struct record *record,
		   struct kernel_view *kernel)
{
	const struct traced *traced = &record->timeline;
	struct timeline_view *timeline = calloc(1, sizeof(*timeline));
	struct counts total;
	int err;

	kernel->timeline = timeline;
	if (!timeline)
		return -ENOMEM;
	fields_clear(&timeline_view_shape, timeline);
	traced_sum(traced, &total);
	merge_totals(record, &total, timeline);
	err = merge_text(&timeline->file, input->plan->options->timeline);
	if (!err)
		err = merge_task_views(traced, record->entry->workers, &timeline->per_worker,
				       &timeline->n_per_worker);
	if (!err)
		err = reconcile(LEVEL_TIMELINE, input->ways, traced, &total, &timeline->reconciled);
	return err ? err : merge_slowdown(input, record, traced, &timeline->slowdown);
}
