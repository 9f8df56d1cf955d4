/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tracebench reentry`: what happens when a thread takes a lock that it already holds. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "command/command.h"
#include "command/confine.h"
#include "command/interrupt.h"
#include "command/pick.h"
#include "command/reentry_draw.h"
#include "plan/option.h"

#define DEFAULT_TIMEOUT_NS (200 * NS_PER_MS)

struct reentry_command {
	bool *picked; /* by lock kind */
	enum trace_wish trace;
	enum format format;
	bool keep_root;
	int interrupt_fd; /* -1 once an interruption is dealt with */
	struct reentry_report report;
};

#define AT(member) offsetof(struct reentry_command, member)

static const struct option_spec specs[] = {
	{ .group = "Options",
	  .name = "timeout",
	  .value = "TIME",
	  .help = "after which a thread that is not back is ended (default 200ms)",
	  .kind = KIND_DURATION,
	  .offset = AT(report.timeout_ns),
	  .min = 10 * NS_PER_MS,
	  .max = 3600 * NS_PER_S },
	{ .name = "keep-root",
	  .help = "do not drop root for the locks",
	  .kind = KIND_FLAG,
	  .offset = AT(keep_root) },
	{ .name = "trace",
	  .value = "WISH",
	  .help = "auto: where possible; require: or exit 4; off (default auto)",
	  .kind = KIND_CHOICE,
	  .offset = AT(trace),
	  .choices = trace_choices },
	{ .name = "format",
	  .value = "table|json",
	  .help = "what goes to standard output (default table)",
	  .kind = KIND_CHOICE,
	  .offset = AT(format),
	  .choices = format_choices },
	{ .name = "help", .letter = 'h', .help = "this text", .kind = KIND_HELP },
};

#define N_SPECS (sizeof(specs) / sizeof(specs[0]))

static const char *kind_name(size_t i)
{
	return lock_kinds[i].name;
}

static struct pick_list kinds(void)
{
	return (struct pick_list){ "lock", "reentry", n_lock_kinds, kind_name };
}

static void print_words(void)
{
	struct pick_list list = kinds();

	pick_print_words(&list);
}

static void print_help(void)
{
	fputs("Usage: tracebench reentry [LOCK ...] [options]\n"
	      "\n"
	      "What happens when a thread takes a lock that it already holds: it has it twice, it is\n"
	      "refused, or it never comes back. Then it is looked at where it is, and ended.\n"
	      "\n"
	      "Examples:\n"
	      "  sudo tracebench reentry\n"
	      "  tracebench reentry mutex sem --timeout=1s\n"
	      "  tracebench reentry --format=json | jq '.results[] | {lock, outcome}'\n"
	      "\n"
	      "Locks:\n",
	      stdout);
	for (size_t i = 0; i < n_lock_kinds; i++)
		printf("  %-15s %s\n", lock_kinds[i].name, lock_kinds[i].summary);
	option_print_table(specs, N_SPECS);
}

static int try_picked(struct reentry_command *command)
{
	struct reentry_report *report = &command->report;
	const struct reentry_options options = {
		.timeout_ns = report->timeout_ns,
		.keep_root = command->keep_root,
		.probe = report->tracing.probe,
		.interrupt_fd = command->interrupt_fd,
	};
	int err = 0;

	for (size_t i = 0; !err && i < n_lock_kinds; i++) {
		if (!command->picked[i])
			continue;
		err = reentry_try(&options, &lock_kinds[i], &report->findings[report->n_findings]);
		report->n_findings += !err;
	}
	return err;
}

static int try_until_interrupted(struct reentry_command *command)
{
	int err = try_picked(command);

	command->report.complete = err != -EINTR;
	if (command->report.complete)
		return err;
	interrupt_acknowledge(&command->interrupt_fd,
			      "what was tried so far follows, marked incomplete");
	return 0;
}

static int exit_code(const struct reentry_report *report)
{
	int code = EXIT_DONE;

	if (!report->complete)
		return EXIT_INTERRUPTED;
	for (size_t i = 0; i < report->n_findings; i++) {
		if (report->findings[i].outcome == REENTRY_FAILED)
			return EXIT_FAILED;
		if (reentry_is_not_reconciled(&report->findings[i]))
			code = EXIT_NOT_RECONCILED;
	}
	return code;
}

static int try_and_show(struct reentry_command *command)
{
	struct reentry_report *report = &command->report;
	int err;

	if (interrupt_came(command->interrupt_fd)) {
		interrupt_acknowledge(&command->interrupt_fd, "nothing was tried yet");
		return EXIT_INTERRUPTED;
	}
	err = try_until_interrupted(command);
	if (err) {
		log_error("the locks cannot be tried: %s", strerror(-err));
		return EXIT_FAILED;
	}
	err = output_draw(command->format == FORMAT_JSON ? reentry_draw_json : reentry_draw_table,
			  report, false, command->interrupt_fd);
	return interrupt_conclude(&command->interrupt_fd, err,
				  err ? EXIT_FAILED : exit_code(report));
}

/* The probe, and then no more rights than it takes. EXIT_DONE when all is ready. */
static int set_up(struct reentry_command *command)
{
	const struct probe_options probe_options = { .max_tasks = REENTRY_TASKS, .calls = true };
	struct tracing_state *tracing = &command->report.tracing;
	int code = tracing_load(command->trace, &probe_options,
				"What becomes of each lock is complete", tracing);

	if (code != EXIT_DONE)
		return code;
	return confine(command->keep_root, tracing->probe != NULL) ? EXIT_FAILED : EXIT_DONE;
}

static int run(struct reentry_command *command)
{
	int code;

	if (output_check())
		return EXIT_FAILED;
	command->interrupt_fd = interrupt_open();
	if (command->interrupt_fd < 0)
		return EXIT_FAILED;
	code = set_up(command);
	if (code == EXIT_DONE)
		code = try_and_show(command);
	interrupt_close(command->interrupt_fd);
	return code;
}

static int take_kind(void *target, const char *word)
{
	struct reentry_command *command = target;
	struct pick_list list = kinds();

	return pick(&list, word, command->picked);
}

static int read_and_run(struct reentry_command *command, int argc, char **argv)
{
	struct option_reading reading = {
		.specs = specs,
		.n_specs = N_SPECS,
		.target = command,
		.take_word = take_kind,
		.print_help = print_help,
		.print_words = print_words,
	};
	struct pick_list list = kinds();

	if (option_read_arguments(&reading, argc, argv))
		return EXIT_USAGE;
	pick_all_if_none(&list, command->picked);
	return reading.done ? EXIT_DONE : run(command);
}

int command_reentry(int argc, char **argv)
{
	struct reentry_command command = {
		.picked = calloc(n_lock_kinds, sizeof(*command.picked)),
		.report.findings = calloc(n_lock_kinds, sizeof(*command.report.findings)),
		.report.timeout_ns = DEFAULT_TIMEOUT_NS,
	};
	int code = EXIT_FAILED;

	if (command.picked && command.report.findings)
		code = read_and_run(&command, argc, argv);
	else
		log_error("out of memory");
	probe_free(command.report.tracing.probe);
	free(command.report.findings);
	free(command.picked);
	return code;
}
