/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/merge.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "base/way.h"
#include "session/fields.h"
#include "session/point.h"
#include "session/verdict.h"
#include "session/warnings.h"
#include "strategy/registry.h"

int merge_text(char **to, const char *text)
{
	*to = text ? strdup(text) : NULL;
	return text && !*to ? -ENOMEM : 0;
}

static int merge_tool(struct tool *tool)
{
	int err = merge_text(&tool->name, "tracebench");

	if (!err)
		err = merge_text(&tool->version, TRACEBENCH_VERSION);
	if (!err)
		err = merge_text(&tool->revision, TRACEBENCH_REVISION);
	return err;
}

static int merge_host(const struct machine *machine, struct host *host)
{
	const struct {
		char **to;
		const char *text;
	} texts[] = {
		{ &host->hostname, machine->hostname },
		{ &host->kernel, machine->kernel },
		{ &host->arch, machine->arch },
		{ &host->cpu_model, machine->cpu_model },
		{ &host->topology, machine->topology },
		{ &host->governor, machine->governor },
		{ &host->boost, machine->boost },
		{ &host->clocksource, machine->clocksource },
		{ &host->preemption, machine->preemption },
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && !err; i++)
		err = merge_text(texts[i].to, texts[i].text);
	host->cpus_online = machine->cpus_online;
	host->virtualized = machine->virtualized;
	host->timer_cost_ns = machine->timer_cost_ns;
	host->clock_step_ns = machine->clock_step_ns;
	host->cpu_quota = machine->cpu_quota;
	return err;
}

int64_t merge_option(uint64_t value)
{
	return value == OPTION_UNSET ? NO_INT : (int64_t)value;
}

static int merge_strategies(const struct plan *plan, struct plan_record *record)
{
	int err = 0;

	record->strategies = calloc(plan->n_entries + 1, sizeof(*record->strategies));
	if (!record->strategies)
		return -ENOMEM;
	for (size_t i = 0; i < plan->n_entries && !err; i++) {
		const struct strategy *strategy = plan->entries[i].strategy;

		if (i > 0 && strategy == plan->entries[i - 1].strategy)
			continue;
		err = merge_text(&record->strategies[record->n_strategies], strategy->name);
		record->n_strategies += !err;
	}
	return err;
}

static int merge_modes(const struct plan *plan, struct plan_record *record)
{
	int err = 0;

	record->modes = calloc(MODES, sizeof(*record->modes));
	if (!record->modes)
		return -ENOMEM;
	for (enum mode mode = 0; mode < MODES && !err; mode++) {
		if (!(plan->modes & 1U << mode))
			continue;
		err = merge_text(&record->modes[record->n_modes], mode_name(mode));
		record->n_modes += !err;
	}
	return err;
}

static int merge_workers(const struct options *options, struct plan_record *record)
{
	record->workers = calloc(options->n_workers + 1, sizeof(*record->workers));
	if (!record->workers)
		return -ENOMEM;
	for (size_t i = 0; i < options->n_workers; i++)
		record->workers[record->n_workers++] = options->workers[i];
	return 0;
}

static int merge_order(const struct plan *plan, struct plan_record *record)
{
	record->order = calloc(plan->n_steps + 1, sizeof(*record->order));
	if (!record->order)
		return -ENOMEM;
	for (size_t i = 0; i < plan->n_steps; i++)
		record->order[record->n_order++] = (struct turn){
			.result = (int64_t)plan->steps[i].entry,
			.level = (int)plan->steps[i].level,
		};
	return 0;
}

/* As they may be given; null where the probe was left to choose. */
static int merge_ways(unsigned int ways, char **text)
{
	char list[256] = "";
	size_t used = 0;

	for (const struct option_choice *way = way_choices; way->name; way++)
		if (way->value & ways)
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
						 used ? "," : "", way->name);
	return merge_text(text, used ? list : NULL);
}

