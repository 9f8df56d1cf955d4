/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tracebench report`: a saved session once more, on any machine and without rights. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/rights.h"
#include "command/command.h"
#include "command/confine.h"
#include "command/output.h"
#include "plan/option.h"
#include "session/json.h"

struct report_options {
	char *path; /* "-": standard input */
	enum format format;
	enum view_of view;
	bool no_color;
};

static const struct option_spec specs[] = {
	{ .group = "Options",
	  .name = "format",
	  .value = "table|json",
	  .help = "what goes to standard output (default table)",
	  .kind = KIND_CHOICE,
	  .offset = offsetof(struct report_options, format),
	  .choices = format_choices },
	{ .name = "view",
	  .value = "VIEW",
	  .help = VIEW_HELP,
	  .kind = KIND_CHOICE,
	  .offset = offsetof(struct report_options, view),
	  .choices = view_choices },
	{ .name = "no-color",
	  .help = "plain text on a terminal, too",
	  .kind = KIND_FLAG,
	  .offset = offsetof(struct report_options, no_color) },
	{ .name = "help", .letter = 'h', .help = "this text", .kind = KIND_HELP },
};

#define N_SPECS (sizeof(specs) / sizeof(specs[0]))

static void print_help(void)
{
	fputs("Usage: tracebench report SESSION [options]\n"
	      "\n"
	      "Shows a session that `tracebench run -o SESSION` saved. Needs no rights.\n"
	      "\n"
	      "Examples:\n"
	      "  tracebench report monday.json\n"
	      "  tracebench report monday.json --view=latency\n"
	      "  tracebench report - --format=json < monday.json | jq '.results[].verdict'\n",
	      stdout);
	option_print_table(specs, N_SPECS);
}

static int take_path(void *target, const char *word)
{
	struct report_options *options = target;

	if (options->path) {
		log_error("'%s': one session at a time; '%s' is named already", word,
			  options->path);
		return -EINVAL;
	}
	options->path = strdup(word);
	return options->path ? 0 : -ENOMEM;
}

static int open_file(const char *path, FILE **file)
{
	int err = rights_open(path, file);

	if (err > 0)
		log_error("%s: %s", path, strerror(err));
	return err;
}

static int load(const char *path, struct session **session)
{
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *file = stdin;
	int err = is_stdin ? 0 : open_file(path, &file);

	if (err)
		return err;
	/* What is in the file may be anybody's. */
	confine_reader();
	err = session_read_json(is_stdin ? "standard input" : path, file, session);
	if (!is_stdin)
		fclose(file);
	return err;
}

static int show(const struct report_options *options)
{
	struct session *session = NULL;
	int err = load(options->path, &session);

	if (!err)
		err = output_session(session, options->format, options->view, options->no_color,
				     -1);
	session_free(session);
	return err ? EXIT_FAILED : EXIT_DONE;
}

int command_report(int argc, char **argv)
{
	struct report_options options = { .format = FORMAT_TABLE };
	struct option_reading reading = {
		.specs = specs,
		.n_specs = N_SPECS,
		.target = &options,
		.take_word = take_path,
		.print_help = print_help,
	};
	int code = EXIT_USAGE;

	if (option_read_arguments(&reading, argc, argv) == 0) {
		if (reading.done)
			code = EXIT_DONE;
		else if (options.path)
			code = show(&options);
		else
			log_error(
				"report: which session? Name the file that `tracebench run -o` saved");
	}
	free(options.path);
	return code;
}
