/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/collect.h"

#include <poll.h>

#include "session/traced_race.h"

static struct race_spec spec_of(const struct collector *collector, const struct entry *entry)
{
	const struct options *options = collector->plan->options;

	return (struct race_spec){
		.strategy = entry->strategy,
		.mode = entry->mode,
		.workers = entry->workers,
		.duration_ns = options->duration_ns == OPTION_UNSET ? 0 : options->duration_ns,
		.iterations = entry->iterations,
		.load = entry->load,
		.deadline_ns = plan_deadline_ns(collector->plan, entry),
		.cpus = entry->cpus,
		.keep_root = options->keep_root,
		.interrupt_fd = collector->interrupt_fd,
	};
}

static int take_step(const struct collector *collector, enum level level, struct record *record)
{
	struct race_spec spec = spec_of(collector, record->entry);
	struct traced *traced = record_traced(record, level);
	struct race_outcome outcome;
	int err;

	if (traced)
		race_run_traced(collector->probe, level, &spec, &outcome);
	else
		race_run(&spec, &outcome);
	if (traced && outcome.status == RACE_OK)
		probe_add_losses(collector->probe, traced->lost);
	err = record_add(record, level, &outcome);
	race_outcome_free(&outcome);
	return err;
}

static bool interrupted(const struct collector *collector)
{
	struct pollfd polled = { .fd = collector->interrupt_fd, .events = POLLIN };

	return poll(&polled, 1, 0) > 0;
}

int collect(const struct collector *collector, struct record *records, bool *complete)
{
	const struct plan *plan = collector->plan;
	int err = 0;

	*complete = true;
	for (size_t i = 0; i < plan->n_steps && !err; i++) {
		struct record *record = &records[plan->steps[i].entry];

		if (interrupted(collector)) {
			*complete = false;
			break;
		}
		if (record->status != RACE_OK)
			continue;
		if (collector->progress)
			collector->progress(collector->context, i, record->entry);
		err = take_step(collector, plan->steps[i].level, record);
	}
	if (interrupted(collector))
		*complete = false;
	return err;
}