static int merge_start(const struct start_record *start, struct plan_record *record)
{
	if (!start)
		return 0;
	record->start = malloc(sizeof(*record->start));
	if (!record->start)
		return -ENOMEM;
	*record->start = *start;
	return 0;
}

static int merge_plan(const struct plan *plan, struct plan_record *record)
{
	static const char *const wishes[] = { "auto", "require", "off" };
	static const char *const details[] = {
		[DETAIL_SLEEPS] = "sleeps",
		[DETAIL_CALLS] = "calls",
		[DETAIL_BOTH] = "both",
	};
	const struct options *options = plan->options;
	int err = merge_strategies(plan, record);

	record->duration_ns = merge_option(options->duration_ns);
	record->iterations = merge_option(options->iterations);
	record->batch = (int64_t)options->load.batch;
	record->permits = (int64_t)options->load.permits;
	record->read_share = (int64_t)options->load.read_share;
	record->message = (int64_t)options->load.message;
	record->critical_ns = (int64_t)options->load.critical_ns;
	record->think_ns = (int64_t)options->load.think_ns;
	record->pace = options->load.pace ? (int64_t)options->load.pace : NO_INT;
	record->latency = (int64_t)options->latency;
	record->wakers = (int64_t)options->wakers;
	record->stacks = (int64_t)plan_stack_repeats(options);
	record->max_locks = (int64_t)options->max_locks;
	record->ring_bytes = merge_option(options->ring_bytes);
	record->repeats = (int64_t)options->repeats;
	record->warmup = (int64_t)options->warmup;
	record->timeout_ns = merge_option(options->timeout_ns);
	record->keep_root = options->keep_root;
	record->seed = (int64_t)options->seed;
	if (!err)
		err = merge_scan(&options->scan, record);
	if (!err)
		err = merge_modes(plan, record);
	if (!err)
		err = merge_workers(options, record);
	if (!err)
		err = merge_order(plan, record);
	if (!err)
		err = merge_text(&record->preset, preset_name(options->preset));
	if (!err)
		err = merge_text(&record->pin, options->pin);
	if (!err)
		err = merge_text(&record->trace, wishes[options->trace]);
	if (!err)
		err = merge_text(&record->detail, details[options->detail]);
	if (!err)
		err = merge_ways(options->ways, &record->probe);
	if (!err)
		err = merge_text(&record->timeline, options->timeline);
	return err;
}

static const char *how_futex(bool calls, unsigned int ways)
{
	if (!calls)
		return "saved registers";
	return ways & WAY_FUTEX_FEXIT ? "saved registers, fexit" :
					"saved registers, tp_btf/sys_exit";
}

static const char *how_sched(unsigned int ways)
{
	return ways & WAY_SWITCH_TASK ? "tp_btf, state of the task" : "tp_btf";
}

static const char *how_tasks(unsigned int ways)
{
	return ways & WAY_STORAGE_HASH ? "hash by pid" : "task storage";
}

static int merge_tracing(const struct merge_input *input, struct tracing *tracing)
{
	bool on = input->tracing == TRACING_ON;
	bool calls = on && input->plan->options->detail & DETAIL_CALLS;
	int err = merge_text(&tracing->reason, input->tracing_reason);

	tracing->status = (int)input->tracing;
	tracing->load_ms = input->load_ms;
	if (!err)
		err = merge_text(&tracing->how.sched, on ? how_sched(input->ways) : NULL);
	if (!err)
		err = merge_text(&tracing->how.tasks, on ? how_tasks(input->ways) : NULL);
	if (!err)
		err = merge_text(&tracing->how.wakeups,
				 on ? "tp_btf, sched_info where all tasks share a CPU" : NULL);
	if (!err)
		err = merge_text(&tracing->how.futex, on ? how_futex(calls, input->ways) : NULL);
	if (!err)
		err = merge_text(&tracing->how.calls,
				 calls ? "tp_btf/sys_enter, tp_btf/sys_exit" : NULL);
	if (!err)
		err = merge_text(&tracing->how.uring,
				 calls && input->sees_uring ? "tp_btf/io_uring_complete" : NULL);
	if (!err)
		err = merge_text(&tracing->how.contention, on ? "tp_btf" : NULL);
	return err ? err : merge_cost(input, tracing);
}

