/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/same_file.h"
#include "base/way.h"
#include "plan/option.h"
#include "strategy/registry.h"

#define DEFAULT_DURATION_NS (100 * NS_PER_MS)
/* Long enough to be timed (some 10 ms a worker), short enough to be repeated. */
#define DEFAULT_ITERATIONS (10 * 1000 * 1000)
#define DEFAULT_LATENCY 3
#define DEFAULT_WAKERS 3
/* Enough for two tasks that sleep on 10,000 words each, in 1.5 MiB. */
#define DEFAULT_MAX_LOCKS 32768

/* Choices are stored as unsigned int, whatever enum they are of. */
_Static_assert(sizeof(enum trace_wish) == sizeof(unsigned int), "trace is a KIND_CHOICE");
_Static_assert(sizeof(enum detail) == sizeof(unsigned int), "detail is a KIND_CHOICE");
_Static_assert(sizeof(enum view_of) == sizeof(unsigned int), "view is a KIND_CHOICE");
_Static_assert(sizeof(enum format) == sizeof(unsigned int), "format is a KIND_CHOICE");
_Static_assert(sizeof(enum preset) == sizeof(unsigned int), "preset is a KIND_CHOICE");

static const struct option_choice modes[] = {
	{ "threads", IN_THREADS },
	{ "processes", IN_PROCESSES },
	{ "both", IN_BOTH },
	{ NULL, 0 },
};

static const struct option_choice placements[] = {
	{ "spread", 0 }, { "pack", 0 }, { "smt", 0 }, { "l3", 0 }, { "none", 0 }, { NULL, 0 },
};

const struct option_choice trace_choices[] = {
	{ "auto", TRACE_AUTO },
	{ "require", TRACE_REQUIRE },
	{ "off", TRACE_OFF },
	{ NULL, 0 },
};

static const struct option_choice details[] = {
	{ "sleeps", DETAIL_SLEEPS },
	{ "calls", DETAIL_CALLS },
	{ "both", DETAIL_BOTH },
	{ NULL, 0 },
};

const struct option_choice format_choices[] = {
	{ "table", FORMAT_TABLE },
	{ "json", FORMAT_JSON },
	{ NULL, 0 },
};

const struct option_choice session_format_choices[] = {
	{ "table", FORMAT_TABLE },
	{ "plain", FORMAT_PLAIN },
	{ "json", FORMAT_JSON },
	{ "ndjson", FORMAT_NDJSON },
	{ "csv", FORMAT_CSV },
	{ "markdown", FORMAT_MARKDOWN },
	{ NULL, 0 },
};

const struct option_choice way_choices[] = {
	{ "futex=fexit", WAY_FUTEX_FEXIT },
	{ "futex=syscall", WAY_FUTEX_SYSCALL },
	{ "switch=argument", WAY_SWITCH_ARGUMENT },
	{ "switch=state-of-task", WAY_SWITCH_TASK },
	{ "storage=task", WAY_STORAGE_TASK },
	{ "storage=hash", WAY_STORAGE_HASH },
	{ NULL, 0 },
};

const struct option_choice view_choices[] = {
	{ "summary", VIEW_SUMMARY },
	{ "latency", VIEW_LATENCY },
	{ "workers", VIEW_WORKERS },
	{ "kernel", VIEW_KERNEL },
	{ "locks", VIEW_LOCKS },
	{ "budget", VIEW_BUDGET },
	{ NULL, 0 },
};

#define AT(member) offsetof(struct options, member)
#define TAKES(member) offsetof(struct strategy, member)

/* What --scan takes, and which strategies it concerns: all others are raced once. */
static const struct option_choice scan_keys[] = {
	{ "workers", SCAN_OF_ALL },
	{ "batch", TAKES(batches) },
	{ "permits", TAKES(takes_permits) },
	{ "message", TAKES(takes_message) },
	{ "read-share", TAKES(takes_read_share) },
	{ "critical", SCAN_OF_ALL },
	{ "think", SCAN_OF_ALL },
	{ "pace", SCAN_OF_ALL },
	{ "duration", SCAN_OF_ALL },
	{ "iterations", SCAN_OF_ALL },
	{ NULL, 0 },
};

