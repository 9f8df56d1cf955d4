/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of the session from the record of its races. */
#include <errno.h>
#include <stdlib.h>

#include "session/condition.h"
#include "session/fields.h"
#include "session/merge.h"
#include "session/stats.h"
#include "strategy/registry.h"

static int merge_identity(const struct options *options, const struct entry *entry,
			  struct result *result)
{
	int err = merge_text(&result->strategy, entry->strategy->name);

	if (!err)
		err = merge_text(&result->family, family_name(entry->strategy->family));
	if (!err)
		err = merge_text(&result->mode, mode_name(entry->mode));
	result->workers = entry->workers;
	result->duration_ns = merge_option(entry->duration_ns);
	result->iterations = merge_option(entry->each);
	result->batch = (int64_t)entry->load.batch;
	result->permits = (int64_t)entry->load.permits;
	result->read_share = strategy_read_share(entry->strategy, entry->load.read_share);
	result->critical_ns = (int64_t)entry->load.critical_ns;
	result->think_ns = (int64_t)entry->load.think_ns;
	result->pace = entry->load.pace ? (int64_t)entry->load.pace : NO_INT;
	result->message = strategy_has_owner(entry->strategy) ? (int64_t)entry->load.message :
								NO_INT;
	merge_unscanned(&options->scan, entry->strategy, result);
	result->counter.promises_exact =
		strategy_promises_exact(entry->strategy, entry->load.permits);
	return err;
}

static int merge_status(const struct record *record, struct result *result)
{
	if (record->entry->unsupported) {
		result->status = RESULT_UNSUPPORTED;
		return merge_text(&result->reason, record->entry->unsupported);
	}
	if (record->ns_per_op.n == 0 && !record_is_traced(record) &&
	    (record->status == RACE_OK || record->status == RACE_INTERRUPTED)) {
		result->status = RESULT_FAILED;
		return merge_text(&result->reason, "interrupted before its first race was over");
	}
	if (record->status == RACE_OK || record->status == RACE_INTERRUPTED)
		return 0;
	result->status = record->status == RACE_TIMED_OUT ? RESULT_TIMED_OUT : RESULT_FAILED;
	return merge_text(&result->reason, record->reason);
}

static int merge_placement(const struct record *record, struct result *result)
{
	result->placement = calloc(record->n_tasks, sizeof(*result->placement));
	if (!result->placement)
		return -ENOMEM;
	for (unsigned int i = 0; i < record->n_tasks; i++)
		result->placement[result->n_placement++] = record->cpus[i];
	return 0;
}

static int merge_counter(const struct record *record, struct counter *counter)
{
	counter->expected = (int64_t)record->expected;
	counter->final = (int64_t)record->final;
	counter->lost = counter->expected - counter->final;
	counter->totals = calloc(record->n_totals, sizeof(*counter->totals));
	if (!counter->totals)
		return -ENOMEM;
	for (size_t i = 0; i < record->n_totals; i++)
		counter->totals[counter->n_totals++] = (int64_t)record->totals[i];
	return 0;
}

static int merge_timing(const struct record *record, uint64_t seed, struct timing *timing)
{
	const struct {
		struct estimate *to;
		const struct samples *from;
	} estimates[] = {
		{ &timing->ns_per_op, &record->ns_per_op },
		{ &timing->ops_per_s, &record->ops_per_s },
		{ &timing->wall_ns, &record->wall_ns },
		{ &timing->cpu_ns_per_op, &record->cpu_ns_per_op },
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(estimates) / sizeof(estimates[0]) && !err; i++)
		err = estimate_median(estimates[i].from->values, estimates[i].from->n, seed,
				      estimates[i].to);
	timing->overlap_ratio = stats_median(record->overlap.values, record->overlap.n);
	return err;
}

static void merge_usage(const struct record *record, struct usage *usage)
{
	struct counts total = { 0 };

	for (unsigned int i = 0; i < record->n_tasks; i++)
		counts_add(&total, &record->untraced[i]);
	usage->voluntary = (int64_t)total.rusage_voluntary;
	usage->involuntary = (int64_t)total.rusage_involuntary;
	usage->minor_faults = (int64_t)record->minor_faults;
	usage->major_faults = (int64_t)record->major_faults;
}

/* The medians of what each race says by itself: a worker that is always the slower one in turn
 * would look fair in their sum. */
static void merge_fairness(const struct record *record, struct fairness *fairness)
{
	fairness->jain = stats_median(record->jain.values, record->jain.n);
	fairness->min_share = stats_median(record->min_share.values, record->min_share.n);
	fairness->max_share = stats_median(record->max_share.values, record->max_share.n);
}

int merge_slowdown(const struct merge_input *input, const struct record *record,
		   const struct traced *traced, struct estimate *slowdown)
{
	return estimate_ratio(traced->ns_per_op.values, traced->ns_per_op.n,
			      record->ns_per_op.values, record->ns_per_op.n,
			      input->plan->options->seed, slowdown);
}

static int merge_level_sleeps(const struct merge_input *input, const struct record *record,
			      struct kernel_view *kernel)
{
	kernel->sleeps = calloc(1, sizeof(*kernel->sleeps));
	if (!kernel->sleeps)
		return -ENOMEM;
	fields_clear(&sleeps_shape, kernel->sleeps);
	return merge_sleeps(input, record, kernel->sleeps);
}

static int merge_level_calls(const struct merge_input *input, const struct record *record,
			     struct kernel_view *kernel)
{
	kernel->calls = calloc(1, sizeof(*kernel->calls));
	if (!kernel->calls)
		return -ENOMEM;
	fields_clear(&calls_shape, kernel->calls);
	return merge_calls(input, record, kernel->calls);
}

static int merge_kernel(const struct merge_input *input, const struct record *record,
			struct result *result)
{
	int err = 0;

	result->kernel = calloc(1, sizeof(*result->kernel));
	if (!result->kernel)
		return -ENOMEM;
	if (record->sleeps.ns_per_op.n)
		err = merge_level_sleeps(input, record, result->kernel);
	if (!err && record->calls.ns_per_op.n)
		err = merge_level_calls(input, record, result->kernel);
	if (!err)
		err = merge_stacks(input, record, result->kernel);
	if (!err && record->timeline.ns_per_op.n)
		err = merge_timeline(input, record, result->kernel);
	return err;
}

int merge_result(const struct merge_input *input, const struct record *record,
		 struct result *result)
{
	bool untraced = record->ns_per_op.n > 0;
	bool traced = record_is_traced(record);
	int err = merge_identity(input->plan->options, record->entry, result);

	if (!err)
		err = merge_status(record, result);
	if (!err && (untraced || traced)) {
		err = merge_counter(record, &result->counter);
		if (!err)
			err = merge_placement(record, result);
	}
	if (!err && untraced) {
		merge_usage(record, &result->rusage);
		merge_fairness(record, &result->fairness);
		err = merge_timing(record, input->plan->options->seed, &result->time);
		if (!err)
			err = merge_parts(record, result);
		if (!err)
			err = conditions_copy(record, result);
	}
	if (!err)
		err = merge_latency(input, record, result);
	if (!err && traced)
		err = merge_kernel(input, record, result);
	if (!err)
		err = merge_hardware(input, record, result);
	return err;
}
