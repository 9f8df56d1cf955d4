/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/collect.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/hint.h"

static struct race_spec spec_of(const struct collector *collector, const struct entry *entry)
{
	const struct options *options = collector->plan->options;

	return (struct race_spec){
		.strategy = entry->strategy,
		.mode = entry->mode,
		.workers = entry->workers,
		.duration_ns = options->duration_ns == OPTION_UNSET ? 0 : options->duration_ns,
		.iterations = entry->iterations,
		.batch = entry->batch,
		.message = PLAN_MESSAGE_BYTES,
		.permits = (uint32_t)options->permits,
		.deadline_ns = plan_deadline_ns(collector->plan, entry),
		.cpus = entry->cpus,
		.keep_root = options->keep_root,
		.interrupt_fd = collector->interrupt_fd,
	};
}

/* The probe is attached for this one race: no other is slowed by it. */
static void race_traced(struct probe *probe, enum level level, struct race_spec *spec,
			struct record *record, struct race_outcome *outcome)
{
	int err = probe_attach(probe, level, race_is_on_one_cpu(spec));

	if (err) {
		*outcome = (struct race_outcome){ .status = RACE_FAILED };
		snprintf(outcome->reason, sizeof(outcome->reason),
			 "the probe cannot be attached: %s%s", strerror(-err), limit_hint(-err));
		return;
	}
	spec->slots = probe_slots(probe, &spec->n_slots);
	spec->before_start = probe_target;
	spec->context = probe;
	race_run(spec, outcome);
	probe_detach(probe);
	if (outcome->status == RACE_OK)
		probe_add_losses(probe, record_traced(record, level)->lost);
}

static int take_step(const struct collector *collector, enum level level, struct record *record)
{
	struct race_spec spec = spec_of(collector, record->entry);
	struct race_outcome outcome;
	int err;

	if (record_traced(record, level))
		race_traced(collector->probe, level, &spec, record, &outcome);
	else
		race_run(&spec, &outcome);
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