/* clang-format off */
static const struct option_spec specs[] = {
	{ "What is raced", "preset", 0, "seed|quick|full",
	  "several options under one name (below); others override it",
	  KIND_CHOICE, AT(preset), 0, 0, 0, preset_choices },
	{ NULL, "workers", 'w', "N[,N...]",
	  "how many race, one after another (default: one per CPU, min. 2)",
	  KIND_COUNTS, AT(workers), AT(n_workers), 1, MAX_WORKERS, NULL },
	{ NULL, "mode", 'm', "MODE", "workers are threads, processes or both (default threads)",
	  KIND_CHOICE, AT(modes), 0, 0, 0, modes },
	{ NULL, "batch", 'b', "N|all", "increments per critical section or message (default 1)",
	  KIND_COUNT_OR_ALL, AT(load.batch), 0, 1, 1000 * 1000 * 1000, NULL },
	{ NULL, "permits", 0, "N", "of semaphores; above 1 they admit a race (default 1)", KIND_COUNT,
	  AT(load.permits), 0, 1, 1000, NULL },
	{ NULL, "critical", 0, "TIME", "work inside each section, or per message (default none)",
	  KIND_DURATION, AT(load.critical_ns), 0, 0, NS_PER_S, NULL },
	{ NULL, "think", 0, "TIME", "work before each section or message (default none)",
	  KIND_DURATION, AT(load.think_ns), 0, 0, NS_PER_S, NULL },
	{ NULL, "pace", 0, "RATE", "sections a second, of all workers (default: no pause)",
	  KIND_COUNT, AT(load.pace), 0, 1, 10 * 1000 * 1000, NULL },
	{ NULL, "read-share", 0, "PERCENT", "of rwlock's sections that only read (default 0)",
	  KIND_COUNT, AT(load.read_share), 0, 0, 100, NULL },
	{ NULL, "message", 0, "BYTES", "payload of a message, in steps of 8 (default 8)", KIND_BYTES,
	  AT(load.message), 0, RACE_MESSAGE_MIN, 1024 * 1024, NULL },
	{ NULL, "scan", 0, "KEY=V,V,...", "another option's values, e.g. batch=1,64: see below",
	  KIND_SCAN, AT(scan), 0, 0, 0, scan_keys },
	{ NULL, "pin", 0, "HOW", "spread over cores, pack on one CPU, smt, l3, none, or CPUs: 0,2-3",
	  KIND_PLACEMENT, AT(pin), 0, 0, 0, placements },
	{ NULL, "keep-root", 0, NULL, "do not drop root for the races",
	  KIND_FLAG, AT(keep_root), 0, 0, 0, NULL },

	{ "How long and how often", "duration", 'd', "TIME", "per repeat, e.g. 2s (default 100ms)",
	  KIND_DURATION, AT(duration_ns), 0, NS_PER_MS, 3600 * NS_PER_S, NULL },
	{ NULL, "iterations", 'n', "N", "fixed work instead: so many increments per worker",
	  KIND_COUNT, AT(iterations), 0, 1, 1000000000000, NULL },
	{ NULL, "repeats", 'r', "N", "untraced, and as many traced, interleaved (default 10)",
	  KIND_COUNT, AT(repeats), 0, 1, 10000, NULL },
	{ NULL, "warmup", 0, "N", "races before them that do not count (default 1)",
	  KIND_COUNT, AT(warmup), 0, 0, 1000, NULL },
	{ NULL, "latency", 0, "N", "repeats besides, in which latency is measured (default 3)",
	  KIND_COUNT, AT(latency), 0, 0, 1000, NULL },
	{ NULL, "wakers", 0, "N", "repeats besides, in which wakers are traced (default 3)",
	  KIND_COUNT, AT(wakers), 0, 0, 1000, NULL },
	{ NULL, "stacks", 0, NULL, "where tasks sleep and are woken from, in 3 repeats besides",
	  KIND_FLAG, AT(stacks), 0, 0, 0, NULL },
	{ NULL, "timeout", 0, "TIME", "after which one race is given up (default: from its length)",
	  KIND_DURATION, AT(timeout_ns), 0, NS_PER_MS, 86400 * NS_PER_S, NULL },
	{ NULL, "seed", 0, "N", "of the order of the repeats (default: random, recorded)",
	  KIND_COUNT, AT(seed), 0, 0, INT64_MAX, NULL },

	{ NULL, "start-at", 0, "TIME|/PERIOD", "wait for 2026-01-31T12:00:00Z; /10s: the next multiple",
	  KIND_MOMENT, AT(start_at), 0, 0, 0, NULL },

	{ "What the kernel tells", "trace", 0, "WISH",
	  "auto: where possible; require: or exit 4; off (default auto)",
	  KIND_CHOICE, AT(trace), 0, 0, 0, trace_choices },
	{ NULL, "detail", 0, "LEVEL",
	  "sleeps: switches, waits; calls: system calls; both (default both)",
	  KIND_CHOICE, AT(detail), 0, 0, 0, details },

	{ NULL, "probe", 0, "WAY[,WAY...]",
	  "how: see below; for tests (default: what the kernel permits)",
	  KIND_CHOICES, AT(ways), 0, 0, 0, way_choices },

	{ NULL, "max-locks", 0, "N",
	  "rows for the locks that tasks wait for (default 32768)",
	  KIND_COUNT, AT(max_locks), 0, 1, 1048576, NULL },

	{ NULL, "timeline", 0, "FILE", "one more repeat each, every event of which goes to this capture",
	  KIND_TEXT, AT(timeline), 0, 0, 0, NULL },
	{ NULL, "ring", 0, "BYTES", "of its buffer for each CPU (default 8 MiB, 256 MiB in all)",
	  KIND_COUNT, AT(ring_bytes), 0, RING_MIN, RING_MAX, NULL },

	{ "Output", "output", 'o', "FILE", "save the session there (JSON)",
	  KIND_TEXT, AT(output), 0, 0, 0, NULL },
	{ NULL, "format", 0, "FORMAT", FORMAT_HELP,
	  KIND_CHOICE, AT(format), 0, 0, 0, session_format_choices },
	{ NULL, "view", 0, "VIEW", VIEW_HELP,
	  KIND_CHOICE, AT(view), 0, 0, 0, view_choices },
	{ NULL, "export", 0, "KIND=FILE", EXPORT_HELP,
	  KIND_EXPORTS, AT(exports), 0, 0, 0, export_choices },
	{ NULL, "force", 0, NULL, "overwrite FILE",
	  KIND_FLAG, AT(force), 0, 0, 0, NULL },
	{ NULL, "quiet", 'q', NULL, "say nothing but results and errors",
	  KIND_FLAG, AT(quiet), 0, 0, 0, NULL },
	{ NULL, "no-color", 0, NULL, "plain text, also on a terminal",
	  KIND_FLAG, AT(no_color), 0, 0, 0, NULL },
	{ NULL, "no-progress", 0, NULL, "do not show how far it is",
	  KIND_FLAG, AT(no_progress), 0, 0, 0, NULL },
	{ NULL, "help", 'h', NULL, "this text", KIND_HELP, 0, 0, 0, 0, NULL },
	{ NULL, "version", 'V', NULL, "name and version", KIND_VERSION, 0, 0, 0, 0, NULL },
};
/* clang-format on */

