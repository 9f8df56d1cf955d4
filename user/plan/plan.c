/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/plan.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "plan/machine.h"
#include "plan/order.h"
#include "plan/placement.h"
#include "plan/select.h"
#include "strategy/registry.h"

/* A race that ends by time has no reason to take ten times as long; fixed work may. */
#define DEADLINE_GRACE_NS (10 * NS_PER_S)
#define DEADLINE_FIXED_WORK_NS (600 * NS_PER_S)

static int resolve_workers(struct options *options, const struct machine *machine)
{
	size_t workers = machine->n_cpus < 2 ? 2 : machine->n_cpus;

	if (options->n_workers)
		return 0;
	options->workers = malloc(sizeof(*options->workers));
	if (!options->workers)
		return -ENOMEM;
	options->workers[0] = (unsigned int)(workers < MAX_WORKERS ? workers : MAX_WORKERS);
	options->n_workers = 1;
	return 0;
}

static int resolve_seed(struct options *options)
{
	int err;

	if (options->seed != OPTION_UNSET)
		return 0;
	err = order_random_seed(&options->seed);
	if (err)
		log_error("--seed: the kernel gives no random number: %s; choose one",
			  strerror(-err));
	return err;
}

static unsigned int most_workers(const struct options *options)
{
	unsigned int most = 0;

	for (size_t i = 0; i < options->n_workers; i++)
		if (options->workers[i] > most)
			most = options->workers[i];
	return most;
}

static int place(struct entry *entry, const struct placement *placement)
{
	entry->n_cpus = entry->workers + strategy_has_owner(entry->strategy);
	entry->cpus = calloc(entry->n_cpus, sizeof(*entry->cpus));
	if (!entry->cpus)
		return -ENOMEM;
	for (size_t task = 0; task < entry->n_cpus; task++)
		entry->cpus[task] = placement_cpu(placement, task);
	return 0;
}

static int add_entry(struct plan *plan, const struct placement *placement, const struct entry *like)
{
	struct entry *entry = &plan->entries[plan->n_entries];
	const struct options *options = plan->options;

	*entry = *like;
	entry->iterations = entry->each;
	if (entry->each == OPTION_UNSET)
		entry->iterations = RACE_NO_LIMIT;
	else if (entry->strategy->one_worker)
		entry->iterations *= most_workers(options);
	plan->n_entries++;
	return place(entry, placement);
}

static bool same_race(const struct entry *a, const struct entry *b)
{
	return a->strategy == b->strategy && a->mode == b->mode && a->workers == b->workers &&
	       a->duration_ns == b->duration_ns && a->each == b->each &&
	       !memcmp(&a->load, &b->load, sizeof(a->load));
}

/* What a scan changes of an entry. */
static void load_entry(struct entry *entry, const struct options *at)
{
	const struct strategy *strategy = entry->strategy;

	entry->duration_ns = at->duration_ns;
	entry->each = at->iterations;
	entry->load = at->load;
	if (!strategy->takes_message)
		entry->load.message = RACE_MESSAGE_MIN;
	if (!entry->unsupported && strategy->message_obstacle)
		entry->unsupported = strategy->message_obstacle(entry->load.message);
}

static bool is_there(const struct plan *plan, const struct entry *entry)
{
	for (size_t i = plan->n_entries; i-- > 0;) {
		if (plan->entries[i].strategy != entry->strategy)
			return false;
		if (same_race(&plan->entries[i], entry))
			return true;
	}
	return false;
}

/* Every point of the scan, for so many workers; what a point does not change is there once. */
static int add_points(struct plan *plan, const struct placement *placement,
		      const struct entry *like, unsigned int workers)
{
	const struct scan *scan = &plan->options->scan;
	size_t n = scan_points(scan);
	int err = 0;

	for (size_t point = 0; !err && point < n; point++) {
		struct options at = *plan->options;
		struct entry entry = *like;

		scan_at(scan, point, like->strategy, &at);
		entry.workers = workers;
		load_entry(&entry, &at);
		if (!is_there(plan, &entry))
			err = add_entry(plan, placement, &entry);
	}
	return err;
}

static int add_mode(struct plan *plan, const struct placement *placement, const struct entry *like)
{
	const struct options *options = plan->options;
	int err = 0;

	if (like->strategy->one_worker)
		return add_points(plan, placement, like, 1);
	for (size_t i = 0; !err && i < options->n_workers; i++)
		err = add_points(plan, placement, like, options->workers[i]);
	return err;
}

static const char *why_not_in(const struct strategy *strategy)
{
	return strategy->modes == IN_THREADS ? "its workers are threads only (--mode=threads)" :
					       "its workers are processes only (--mode=processes)";
}

static unsigned int modes_asked_for(const struct options *options, const struct strategy *strategy)
{
	const struct preset_row *row = preset_row(options->preset, strategy->name);

	if (options->modes)
		return options->modes;
	return row ? row->modes : IN_THREADS;
}

/*
 * Of the modes asked for, those it has. With none of them it stays in the report, and says why:
 * what was asked for never vanishes silently.
 */
static int add_strategy(struct plan *plan, const struct placement *placement,
			const struct strategy *strategy)
{
	unsigned int asked = modes_asked_for(plan->options, strategy);
	unsigned int modes = asked & strategy->modes;
	struct entry like = { .strategy = strategy };
	int err = 0;

	if (strategy->unsupported)
		like.unsupported = strategy->unsupported();
	plan->modes |= asked;
	if (!modes) {
		modes = asked;
		like.unsupported = why_not_in(strategy);
	}
	for (unsigned int mode = 0; !err && mode < MODES; mode++) {
		like.mode = (enum mode)mode;
		if (modes & 1U << mode)
			err = add_mode(plan, placement, &like);
	}
	return err;
}

