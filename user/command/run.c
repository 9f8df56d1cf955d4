/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tracebench run`: options -> plan -> races and probe -> merge -> session -> report. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/exit.h"
#include "base/log.h"
#include "command/command.h"
#include "command/interrupt.h"
#include "command/output.h"
#include "command/progress.h"
#include "command/untraced.h"
#include "plan/machine.h"
#include "plan/plan.h"
#include "probe/probe.h"
#include "session/collect.h"
#include "session/merge.h"
#include "session/save.h"

/* All that a run holds, in the order it is acquired. */
struct run {
	struct options options;
	struct machine machine;
	struct plan plan;
	struct probe *probe; /* NULL: not traced */
	char obstacle[UNTRACED_REASON]; /* why not, though it was wished for; else empty */
	struct record *records;
	struct session *session;
	bool complete;
	char started[32];
};

static unsigned int largest_race(const struct plan *plan)
{
	unsigned int n = 1;

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
 * tried one by one, to say what is missing.
 */
static int plan_and_load(struct run *run)
{
	bool wished = run->options.trace != TRACE_OFF;
	struct probe_options probe_options = { 0 };
	int err = plan_make(&run->options, &run->machine, wished, &run->plan);

	if (err || !wished)
		return err;
	probe_options.max_tasks = largest_race(&run->plan);
	probe_options.calls = run->options.detail & DETAIL_CALLS;
	err = probe_load(&probe_options, &run->probe);
	if (!err)
		return !probe_options.calls || probe_sees_calls(run->probe) ?
			       0 :
			       plan_without_calls(run);
	untraced_find_reason(err, run->obstacle);
	plan_free(&run->plan);
	return plan_make(&run->options, &run->machine, false, &run->plan);
}

static void tell_untraced(const struct run *run)
{
	if (run->options.trace == TRACE_REQUIRE || !run->options.quiet)
		untraced_tell(run->options.trace, run->obstacle,
			      "Timings and the counter check are complete");
}

static void show_progress(void *context, size_t step, const struct entry *entry)
{
	const struct plan *plan = context;

	progress_show(step, plan->n_steps, entry->strategy->name);
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

static int race_all(struct run *run)
{
	struct collector collector = {
		.plan = &run->plan,
		.probe = run->probe,
		.progress = wants_progress(&run->options) ? show_progress : NULL,
		.context = &run->plan,
	};
	int err = make_records(run);

	if (err)
		return err;
	collector.interrupt_fd = interrupt_open();
	if (collector.interrupt_fd < 0)
		return collector.interrupt_fd;
	err = collect(&collector, run->records, &run->complete);
	interrupt_close(collector.interrupt_fd);
	if (collector.progress)
		progress_clear();
	if (!run->complete)
		log_error("interrupted: what was measured so far follows, marked incomplete");
	return err;
}

static int merge_all(struct run *run)
{
	struct merge_input input = {
		.plan = &run->plan,
		.machine = &run->machine,
		.records = run->records,
		.started = run->started,
		.complete = run->complete,
		.tracing = run->probe	  ? TRACING_ON :
			   *run->obstacle ? TRACING_UNAVAILABLE :
					    TRACING_OFF,
		.tracing_reason = run->probe	 ? NULL :
				  *run->obstacle ? run->obstacle :
						   "--trace=off",
		.sees_uring = run->probe && probe_sees_uring(run->probe),
		.load_ms = run->probe ? probe_load_ms(run->probe) : NAN,
	};

	return merge(&input, &run->session);
}

static void note_start(struct run *run)
{
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(run->started, sizeof(run->started), "%Y-%m-%dT%H:%M:%SZ", &utc);
}

/*
 * Saves first: a reader of stdout that goes away must not cost the file. A session that is saved
 * to stdout is all that goes there.
 */
static int deliver(const struct run *run)
{
	const struct options *options = &run->options;
	int saved = 0;
	int shown = 0;

	if (options->output)
		saved = save_session(options->output, options->force, run->session);
	if (!options->output || strcmp(options->output, "-") != 0)
		shown = output_session(run->session, options->format, options->no_color);
	if (saved || shown)
		return EXIT_FAILED;
	return output_exit_code(run->session);
}

static int run_planned(struct run *run)
{
	int err;

	if (*run->obstacle) {
		tell_untraced(run);
		if (run->options.trace == TRACE_REQUIRE)
			return EXIT_NOT_TRACED;
	}
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

static void run_free(struct run *run)
{
	session_free(run->session);
	for (size_t i = 0; run->records && i < run->plan.n_entries; i++)
		record_free(&run->records[i]);
	free(run->records);
	probe_free(run->probe);
	plan_free(&run->plan);
	machine_free(&run->machine);
	options_free(&run->options);
}

int command_run(int argc, char **argv)
{
	struct run run = { 0 };
	bool done = false;
	int code;
	int err = options_parse(argc, argv, &run.options, &done);

	if (err || done)
		return err ? EXIT_USAGE : EXIT_DONE;
	if (output_check() ||
	    (run.options.output && save_check(run.options.output, run.options.force)) ||
	    machine_read(&run.machine))
		code = EXIT_FAILED;
	else if ((err = plan_and_load(&run)))
		code = err == -EINVAL ? EXIT_USAGE : EXIT_FAILED;
	else
		code = run_planned(&run);
	run_free(&run);
	return code;
}
