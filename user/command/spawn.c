/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tracebench spawn`: what it costs to make threads and processes, and what the kernel does. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "command/command.h"
#include "command/confine.h"
#include "command/interrupt.h"
#include "command/pick.h"
#include "command/progress.h"
#include "command/spawn_draw.h"
#include "plan/option.h"
#include "plan/order.h"

/* Every Linux has it (Filesystem Hierarchy Standard 3.0, section 3.4.2), and it does nothing. */
#define DEFAULT_PROGRAM "/bin/true"

struct spawn_command {
	bool *picked; /* by method */
	const struct spawn_method **methods; /* those that are, as many as the report has rows */
	enum trace_wish trace;
	enum format format;
	char *program;
	struct spawn_report report;
};

#define AT(member) offsetof(struct spawn_command, member)
#define OPTION(member) AT(report.options.member)

/* clang-format off */
static const struct option_spec specs[] = {
	{ "Options", "iterations", 'n', "N", "creations in a repeat, one after the other (default 100)",
	  KIND_COUNT, OPTION(iterations), 0, 1, 10000, NULL },
	{ NULL, "repeats", 'r', "N", "untraced, and as many traced, interleaved (default 10)",
	  KIND_COUNT, OPTION(repeats), 0, 1, 10000, NULL },
	{ NULL, "warmup", 0, "N", "repeats before them that do not count (default 1)",
	  KIND_COUNT, OPTION(warmup), 0, 0, 1000, NULL },
	{ NULL, "program", 0, "FILE", "what is executed, without arguments (default " DEFAULT_PROGRAM ")",
	  KIND_TEXT, AT(program), 0, 0, 0, NULL },
	{ NULL, "timeout", 0, "TIME", "after which a repeat is given up (default 60s)",
	  KIND_DURATION, OPTION(timeout_ns), 0, 10 * NS_PER_MS, 3600 * NS_PER_S, NULL },
	{ NULL, "seed", 0, "N", "of the order of the repeats (default: random, recorded)",
	  KIND_COUNT, OPTION(seed), 0, 0, INT64_MAX, NULL },
	{ NULL, "keep-root", 0, NULL, "do not drop root for what is made",
	  KIND_FLAG, OPTION(keep_root), 0, 0, 0, NULL },
	{ NULL, "trace", 0, "WISH", "auto: where possible; require: or exit 4; off (default auto)",
	  KIND_CHOICE, AT(trace), 0, 0, 0, trace_choices },
	{ NULL, "format", 0, "table|json", "what goes to standard output (default table)",
	  KIND_CHOICE, AT(format), 0, 0, 0, format_choices },
	{ NULL, "help", 'h', NULL, "this text", KIND_HELP, 0, 0, 0, 0, NULL },
};
/* clang-format on */

#define N_SPECS (sizeof(specs) / sizeof(specs[0]))

static const char *method_name(size_t i)
{
	return spawn_methods[i].name;
}

static struct pick_list methods(void)
{
	return (struct pick_list){ "method", "spawn", n_spawn_methods, method_name };
}

static void print_words(void)
{
	struct pick_list list = methods();

	pick_print_words(&list);
}

static void print_help(void)
{
	fputs("Usage: tracebench spawn [METHOD ...] [options]\n"
	      "\n"
	      "What it costs to make threads and processes and to wait for their end, and what the\n"
	      "kernel does meanwhile.\n"
	      "\n"
	      "Examples:\n"
	      "  sudo tracebench spawn\n"
	      "  tracebench spawn fork+exec vfork+exec --program=/bin/busybox\n"
	      "  taskset -c 0 tracebench spawn fork clone3 -n 1000\n"
	      "\n"
	      "Methods:\n",
	      stdout);
	for (size_t i = 0; i < n_spawn_methods; i++)
		printf("  %-13s %-8s %s\n", spawn_methods[i].name,
		       spawn_makes_name(spawn_methods[i].makes), spawn_methods[i].summary);
	option_print_table(specs, N_SPECS);
}

static void list_picked(struct spawn_command *command)
{
	for (size_t i = 0; i < n_spawn_methods; i++)
		if (command->picked[i])
			command->methods[command->report.n_rows++] = &spawn_methods[i];
}

static bool executes(const struct spawn_command *command)
{
	for (size_t i = 0; i < command->report.n_rows; i++)
		if (command->methods[i]->makes == MAKES_PROGRAM)
			return true;
	return false;
}

/* What the options leave open, and what they name. EXIT_DONE when all is well. */
static int settle(struct spawn_command *command)
{
	struct spawn_options *options = &command->report.options;
	int err = options->seed == OPTION_UNSET ? order_random_seed(&options->seed) : 0;

	if (err) {
		log_error("--seed: the kernel gives no random number: %s; choose one",
			  strerror(-err));
		return EXIT_FAILED;
	}
	options->program = command->program ? command->program : DEFAULT_PROGRAM;
	if (executes(command) && access(options->program, X_OK)) {
		log_error("--program: '%s' cannot be executed: %s", options->program,
			  strerror(errno));
		return EXIT_USAGE;
	}
	return output_check() ? EXIT_FAILED : EXIT_DONE;
}

static int measure(struct spawn_command *command)
{
	struct spawn_report *report = &command->report;
	int err;

	report->options.probe = report->tracing.probe;
	report->options.progress = progress_is_wanted() ? progress_show : NULL;
	err = spawn_measure(&report->options, command->methods, report->n_rows, report->rows,
			    &report->complete);
	if (report->options.progress)
		progress_clear();
	if (!report->complete)
		interrupt_acknowledge(&report->options.interrupt_fd,
				      "what was measured so far follows, marked incomplete");
	return err;
}

static int exit_code(const struct spawn_report *report)
{
	int code = EXIT_DONE;

	if (!report->complete)
		return EXIT_INTERRUPTED;
	for (size_t i = 0; i < report->n_rows; i++) {
		const struct spawn_row *row = &report->rows[i];

		if (row->status != RACE_OK)
			return EXIT_FAILED;
		if (row->traced && !spawn_is_reconciled(&row->kernel))
			code = EXIT_NOT_RECONCILED;
	}
	return code;
}

static int measure_and_show(struct spawn_command *command)
{
	struct spawn_report *report = &command->report;
	int *interrupt_fd = &report->options.interrupt_fd;
	int err;

	if (interrupt_came(*interrupt_fd)) {
		interrupt_acknowledge(interrupt_fd, "nothing was measured yet");
		return EXIT_INTERRUPTED;
	}
	err = measure(command);
	if (err) {
		log_error("the measurement cannot be kept: %s", strerror(-err));
		return EXIT_FAILED;
	}
	err = output_draw(command->format == FORMAT_JSON ? spawn_draw_json : spawn_draw_table,
			  report, false, *interrupt_fd);
	return interrupt_conclude(interrupt_fd, err, err ? EXIT_FAILED : exit_code(report));
}

/* The probe, and then no more rights than it takes. EXIT_DONE when all is ready. */
static int set_up(struct spawn_command *command)
{
	struct spawn_report *report = &command->report;
	const struct probe_options probe_options = { .max_tasks = spawn_slots(&report->options) };
	int code = tracing_load(command->trace, &probe_options,
				"Timings and getrusage's counts are complete", &report->tracing);

	if (code != EXIT_DONE)
		return code;
	return confine(report->options.keep_root, report->tracing.probe != NULL) ? EXIT_FAILED :
										   EXIT_DONE;
}

static int run(struct spawn_command *command)
{
	int *interrupt_fd = &command->report.options.interrupt_fd;
	int code = settle(command);

	if (code != EXIT_DONE)
		return code;
	*interrupt_fd = interrupt_open();
	if (*interrupt_fd < 0)
		return EXIT_FAILED;
	code = set_up(command);
	if (code == EXIT_DONE)
		code = measure_and_show(command);
	interrupt_close(*interrupt_fd);
	return code;
}

static int take_method(void *target, const char *word)
{
	struct spawn_command *command = target;
	struct pick_list list = methods();

	return pick(&list, word, command->picked);
}

static int read_and_run(struct spawn_command *command, int argc, char **argv)
{
	struct option_reading reading = {
		.specs = specs,
		.n_specs = N_SPECS,
		.target = command,
		.take_word = take_method,
		.print_help = print_help,
		.print_words = print_words,
	};
	struct pick_list list = methods();

	if (option_read_arguments(&reading, argc, argv))
		return EXIT_USAGE;
	pick_all_if_none(&list, command->picked);
	list_picked(command);
	return reading.done ? EXIT_DONE : run(command);
}

int command_spawn(int argc, char **argv)
{
	struct spawn_command command = {
		.picked = calloc(n_spawn_methods, sizeof(*command.picked)),
		.methods = calloc(n_spawn_methods, sizeof(const struct spawn_method *)),
		.report = {
			.rows = calloc(n_spawn_methods, sizeof(*command.report.rows)),
			.options = { .iterations = 100,
				     .repeats = 10,
				     .warmup = 1,
				     .timeout_ns = 60 * NS_PER_S,
				     .seed = OPTION_UNSET },
		},
	};
	int code = EXIT_FAILED;

	if (command.picked && command.methods && command.report.rows)
		code = read_and_run(&command, argc, argv);
	else
		log_error("out of memory");
	if (command.report.rows)
		spawn_free(command.report.rows, command.report.n_rows);
	probe_free(command.report.tracing.probe);
	free(command.report.rows);
	free(command.program);
	free(command.methods);
	free(command.picked);
	return code;
}