/* Where nothing is named, the preset says what is raced, also the one that is none. */
static void leave_to_preset(const struct options *options, bool *selected)
{
	for (size_t i = 0; i < n_strategies; i++)
		selected[i] = preset_races(options->preset, strategies[i]);
}

static int add_entries(struct plan *plan, const struct placement *placement)
{
	const struct options *options = plan->options;
	bool *selected = calloc(n_strategies, sizeof(*selected));
	int err = -ENOMEM;

	plan->entries =
		calloc(n_strategies * MODES * options->n_workers * scan_points(&options->scan),
		       sizeof(*plan->entries));
	if (selected && plan->entries)
		err = select_strategies(options->names, options->n_names, selected);
	if (!err && options->n_names == 0)
		leave_to_preset(options, selected);
	for (size_t i = 0; !err && i < n_strategies; i++)
		if (selected[i])
			err = add_strategy(plan, placement, strategies[i]);
	free(selected);
	return err;
}

/* What each repeat is raced at. Returns how many. */
static size_t levels_of(const struct options *options, bool traced, enum level levels[LEVELS])
{
	size_t n = 0;

	levels[n++] = LEVEL_UNTRACED;
	if (traced && options->detail & DETAIL_SLEEPS)
		levels[n++] = LEVEL_SLEEPS;
	if (traced && options->detail & DETAIL_CALLS)
		levels[n++] = LEVEL_CALLS;
	return n;
}

/* Counts hardly differ from race to race, and nothing is compared with them. */
#define COUNTED_REPEATS 3

static uint64_t counted_repeats(const struct options *options, const struct machine *machine)
{
	if (!machine->hardware.works)
		return 0;
	return options->repeats < COUNTED_REPEATS ? options->repeats : COUNTED_REPEATS;
}

/* Wakers are looked for where sleeps are traced. */
static uint64_t wakers_repeats(const struct options *options, bool traced)
{
	return traced && options->detail & DETAIL_SLEEPS ? options->wakers : 0;
}

/* The place of a sleep hardly differs from race to race either. */
#define STACK_REPEATS 3

uint64_t plan_stack_repeats(const struct options *options)
{
	if (!options->stacks)
		return 0;
	return options->repeats < STACK_REPEATS ? options->repeats : STACK_REPEATS;
}

static int add_steps(struct plan *plan, const struct machine *machine, bool traced)
{
	const struct options *options = plan->options;
	size_t *raced = calloc(plan->n_entries + 1, sizeof(*raced));
	enum level levels[LEVELS];
	struct rounds rounds = {
		.entries = raced,
		.warmup = options->warmup,
		.repeats = options->repeats,
		.latency = options->latency,
		.wakers = wakers_repeats(options, traced),
		.stacks = traced ? plan_stack_repeats(options) : 0,
		.timeline = traced && options->timeline,
		.counted = counted_repeats(options, machine),
		.levels = levels,
		.n_levels = levels_of(options, traced, levels),
		.seed = options->seed,
	};
	int err;

	if (!raced)
		return -ENOMEM;
	for (size_t i = 0; i < plan->n_entries; i++)
		if (!plan->entries[i].unsupported)
			raced[rounds.n_entries++] = i;
	err = order_rounds(&rounds, &plan->steps, &plan->n_steps);
	free(raced);
	return err;
}

int plan_make(struct options *options, const struct machine *machine, bool traced,
	      struct plan *plan)
{
	struct placement placement = { 0 };
	int err;

	*plan = (struct plan){ .options = options };
	err = resolve_workers(options, machine);
	if (!err)
		err = resolve_seed(options);
	if (!err)
		err = placement_make(options->pin, machine, &placement);
	if (!err)
		err = add_entries(plan, &placement);
	if (!err)
		err = add_steps(plan, machine, traced);
	placement_free(&placement);
	if (err == -ENOMEM)
		log_error("out of memory");
	if (err)
		plan_free(plan);
	return err;
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_entries; i++)
		free(plan->entries[i].cpus);
	free(plan->entries);
	free(plan->steps);
	*plan = (struct plan){ 0 };
}

bool plan_has_work(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_entries; i++)
		if (plan->entries[i].load.critical_ns || plan->entries[i].load.think_ns)
			return true;
	return false;
}

/* What fixed work takes by its pace and the work in it, or more; it may be years. */
static uint64_t planned_ns(const struct entry *entry)
{
	const struct load *load = &entry->load;
	double passes = (double)entry->iterations * entry->workers;
	double pass_ns = 2 * (double)(load->critical_ns + load->think_ns);

	if (load->pace)
		pass_ns += (double)NS_PER_S / (double)load->pace;
	return (uint64_t)fmin(passes * pass_ns, 4e18);
}

double plan_least_s(const struct plan *plan)
{
	double ns = 0;

	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct entry *entry = &plan->entries[plan->steps[i].entry];

		if (entry->duration_ns != OPTION_UNSET)
			ns += (double)entry->duration_ns;
	}
	return ns / (double)NS_PER_S;
}

uint64_t plan_deadline_ns(const struct plan *plan, const struct entry *entry)
{
	const struct options *options = plan->options;

	if (options->timeout_ns != OPTION_UNSET)
		return options->timeout_ns;
	if (entry->iterations != RACE_NO_LIMIT)
		return DEADLINE_FIXED_WORK_NS + planned_ns(entry);
	return DEADLINE_GRACE_NS + 10 * entry->duration_ns;
}