#define N_SPECS (sizeof(specs) / sizeof(specs[0]))
_Static_assert(N_SPECS <= OPTION_SPECS_MAX, "raise OPTION_SPECS_MAX");

static void print_help(void)
{
	char keys[256];

	fputs("Usage: tracebench [run] [STRATEGY|FAMILY|all ...] [options]\n"
	      "\n"
	      "Which lock or IPC primitive should carry this traffic, and what does the kernel do for\n"
	      "each? Races them over one shared counter, checks the counter, and shows both.\n"
	      "\n"
	      "Examples:\n"
	      "  sudo tracebench                         race a dozen, with the kernel's side of it\n"
	      "  sudo tracebench all --mode=both         every strategy there is\n"
	      "  tracebench mutex atomic -w 2,4,8        two strategies, three worker counts, no root\n"
	      "  tracebench lock --mode=both -r 30       every lock, for threads and for processes\n"
	      "  tracebench pipe -b 64                   64 increments in each message\n"
	      "  tracebench turn --pin=pack              the price of switching on a single CPU\n"
	      "  tracebench none -n 5M --seed=7          lose updates on purpose\n"
	      "  tracebench --preset=quick               a short look, in a few seconds\n"
	      "  tracebench -q -o today.json             save the session, then look at it again with\n"
	      "  tracebench report today.json            ... which needs no rights and no race\n"
	      "  tracebench --export=csv=today.csv       a file for other programs\n"
	      "  tracebench lock --view=latency          how long each section took; workers: who got it\n"
	      "  sudo tracebench lock --view=locks       what was waited for; budget: where the time went\n"
	      "\n"
	      "Commands:\n"
	      "  run                               race strategies (when no command is named)\n"
	      "  list                              strategies and families, and why not here\n"
	      "  doctor                            what this machine can trace, how to get the rest\n"
	      "  report SESSION                    render a saved session\n"
	      "  compare BASE NEW                  did it get slower, and why\n"
	      "  merge SESSION... -o FILE          many hosts or days in one session file\n"
	      "  spawn [METHOD ...]                make threads and processes: what it costs\n"
	      "  reentry [LOCK ...]                take each kind of lock twice: who deadlocks\n",
	      stdout);
	option_print_table(specs, N_SPECS);
	option_list_choices(scan_keys, keys, sizeof(keys));
	printf("\n"
	       "Scans: --scan=batch=1,64 --scan=permits=1,2 races every combination, and once what takes no\n"
	       "such option. Keys:\n"
	       "  %s.\n",
	       keys);
	export_print_kinds();
	fputs("\n"
	      "Probe: futex=fexit|syscall (calls counted at the return of the system call's function, or by\n"
	      "its tracepoint), switch=argument|state-of-task (where the state at a switch is taken from),\n"
	      "storage=task|hash (where the traced tasks are marked). The first that the kernel has.\n"
	      "\n"
	      "Presets: seed, the programs of docs/seed.md: 2 workers x 50M, 3 repeats, each worker's work\n"
	      "in one turn; quick, 20ms x 3 repeats; full, both modes with 1, 2 and 4 workers.\n"
	      "\n"
	      "Counts take k M G (1000s), times ns us ms s. What takes a value can also be set as\n"
	      "TRACEBENCH_WORKERS=4 in the environment, or by a line 'workers = 4' in\n"
	      "~/.config/tracebench/config; the command line wins, then the environment.\n"
	      "\n"
	      "Exit codes: 0 done, 1 failed, 2 bad usage, 4 tracing required but missing, 5 an exact\n"
	      "counter lost updates, 6 kernel counts did not reconcile, 130 interrupted.\n",
	      stdout);
}

