/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/collect.h"

#include <math.h>
#include <poll.h>

#include "session/condition.h"
#include "session/stats.h"
#include "session/taken.h"
#include "session/traced_race.h"

static struct race_spec spec_of(const struct collector *collector, const struct entry *entry)
{
	const struct options *options = collector->plan->options;

	return (struct race_spec){
		.strategy = entry->strategy,
		.mode = entry->mode,
		.workers = entry->workers,
		.duration_ns = entry->duration_ns == OPTION_UNSET ? 0 : entry->duration_ns,
		.iterations = entry->iterations,
		.load = entry->load,
		.rates = collector->rates,
		.deadline_ns = plan_deadline_ns(collector->plan, entry),
		.cpus = entry->cpus,
		.keep_root = options->keep_root,
		.interrupt_fd = collector->interrupt_fd,
	};
}

/* What the clock may cost, as a share of the time between two passes that are timed. */
#define CLOCK_SHARE 0.01

/*
 * Of about so many passes one is timed: as many as the clock allows, read twice for each, by what
 * passes took so far. At a pace all are.
 */
static uint64_t sample_every(const struct collector *collector, const struct record *record)
{
	const struct load *load = &record->entry->load;
	double increment_ns = stats_median(record->ns_per_op.values, record->ns_per_op.n);
	bool batches = record->entry->strategy->batches;
	double pass_ns =
		increment_ns * record->entry->workers * (batches ? (double)load->batch : 1);

	/* RACE_BATCH_ALL is 0: a worker's only pass. */
	if (load->pace || !(pass_ns > 0))
		return 1;
	return (uint64_t)ceil(fmax(1, 2 * collector->clock_ns / CLOCK_SHARE / pass_ns));
}

static void time_passes(const struct collector *collector, const struct record *record,
			struct race_spec *spec)
{
	spec->sample_every = sample_every(collector, record);
	spec->clock_ns = (uint64_t)fmax(0, collector->clock_ns);
	spec->sample_seed = collector->plan->options->seed + record->latency_repeats;
}

/* What is taken from the race is read outside of it, before and after. */
static struct taken run_untraced(const struct race_spec *spec, unsigned int n_tasks,
				 struct taken_watch *watch, struct race_outcome *outcome)
{
	taken_begin(watch, spec->cpus, n_tasks);
	race_run(spec, outcome);
	return taken_end(watch, spec->cpus, n_tasks);
}

static int take_step(const struct collector *collector, enum level level, struct record *record,
		     struct taken_watch *watch)
{
	struct race_spec spec = spec_of(collector, record->entry);
	struct traced *traced = record_traced(record, level);
	struct race_outcome outcome;
	struct taken taken = { NO_INT, NO_INT };
	struct found found = { .symbols = collector->symbols };
	int err = 0;

	if (level == LEVEL_LATENCY)
		time_passes(collector, record, &spec);
	if (level == LEVEL_COUNTERS)
		spec.counted = collector->counted;
	if (traced)
		race_run_traced(collector->probe, level, &spec, &outcome);
	else
		taken = run_untraced(&spec, record->n_tasks, watch, &outcome);
	if (traced && outcome.status == RACE_OK) {
		probe_add_losses(collector->probe, traced->lost);
		probe_add_threads(collector->probe, &traced->threads);
		err = probe_findings(collector->probe, &found.findings);
	}
	if (!err)
		err = record_add(record, level, &outcome, &found);
	if (!err && level == LEVEL_LATENCY)
		record->sampled_every = spec.sample_every;
	if (!err && level == LEVEL_UNTRACED)
		err = record_add_condition(record, &outcome, &taken);
	findings_free(&found.findings);
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
	struct taken_watch watch;
	int err = 0;

	*complete = true;
	taken_open(&watch);
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
		err = take_step(collector, plan->steps[i].level, record, &watch);
	}
	taken_close(&watch);
	if (interrupted(collector))
		*complete = false;
	return err;
}
