/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/collect.h"

#include <math.h>
#include <poll.h>

#include "probe/timeline.h"
#include "session/condition.h"
#include "session/stats.h"
#include "session/taken.h"
#include "session/timeline.h"
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

/* What the probe has seen of a race that ended well. */
static int take_findings(struct probe *probe, struct traced *traced, struct found *found)
{
	probe_add_losses(probe, traced->lost);
	probe_add_threads(probe, &traced->threads);
	return probe_findings(probe, &found->findings);
}

/* A race whose events go to the capture; also of one that did not end well there is its part. */
static int record_timeline(const struct collector *collector, size_t result, struct record *record,
			   struct race_spec *spec, struct race_outcome *outcome,
			   struct found *found)
{
	const struct timeline_pass pass = {
		.probe = collector->timeline,
		.writer = collector->capture,
		.entry = record->entry,
		.result = result,
		.repeat = (unsigned int)record->timeline.ns_per_op.n,
	};
	int err = 0;

	timeline_race(&pass, spec, outcome);
	if (outcome->status == RACE_OK)
		err = take_findings(pass.probe, &record->timeline, found);
	if (err)
		return err;
	record->timeline_lost += timeline_lost(probe_timeline(pass.probe));
	record->timeline_events += capture_race_events(pass.writer);
	return timeline_end(&pass, outcome, found);
}

static int run_traced(const struct collector *collector, enum level level, struct traced *traced,
		      struct race_spec *spec, struct race_outcome *outcome, struct found *found)
{
	race_run_traced(collector->probe, level, spec, outcome);
	return outcome->status == RACE_OK ? take_findings(collector->probe, traced, found) : 0;
}

static int take_step(const struct collector *collector, const struct step *step,
		     struct record *record, struct taken_watch *watch)
{
	enum level level = step->level;
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
	if (level == LEVEL_TIMELINE)
		err = record_timeline(collector, step->entry, record, &spec, &outcome, &found);
	else if (traced)
		err = run_traced(collector, level, traced, &spec, &outcome, &found);
	else
		taken = run_untraced(&spec, record->n_tasks, watch, &outcome);
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
		err = take_step(collector, &plan->steps[i], record, &watch);
	}
	taken_close(&watch);
	if (interrupted(collector))
		*complete = false;
	return err;
}
