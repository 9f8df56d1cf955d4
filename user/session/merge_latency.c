/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the races in which passes were timed have shown, and each worker's part. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "session/fields.h"
#include "session/merge.h"
#include "strategy/registry.h"

/* From when to when a pass was timed; see strategy/shape.h. */
static const char *timed_from(const struct entry *entry)
{
	return entry->load.pace				 ? "pace" :
	       entry->strategy->family == FAMILY_MESSAGE ? "message" :
	       entry->strategy->family == FAMILY_TURN	 ? "turn" :
							   "section";
}

static int merge_bins(const struct latency *latency, struct latencies *latencies)
{
	latencies->bins = calloc(LATENCY_BUCKETS, sizeof(*latencies->bins));
	if (!latencies->bins)
		return -ENOMEM;
	for (unsigned int i = 0; i < LATENCY_BUCKETS; i++)
		if (latency->bucket[i])
			latencies->bins[latencies->n_bins++] = (struct bin){
				.lo = (int64_t)latency_floor(i),
				.hi = (int64_t)latency_floor(i + 1),
				.n = (int64_t)latency->bucket[i],
			};
	return 0;
}

static int64_t quantile(const struct latency *latency, double share)
{
	if (!latency_has_quantile(latency, share))
		return NO_INT;
	return (int64_t)latency_quantile(latency, share);
}

static int merge_latencies(const struct merge_input *input, const struct record *record,
			   struct latencies *latencies)
{
	const struct latency *latency = record->latency;
	int err = merge_text(&latencies->from, timed_from(record->entry));

	latencies->repeats = (int64_t)record->latency_repeats;
	latencies->ops = (int64_t)record->latency_ops;
	latencies->count = (int64_t)latency->count;
	latencies->missed = (int64_t)record->latency_missed;
	latencies->sampled_every = (int64_t)record->sampled_every;
	latencies->clock_ns = input->machine->timer_cost_ns;
	if (latency->count == 0)
		return err;
	latencies->p50 = quantile(latency, 0.5);
	latencies->p90 = quantile(latency, 0.9);
	latencies->p99 = quantile(latency, 0.99);
	latencies->p99_9 = quantile(latency, 0.999);
	latencies->max = (int64_t)latency->max;
	return err ? err : merge_bins(latency, latencies);
}

int merge_latency(const struct merge_input *input, const struct record *record,
		  struct result *result)
{
	if (!record->latency)
		return 0;
	result->latency = calloc(1, sizeof(*result->latency));
	if (!result->latency)
		return -ENOMEM;
	fields_clear(&latencies_shape, result->latency);
	return merge_latencies(input, record, result->latency);
}

static void add_runs(struct section_runs *sum, const struct section_runs *part)
{
	sum->passes += part->passes;
	sum->runs += part->runs;
	if (part->longest > sum->longest)
		sum->longest = part->longest;
}

static void merge_run_length(const struct section_runs *runs, struct run_length *length)
{
	if (runs->runs == 0)
		return;
	length->mean = (double)runs->passes / (double)runs->runs;
	length->longest = (int64_t)runs->longest;
}

static int merge_part(const struct record *record, unsigned int task, uint64_t all_ops,
		      struct worker_part *part)
{
	const struct share *share = &record->shares[task];
	bool owns = task == record->entry->workers;

	fields_clear(&worker_part_shape, part);
	part->worker = task;
	part->ops = (int64_t)share->ops;
	part->cpu_ns = (int64_t)share->cpu_ns;
	if (!owns)
		part->share = (double)share->ops / (double)all_ops;
	merge_run_length(&record->runs[task], &part->run_length);
	return merge_text(&part->role, owns ? "owner" : "worker");
}

int merge_parts(const struct record *record, struct result *result)
{
	struct section_runs all = { 0 };
	uint64_t all_ops = 0;
	int err = 0;

	result->per_worker = calloc(record->n_tasks, sizeof(*result->per_worker));
	if (!result->per_worker)
		return -ENOMEM;
	for (unsigned int i = 0; i < record->n_tasks; i++) {
		all_ops += record->shares[i].ops;
		add_runs(&all, &record->runs[i]);
	}
	for (unsigned int i = 0; i < record->n_tasks && !err; i++)
		err = merge_part(record, i, all_ops, &result->per_worker[result->n_per_worker++]);
	merge_run_length(&all, &result->fairness.run_length);
	return err;
}