static void print_words(void)
{
	for (size_t i = 0; i < n_strategies; i++)
		option_print_word(strategies[i]->name);
	for (unsigned int family = 0; family < FAMILIES; family++)
		option_print_word(family_name((enum family)family));
	option_print_word("all");
}

static int take_name(void *target, const char *word)
{
	struct options *options = target;
	const char **names = reallocarray(options->names, options->n_names + 1, sizeof(*names));

	if (!names)
		return -ENOMEM;
	options->names = names;
	options->names[options->n_names++] = word;
	return 0;
}

/*
 * Two options that contradict each other: of different layers, the higher wins and the other is
 * as if it had not been given. Returns whether they are of one layer.
 */
static bool contradict(struct option_reading *reading, const char *a, const char *b,
		       const char **loser)
{
	enum option_layer layer_a = option_layer_of(reading, a);
	enum option_layer layer_b = option_layer_of(reading, b);

	*loser = NULL;
	if (layer_a == LAYER_DEFAULT || layer_b == LAYER_DEFAULT)
		return false;
	if (layer_a == layer_b)
		return true;
	*loser = layer_a < layer_b ? a : b;
	return false;
}

static void forget(struct option_reading *reading, const char *name, uint64_t *field,
		   uint64_t unset)
{
	const struct option_spec *spec = option_find(reading, name);

	reading->given[spec - reading->specs] = (struct option_source){ 0 };
	scan_forget(&((struct options *)reading->target)->scan, spec);
	*field = unset;
}

/* "--a: WHAT contradicts --b: WHY", with what the user gave for both. */
static int refuse_both(struct option_reading *reading, const char *a, const char *b,
		       const char *what, const char *why)
{
	const struct option_spec *spec = option_find(reading, a), *other = option_find(reading, b);
	const struct option_spec *by = reading->given[other - reading->specs].by;
	char label[OPTION_LABEL_BYTES];
	bool scanned = by && by->kind == KIND_SCAN;

	option_label(spec, &reading->given[spec - reading->specs], label);
	return option_refuse(reading, "%s: %scontradicts --%s%s%s: %s", label, what,
			     by ? by->name : b, scanned ? "=" : "", scanned ? b : "", why);
}

/* A preset with rows says by them what is a thread and what a process, unless --mode does. */
static int settle_preset(struct option_reading *reading, struct options *options)
{
	if (preset_rows(options->preset) &&
	    option_layer_of(reading, "mode") < option_layer_of(reading, "preset"))
		options->modes = 0;
	return preset_apply(reading, options->preset);
}

/* How to probe, and not to. */
static int settle_probe(struct option_reading *reading, struct options *options)
{
	const char *loser;

	if (options->trace != TRACE_OFF || !options->ways)
		return 0;
	if (contradict(reading, "probe", "trace", &loser))
		return refuse_both(reading, "probe", "trace", "", "'off' probes nothing");
	if (loser && !strcmp(loser, "probe"))
		options->ways = 0;
	return 0;
}

