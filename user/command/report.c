/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tracebench report`: a saved session once more, on any machine and without rights. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/rights.h"
#include "capture/read.h"
#include "command/command.h"
#include "command/confine.h"
#include "command/export.h"
#include "command/output.h"
#include "plan/option.h"
#include "session/derive.h"
#include "session/json.h"
#include "session/schema.h"

struct report_options {
	char *path; /* "-": standard input */
	enum format format;
	enum view_of view;
	bool no_color;
	bool force;
	bool json_schema; /* the session file's, and nothing else */
	struct export_wishes exports;
};

static const struct option_spec specs[] = {
	{ .group = "Options",
	  .name = "format",
	  .value = "FORMAT",
	  .help = FORMAT_HELP,
	  .kind = KIND_CHOICE,
	  .offset = offsetof(struct report_options, format),
	  .choices = session_format_choices },
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
	{ .name = "export",
	  .value = "KIND=FILE",
	  .help = EXPORT_HELP,
	  .kind = KIND_EXPORTS,
	  .offset = offsetof(struct report_options, exports),
	  .choices = export_choices },
	{ .name = "force",
	  .help = "overwrite FILE",
	  .kind = KIND_FLAG,
	  .offset = offsetof(struct report_options, force) },
	{ .name = "json-schema",
	  .help = "print what a session file is (JSON Schema 2020-12), and end",
	  .kind = KIND_FLAG,
	  .offset = offsetof(struct report_options, json_schema) },
	{ .name = "help", .letter = 'h', .help = "this text", .kind = KIND_HELP },
};

#define N_SPECS (sizeof(specs) / sizeof(specs[0]))

static void print_help(void)
{
	fputs("Usage: tracebench report SESSION|CAPTURE [options]\n"
	      "\n"
	      "Shows a session that `tracebench run -o SESSION` saved, or exports a timeline that\n"
	      "`tracebench run --timeline=CAPTURE` recorded. Needs no rights.\n"
	      "\n"
	      "Examples:\n"
	      "  tracebench report monday.json\n"
	      "  tracebench report monday.json --view=latency\n"
	      "  tracebench report monday.json --format=markdown\n"
	      "  tracebench report monday.json --export=csv=monday.csv --export=bmf=monday.bmf\n"
	      "  tracebench report - --format=json < monday.json | jq '.results[].verdict'\n"
	      "  tracebench report monday.capture --export=perfetto=monday.pftrace\n",
	      stdout);
	option_print_table(specs, N_SPECS);
	export_print_kinds();
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

static const char *name_of(const struct report_options *options)
{
	return strcmp(options->path, "-") == 0 ? "standard input" : options->path;
}

static int open_input(const struct report_options *options, FILE **file)
{
	*file = stdin;
	return strcmp(options->path, "-") == 0 ? 0 : open_file(options->path, file);
}

/* Files are opened and made as whoever started this; what is in them may be anybody's. */
static int prepare(const struct report_options *options, struct export_files *files)
{
	int err = export_start(files, &options->exports, options->force, false);

	if (!err)
		confine_reader();
	return err;
}

/* Files first: a reader of stdout that goes away must not cost them. */
static int deliver(const struct report_options *options, const struct session *session,
		   struct export_files *files)
{
	const struct export_source source = { .session = session };
	const struct exporter *alone = export_to_stdout(&options->exports);
	int saved = export_save(files, &source);
	int shown = alone ? export_show(alone, &source, -1) :
			    output_session(session, options->format, options->view,
					   options->no_color, -1);

	return saved ? saved : shown;
}

static unsigned int available(const struct session *session)
{
	return EXPORT_OF_SESSION | (derive_has_stacks(session) ? EXPORT_OF_STACKS : 0);
}

static int load_and_deliver(const struct report_options *options, FILE *file,
			    struct export_files *files)
{
	struct session *session = NULL;
	int err = session_read_json(name_of(options), file, &session);

	if (!err)
		err = export_check(&options->exports, available(session));
	if (!err)
		err = deliver(options, session, files);
	session_free(session);
	return err;
}

/* What is read up to its damage is exported, and the exit code says that it is not all. */
static int deliver_capture(const struct report_options *options, FILE *file,
			   struct export_files *files)
{
	struct export_capture capture = { .name = name_of(options), .fd = fileno(file) };
	const struct export_source source = { .capture = &capture };
	const struct exporter *alone = export_to_stdout(&options->exports);
	int saved = export_save(files, &source);
	int shown = alone ? export_show(alone, &source, -1) : 0;

	if (saved || shown)
		return saved ? saved : shown;
	return capture.cut_short ? -EBADMSG : 0;
}

/* Whether there are stacks in a session is known when it has been read. */
static bool is_usable(const struct report_options *options, bool is_capture)
{
	if (export_check(&options->exports,
			 is_capture ? EXPORT_OF_CAPTURE : EXPORT_OF_SESSION | EXPORT_OF_STACKS))
		return false;
	if (!is_capture || options->exports.n)
		return true;
	log_error(
		"%s: is a capture, which has no table: --export=perfetto=FILE makes a trace of it",
		name_of(options));
	return false;
}

static int show(const struct report_options *options)
{
	struct export_files files = { 0 };
	FILE *file = NULL;
	int code = EXIT_FAILED;
	bool is_capture;

	if (open_input(options, &file))
		return EXIT_FAILED;
	is_capture = capture_is_one(fileno(file));
	if (!is_usable(options, is_capture))
		code = EXIT_USAGE;
	else if (!prepare(options, &files) &&
		 !(is_capture ? deliver_capture(options, file, &files) :
				load_and_deliver(options, file, &files)))
		code = EXIT_DONE;
	if (file != stdin)
		fclose(file);
	export_end(&files);
	return code;
}

static int draw_schema(const void *what, const struct report_style *style, FILE *out)
{
	size_t length = session_schema_length();

	(void)what;
	(void)style;
	return fwrite(session_schema, 1, length, out) == length ? 0 : -EIO;
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
		else if (options.json_schema)
			code = output_draw(draw_schema, NULL, true, -1) ? EXIT_FAILED : EXIT_DONE;
		else if (options.path)
			code = show(&options);
		else
			log_error(
				"report: which session? Name the file that `tracebench run -o` saved");
	}
	free(options.path);
	export_wishes_free(&options.exports);
	return code;
}