static int merge_work(const struct work_rates *rates, struct session *session)
{
	struct work *work;

	if (!rates)
		return 0;
	session->work = work = calloc(1, sizeof(*work));
	if (!work)
		return -ENOMEM;
	fields_clear(&work_shape, work);
	work->step_ns = rates->any.step_ns;
	work->fixed_ns = rates->any.fixed_ns;
	work->pass_ns = rates->any.pass_ns;
	work->took_ns = (int64_t)rates->took_ns;
	work->cpus = calloc(rates->n + 1, sizeof(*work->cpus));
	if (!work->cpus)
		return -ENOMEM;
	for (size_t i = 0; i < rates->n; i++)
		work->cpus[work->n_cpus++] = (struct cpu_rate){
			.cpu = rates->rates[i].cpu,
			.step_ns = rates->rates[i].step_ns,
			.fixed_ns = rates->rates[i].fixed_ns,
			.pass_ns = rates->rates[i].pass_ns,
		};
	return 0;
}

static int merge_hardware_state(const struct hardware_support *support,
				struct hardware_state *state)
{
	state->available = support->works;
	return merge_text(&state->reason, support->works ? NULL : support->reason);
}

/* The sequential result to compare with, at the same point: of the same mode, else of any. */
static const struct result *baseline_of(const struct session *session, const struct result *of)
{
	const struct result *baseline = NULL;

	for (size_t i = 0; i < session->n_results; i++) {
		const struct result *result = &session->results[i];

		if (strcmp(result->strategy, "sequential") != 0 ||
		    !point_is_shared(&session->plan, result, of))
			continue;
		if (!baseline || strcmp(result->mode, of->mode) == 0)
			baseline = result;
	}
	return baseline;
}

static void merge_speedups(struct session *session)
{
	for (size_t i = 0; i < session->n_results; i++) {
		struct result *result = &session->results[i];
		const struct result *baseline = baseline_of(session, result);

		if (baseline)
			result->time.speedup =
				baseline->time.ns_per_op.median / result->time.ns_per_op.median;
	}
}

static int merge_results(const struct merge_input *input, struct session *session)
{
	int err = 0;

	for (size_t i = 0; i < input->plan->n_entries && !err; i++)
		err = merge_result(input, &input->records[i], &session->results[i]);
	merge_speedups(session);
	for (size_t i = 0; i < session->n_results && !err; i++)
		err = verdict_write(&session->results[i], session);
	return err;
}

static int add_null_results(struct session *session, size_t n)
{
	session->results = calloc(n + 1, sizeof(*session->results));
	if (!session->results)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		fields_clear(&result_shape, &session->results[i]);
	session->n_results = n;
	return 0;
}

int merge(const struct merge_input *input, struct session **merged)
{
	struct session *session = session_new();
	int err = session ? add_null_results(session, input->plan->n_entries) : -ENOMEM;

	if (!err)
		err = merge_tool(&session->tool);
	if (!err)
		err = merge_text(&session->started, input->started);
	if (!err)
		err = merge_host(input->machine, &session->host);
	if (!err)
		err = merge_plan(input->plan, &session->plan);
	if (!err)
		err = merge_start(input->start, &session->plan);
	if (!err)
		err = merge_tracing(input, &session->tracing);
	if (!err)
		err = merge_work(input->rates, session);
	if (!err)
		err = merge_hardware_state(&input->machine->hardware, &session->hardware);
	if (!err)
		err = merge_results(input, session);
	if (!err)
		err = warnings_write(session);
	if (err) {
		session_free(session);
		return err;
	}
	session->complete = input->complete;
	*merged = session;
	return 0;
}