/* A timeline takes a probe, and a file that can be read again. */
static int settle_timeline(struct option_reading *reading, struct options *options)
{
	const char *loser = NULL;

	if (!options->timeline)
		return 0;
	if (!strcmp(options->timeline, "-"))
		return option_refuse(reading,
				     "--timeline: '-' is standard output, and a capture is "
				     "a file: give its name");
	if ((options->output && same_file(options->output, options->timeline)) ||
	    export_wishes_find(&options->exports, options->timeline))
		return option_refuse(reading,
				     "--timeline: '%s' is the file of --output or --export as "
				     "well: give each its own",
				     options->timeline);
	if (options->trace != TRACE_OFF)
		return 0;
	if (contradict(reading, "timeline", "trace", &loser))
		return refuse_both(reading, "timeline", "trace", "", "'off' records nothing");
	if (loser && !strcmp(loser, "trace")) {
		options->trace = TRACE_AUTO;
	} else {
		free((char *)options->timeline);
		options->timeline = NULL;
	}
	return 0;
}

/* Stacks take a probe. */
static int settle_stacks(struct option_reading *reading, struct options *options)
{
	const char *loser = NULL;

	if (!options->stacks || options->trace != TRACE_OFF)
		return 0;
	if (contradict(reading, "stacks", "trace", &loser))
		return refuse_both(reading, "stacks", "trace", "", "'off' takes none");
	if (loser && !strcmp(loser, "trace"))
		options->trace = TRACE_AUTO;
	else
		options->stacks = false;
	return 0;
}

/* A race ends by time or by work done. */
static int settle_length(struct option_reading *reading, struct options *options)
{
	const char *loser;

	if (contradict(reading, "duration", "iterations", &loser))
		return refuse_both(reading, "duration", "iterations", "",
				   "a race ends by time or by work done, give one of them");
	if (loser && !strcmp(loser, "duration"))
		forget(reading, "duration", &options->duration_ns, OPTION_UNSET);
	else if (loser)
		forget(reading, "iterations", &options->iterations, OPTION_UNSET);
	return 0;
}

/* Whether any race has its work in one turn. */
static bool batches_all(const struct options *options)
{
	return scan_reaches(&options->scan, options, AT(load.batch), RACE_BATCH_ALL,
			    RACE_BATCH_ALL);
}

static int settle_batch(struct option_reading *reading, struct options *options)
{
	const char *loser;

	if (!batches_all(options))
		return 0;
	if (contradict(reading, "batch", "duration", &loser))
		return refuse_both(reading, "batch", "duration", "'all' ",
				   "the first worker to get the lock would hold it until the time "
				   "is up: give --iterations=N");
	if (loser && !strcmp(loser, "duration"))
		forget(reading, "duration", &options->duration_ns, OPTION_UNSET);
	else if (loser)
		forget(reading, "batch", &options->load.batch, 1);
	return 0;
}

/* A worker with one section can only read or only write. */
static int settle_reads(struct option_reading *reading, struct options *options)
{
	const char *loser;

	if (!batches_all(options) ||
	    !scan_reaches(&options->scan, options, AT(load.read_share), 1, UINT64_MAX))
		return 0;
	if (contradict(reading, "batch", "read-share", &loser))
		return refuse_both(reading, "batch", "read-share", "'all' ",
				   "a worker has one section then, of which no share can only "
				   "read: give --batch=N");
	if (loser && !strcmp(loser, "batch"))
		forget(reading, "batch", &options->load.batch, 1);
	else if (loser)
		forget(reading, "read-share", &options->load.read_share, 0);
	return 0;
}

/* Each is a row of every strategy that all keys concern: more would be read by nobody. */
static int settle_scan(struct option_reading *reading, const struct options *options)
{
	size_t workers = options->n_workers ? options->n_workers : 1, points;
	const struct option_spec *spec = option_find(reading, "scan");
	char label[OPTION_LABEL_BYTES];

	if (!__builtin_mul_overflow(scan_points(&options->scan), workers, &points) &&
	    points <= SCAN_POINTS_MAX)
		return 0;
	option_label(spec, &reading->given[spec - reading->specs], label);
	return option_refuse(reading,
			     "%s: its values have more than %u combinations, those of --workers "
			     "included: give fewer",
			     label, SCAN_POINTS_MAX);
}

