/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tracebench run`: options -> plan -> races and probe -> merge -> session -> report. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/hint.h"
#include "base/log.h"
#include "base/version.h"
#include "capture/write.h"
#include "command/command.h"
#include "command/confine.h"
#include "command/eta.h"
#include "command/export.h"
#include "command/interrupt.h"
#include "command/output.h"
#include "command/progress.h"
#include "command/start_at.h"
#include "command/untraced.h"
#include "plan/machine.h"
#include "plan/plan.h"
#include "probe/probe.h"
#include "probe/way.h"
#include "session/collect.h"
#include "session/json.h"
#include "session/merge.h"
#include "session/own_cost.h"
#include "session/saver.h"

/* Who waits for less needs no word about it. */
#define MINUTES_UNTOLD 10

/* All that a run holds, in the order it is acquired. */
struct run {
	struct options options;
	int interrupt_fd; /* -1 once an interruption is dealt with */
	struct saver saver;
	struct export_files exports;
	struct machine machine;
	struct perf_choice counted;
	struct plan plan;
	struct probe *probe; /* NULL: not traced */
	struct probe *timeline; /* NULL: none is asked for, or not traced */
	struct capture_writer *capture; /* NULL: likewise */
	struct symbols *symbols; /* NULL: addresses have no names */
	char obstacle[UNTRACED_REASON]; /* why not, though it was wished for; else empty */
	struct own_cost cost; /* of the probe */
	struct work_rates rates; /* of the work that a load asks for */
	struct eta eta;
	struct record *records;
	struct session *session;
	bool complete;
	char started[32];
	uint64_t due_ns; /* what --start-at asks for, as of the command's start; 0: nothing */
	struct start_record start;
};

static unsigned int largest_race(const struct plan *plan)
{
	unsigned int n = OWN_COST_TASKS;

	for (size_t i = 0; i < plan->n_entries; i++)
		if (plan->entries[i].n_cpus > n)
			n = plan->entries[i].n_cpus;
	return n;
}

/* This kernel shows no system calls: what is left is the sleeps level, if that was wished for, too. */
static int plan_without_calls(struct run *run)
{
	static const char reason[] =
		"this kernel has no system-call tracepoints (CONFIG_FTRACE_SYSCALLS)";
	bool sleeps = run->options.detail & DETAIL_SLEEPS;

	plan_free(&run->plan);
	if (sleeps) {
		log_error("--detail: calls are not traced: %s; sleeps are", reason);
		run->options.detail = DETAIL_SLEEPS;
	} else {
		snprintf(run->obstacle, sizeof(run->obstacle), "%s", reason);
		probe_free(run->probe);
		run->probe = NULL;
	}
	return plan_make(&run->options, &run->machine, sleeps, &run->plan);
}

/*
 * Plans with tracing, and again without where the probe does not load: only then are the features
 * tried one by one, to say what is missing. -ENOTSUP, after one line: a way that was asked for is.
 */
static int plan_and_load(struct run *run)
{
	bool wished = run->options.trace != TRACE_OFF;
	struct probe_options probe_options = { 0 };
	char refused[WAY_REFUSED];
	int err = plan_make(&run->options, &run->machine, wished, &run->plan);

	if (err || !wished)
		return err;
	probe_options.max_tasks = largest_race(&run->plan);
	probe_options.calls = run->options.detail & DETAIL_CALLS;
	probe_options.wakers = run->options.wakers && run->options.detail & DETAIL_SLEEPS;
	probe_options.stacks = run->options.stacks;
	probe_options.max_locks = (unsigned int)run->options.max_locks;
	probe_options.ways = run->options.ways;
	err = probe_load(&probe_options, &run->probe);
	/* Where that fails, for want of descriptors say, locks are shown by their addresses. */
	if (!err && symbols_open(&run->symbols))
		run->symbols = NULL;
	if (!err)
		return !probe_options.calls || probe_sees_calls(run->probe) ?
			       0 :
			       plan_without_calls(run);
	if (way_refused(run->options.ways, refused)) {
		log_error("--probe: %s", refused);
		return -ENOTSUP;
	}
	untraced_find_reason(err, run->obstacle);
	plan_free(&run->plan);
	return plan_make(&run->options, &run->machine, false, &run->plan);
}

/*
 * The same programs once more, with what a timeline takes: those that all other repeats are traced by
 * have nothing of it. -ENOTSUP: it is not to be had, and --trace=require wants it.
 */
static int load_timeline(struct run *run)
{
	const struct options *options = &run->options;
	const struct probe_options probe_options = {
		.max_tasks = largest_race(&run->plan),
		.timeline = true,
		.ring_bytes = options->ring_bytes == OPTION_UNSET ? 0 : options->ring_bytes,
		.max_locks = (unsigned int)options->max_locks,
		.ways = options->ways,
	};
	int err;

	if (!options->timeline || !run->probe)
		return 0;
	err = probe_load(&probe_options, &run->timeline);
	if (!err)
		return 0;
	log_error("--timeline: '%s' is not written: the rings for it cannot be made: %s%s",
		  options->timeline, strerror(-err), limit_hint(-err));
	return options->trace == TRACE_REQUIRE ? -ENOTSUP : -EIO;
}

/* As long as the process may: from then on it is a descriptor. */
static int open_capture(struct run *run)
{
	const struct options *options = &run->options;
	const struct capture_about about = {
		.version = TRACEBENCH_VERSION,
		.hostname = run->machine.hostname ? run->machine.hostname : "",
		.kernel = run->machine.kernel ? run->machine.kernel : "",
		.cpus = (unsigned int)run->machine.cpus_online,
	};

	if (!run->timeline)
		return 0;
	return capture_create(options->timeline, options->force, &about, &run->capture);
}

/* A run that was interrupted leaves races out, and its capture says so by having no END. */
static int finish_capture(struct run *run)
{
	return run->capture && run->complete ? capture_finish(run->capture) : 0;
}

/* A bit for each. */
static unsigned int planned_levels(const struct plan *plan)
{
	unsigned int levels = 0;

	for (size_t i = 0; i < plan->n_steps; i++)
		levels |= 1U << plan->steps[i].level;
	return levels;
}

/* While there are the rights that this takes. */
static int measure_cost(struct run *run)
{
	const struct own_cost_pass pass = {
		.levels = planned_levels(&run->plan) & OWN_COST_LEVELS,
		.cpu = run->machine.cpus[0],
		.keep_root = run->options.keep_root,
		.interrupt_fd = run->interrupt_fd,
	};
	int err = run->probe ? own_cost_measure(run->probe, &pass, &run->cost) : 0;

	if (err)
		log_error("the probe's cost cannot be measured: %s", strerror(-err));
	return err;
}

static void tell_untraced(const struct run *run)
{
	if (run->options.trace == TRACE_REQUIRE || !run->options.quiet)
		untraced_tell(run->options.trace, run->obstacle,
			      run->options.timeline ?
				      "No timeline is written. Timings and the counter check are "
				      "complete" :
				      "Timings and the counter check are complete");
}

/* Every value of a scan multiplies the races: better known before they start. */
static void tell_length(const struct run *run)
{
	double minutes = plan_least_s(&run->plan) / 60;

	if (minutes >= MINUTES_UNTOLD && !run->options.quiet)
		log_warning("%zu races take at least %.0f minutes: when interrupted, what is "
			    "complete by then is shown",
			    run->plan.n_steps, floor(minutes));
}

static void show_progress(void *context, size_t step, const struct entry *entry)
{
	struct eta *eta = context;
	char what[96], left[32];

	eta_text(eta_next(eta, step, clock_now_ns()), left);
	snprintf(what, sizeof(what), "%s, %u %s%s  %s", entry->strategy->name, entry->workers,
		 entry->mode == MODE_THREADS ? "thread" : "process",
		 entry->workers == 1	     ? "" :
		 entry->mode == MODE_THREADS ? "s" :
					       "es",
		 left);
	progress_show(step, eta->plan->n_steps, what);
}

static bool wants_progress(const struct options *options)
{
	return !options->quiet && !options->no_progress && progress_is_wanted();
}

static int make_records(struct run *run)
{
	int err = 0;

	run->records = calloc(run->plan.n_entries + 1, sizeof(*run->records));
	if (!run->records)
		return -ENOMEM;
	for (size_t i = 0; i < run->plan.n_entries && !err; i++)
		err = record_init(&run->records[i], &run->plan.entries[i]);
	return err;
}

static const struct work_rates *rates_of(const struct run *run)
{
	return run->rates.n ? &run->rates : NULL;
}

static int calibrate_work(struct run *run)
{
	const struct machine *machine = &run->machine;
	int err;

	if (!plan_has_work(&run->plan))
		return 0;
	err = calibrate(machine->cpus, machine->n_cpus, &run->rates);
	if (err)
		log_error("--critical, --think: what work takes cannot be measured: %s",
			  strerror(-err));
	return err;
}

static int race_all(struct run *run)
{
	struct collector collector = {
		.plan = &run->plan,
		.probe = run->probe,
		.timeline = run->timeline,
		.capture = run->capture,
		.symbols = run->symbols,
		.rates = rates_of(run),
		.clock_ns = run->machine.timer_cost_ns,
		.counted = &run->counted,
		.interrupt_fd = run->interrupt_fd,
		.progress = wants_progress(&run->options) ? show_progress : NULL,
		.context = &run->eta,
	};
	int err = eta_init(&run->eta, &run->plan);

	if (!err)
		err = make_records(run);
	if (err)
		return err;
	err = collect(&collector, run->records, &run->complete);
	if (collector.progress)
		progress_clear();
	if (!run->complete)
		interrupt_acknowledge(&run->interrupt_fd,
				      "what was measured so far follows, marked incomplete");
	return err;
}

static int merge_all(struct run *run)
{
	struct merge_input input = {
		.plan = &run->plan,
		.machine = &run->machine,
		.records = run->records,
		.rates = rates_of(run),
		.started = run->started,
		.complete = run->complete,
		.tracing = run->probe	  ? TRACING_ON :
			   *run->obstacle ? TRACING_UNAVAILABLE :
					    TRACING_OFF,
		.tracing_reason = run->probe	 ? NULL :
				  *run->obstacle ? run->obstacle :
						   "--trace=off",
		.ways = run->probe ? probe_ways(run->probe) : 0,
		.sees_uring = run->probe && probe_sees_uring(run->probe),
		.load_ms = run->probe ? probe_load_ms(run->probe) : NAN,
		.cost = run->probe ? &run->cost : NULL,
		.attach_ms = run->probe ? probe_attach_ms(run->probe) : NAN,
		.detach_ms = run->probe ? probe_detach_ms(run->probe) : NAN,
		.start = run->due_ns ? &run->start : NULL,
	};

	return merge(&input, &run->session);
}

static void note_start(struct run *run)
{
	/* Not time(): its clock moves with the tick, and lags behind a moment just waited for. */
	time_t now = (time_t)(clock_read_ns(CLOCK_REALTIME) / NS_PER_S);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(run->started, sizeof(run->started), "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static bool is_stdout(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

static int write_session(const void *session, FILE *out)
{
	return session_write_json(session, out);
}

/*
 * Saves first: a reader of stdout that goes away must not cost the file. What is saved or exported
 * to stdout is all that goes there. An interruption comes too late to leave anything out, but for
 * what nobody would read.
 */
static int deliver(struct run *run)
{
	const struct options *options = &run->options;
	enum format format = is_stdout(options->output) ? FORMAT_JSON : options->format;
	const struct export_source source = { .session = run->session };
	const struct exporter *alone = export_to_stdout(&options->exports);
	int captured = finish_capture(run);
	int saved = run->saver.path ? saver_save(&run->saver, write_session, run->session) : 0;
	int exported = export_save(&run->exports, &source);
	int shown = alone ? export_show(alone, &source, run->interrupt_fd) :
			    output_session(run->session, format, options->view, options->no_color,
					   run->interrupt_fd);
	bool failed = captured || saved || exported || shown;

	return interrupt_conclude(&run->interrupt_fd, shown,
				  failed ? EXIT_FAILED : output_exit_code(run->session));
}

static int nothing_measured(struct run *run)
{
	interrupt_acknowledge(&run->interrupt_fd, "nothing was measured yet");
	return EXIT_INTERRUPTED;
}

/* The last before the first race: all that can be done before it is done. */
static int await_start(struct run *run)
{
	const struct options *options = &run->options;
	struct start_wait wait = {
		.moment = &options->start_at,
		.due_ns = run->due_ns,
		.interrupt_fd = run->interrupt_fd,
		.quiet = options->quiet,
		.tell = wants_progress(options),
	};

	return run->due_ns ? start_await(&wait, &run->start) : 0;
}

static int race_and_deliver(struct run *run)
{
	int err;

	if (calibrate_work(run))
		return EXIT_FAILED;
	err = await_start(run);
	if (err == -EINTR)
		return nothing_measured(run);
	if (err)
		return EXIT_FAILED;
	note_start(run);
	err = race_all(run);
	if (!err)
		err = merge_all(run);
	if (err) {
		log_error("the session cannot be kept: %s", strerror(-err));
		return EXIT_FAILED;
	}
	return deliver(run);
}

/* What can be exported, if tracing works. */
static unsigned int will_have(const struct options *options)
{
	bool stacks = options->stacks && options->trace != TRACE_OFF;

	return EXPORT_OF_SESSION | (stacks ? EXPORT_OF_STACKS : 0);
}

/* Where the output goes, what is raced, the probe. EXIT_DONE when all is ready. */
static int set_up(struct run *run)
{
	const struct options *options = &run->options;
	int err;

	if (export_check(&options->exports, will_have(options)))
		return EXIT_USAGE;
	confine_objects();
	if (output_check() ||
	    (options->output && !is_stdout(options->output) &&
	     saver_start(&run->saver, options->output, options->force, options->keep_root)) ||
	    export_start(&run->exports, &options->exports, options->force, options->keep_root) ||
	    machine_read(&run->machine))
		return EXIT_FAILED;
	hardware_find(options->keep_root, &run->machine.hardware);
	run->counted = hardware_choice(&run->machine.hardware);
	err = plan_and_load(run);
	if (!err)
		err = load_timeline(run);
	if (err)
		return err == -EINVAL  ? EXIT_USAGE :
		       err == -ENOTSUP ? EXIT_NOT_TRACED :
					 EXIT_FAILED;
	if (measure_cost(run) || open_capture(run) ||
	    confine(options->keep_root, run->probe != NULL))
		return EXIT_FAILED;
	if (*run->obstacle)
		tell_untraced(run);
	if (*run->obstacle && options->trace == TRACE_REQUIRE)
		return EXIT_NOT_TRACED;
	tell_length(run);
	return EXIT_DONE;
}

static int run_undisturbed(struct run *run)
{
	int code = set_up(run);

	if (code == EXIT_DONE && interrupt_came(run->interrupt_fd))
		return nothing_measured(run);
	return code == EXIT_DONE ? race_and_deliver(run) : code;
}

static void run_free(struct run *run)
{
	saver_end(&run->saver);
	export_end(&run->exports);
	session_free(run->session);
	for (size_t i = 0; run->records && i < run->plan.n_entries; i++)
		record_free(&run->records[i]);
	free(run->records);
	work_rates_free(&run->rates);
	eta_free(&run->eta);
	symbols_free(run->symbols);
	own_cost_free(&run->cost);
	capture_free(run->capture);
	probe_free(run->timeline);
	probe_free(run->probe);
	plan_free(&run->plan);
	machine_free(&run->machine);
	options_free(&run->options);
}

int command_run(int argc, char **argv)
{
	struct run run = { .interrupt_fd = -1 };
	bool done = false;
	int code = EXIT_FAILED;
	int err = options_parse(argc, argv, &run.options, &done);

	if (err || done)
		return err ? EXIT_USAGE : EXIT_DONE;
	/* Not later: set-up takes other machines of a fleet another while. */
	run.due_ns = moment_next(&run.options.start_at, clock_read_ns(CLOCK_REALTIME));
	run.interrupt_fd = interrupt_open();
	if (run.interrupt_fd >= 0)
		code = run_undisturbed(&run);
	run_free(&run);
	interrupt_close(run.interrupt_fd);
	return code;
}