/* The session and what is made of it in one file. */
static int settle_exports(struct option_reading *reading, const struct options *options)
{
	const struct export_wish *rival =
		options->output ? export_wishes_find(&options->exports, options->output) : NULL;
	const struct option_spec *spec = option_find(reading, "export");
	char label[OPTION_LABEL_BYTES];

	if (!rival)
		return 0;
	option_label(spec, &reading->given[spec - reading->specs], label);
	return option_refuse(reading,
			     "%s: '%s=%s' is the file of --output as well: give each its own",
			     label, export_choices[rival->kind].name, rival->path);
}

/* Nobody waits for what is over; a period has always one to come. */
static int settle_start(struct option_reading *reading, const struct options *options)
{
	const struct option_spec *spec = option_find(reading, "start-at");
	uint64_t now_ns = clock_read_ns(CLOCK_REALTIME);
	char label[OPTION_LABEL_BYTES], at[MOMENT_TEXT], now[MOMENT_TEXT];

	if (!options->start_at.at_ns || options->start_at.at_ns > now_ns)
		return 0;
	option_label(spec, &reading->given[spec - reading->specs], label);
	moment_text(options->start_at.at_ns, at);
	moment_text(now_ns / NS_PER_S * NS_PER_S, now);
	return option_refuse(reading,
			     "%s: %s is past, now is %s: give a moment to come, or /10s for the "
			     "next multiple of 10 s",
			     label, at, now);
}

static int settle(struct option_reading *reading, struct options *options)
{
	int err = settle_preset(reading, options);

	if (!err)
		err = settle_probe(reading, options);
	if (!err)
		err = settle_timeline(reading, options);
	if (!err)
		err = settle_stacks(reading, options);
	if (!err)
		err = settle_length(reading, options);
	if (!err)
		err = settle_reads(reading, options);
	if (!err)
		err = settle_batch(reading, options);
	if (!err)
		err = settle_scan(reading, options);
	if (!err)
		err = settle_exports(reading, options);
	if (!err)
		err = settle_start(reading, options);
	if (err)
		return err;
	if (options->duration_ns == OPTION_UNSET && options->iterations == OPTION_UNSET) {
		if (batches_all(options))
			options->iterations = DEFAULT_ITERATIONS;
		else
			options->duration_ns = DEFAULT_DURATION_NS;
	}
	/* A worker that has one section has nothing to be distributed. */
	if (options->latency == OPTION_UNSET)
		options->latency =
			scan_reaches(&options->scan, options, AT(load.batch), 1, UINT64_MAX) ?
				DEFAULT_LATENCY :
				0;
	if (!options->pin)
		options->pin = strdup("spread");
	return options->pin ? 0 : -ENOMEM;
}

static int read_layers(struct option_reading *reading, int argc, char **argv, const char *path)
{
	int err = option_read_arguments(reading, argc, argv);

	if (err || reading->done)
		return err;
	err = option_read_environment(reading);
	if (!err && path)
		err = option_read_file(reading, path);
	if (!err)
		err = settle(reading, reading->target);
	return err;
}

int options_parse(int argc, char **argv, struct options *options, bool *done)
{
	struct option_reading reading = {
		.specs = specs,
		.n_specs = N_SPECS,
		.target = options,
		.take_word = take_name,
		.print_help = print_help,
		.print_words = print_words,
	};
	char *path = option_file_path();
	int err;

	*options = (struct options){
		.modes = IN_THREADS,
		.duration_ns = OPTION_UNSET,
		.iterations = OPTION_UNSET,
		.load = { .batch = 1, .permits = 1, .message = RACE_MESSAGE_MIN },
		.repeats = 10,
		.detail = DETAIL_BOTH,
		.warmup = 1,
		.latency = OPTION_UNSET,
		.wakers = DEFAULT_WAKERS,
		.max_locks = DEFAULT_MAX_LOCKS,
		.timeout_ns = OPTION_UNSET,
		.seed = OPTION_UNSET,
		.ring_bytes = OPTION_UNSET,
	};
	err = read_layers(&reading, argc, argv, path);
	free(path);
	*done = reading.done;
	if (err && !reading.refused)
		option_refuse(&reading, "out of memory");
	if (err)
		options_free(options);
	return err;
}

void options_free(struct options *options)
{
	free(options->names);
	free(options->workers);
	scan_free(&options->scan);
	export_wishes_free(&options->exports);
	free((char *)options->pin);
	free((char *)options->output);
	free((char *)options->timeline);
	*options = (struct options){ 0 };
}
