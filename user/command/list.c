/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tracebench list`: the strategies there are, and why some cannot run here. */
#include <jansson.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "command/command.h"
#include "command/confine.h"
#include "plan/option.h"
#include "plan/options.h"
#include "strategy/registry.h"

struct list_options {
	enum format format;
};

static const struct option_spec specs[] = {
	{ .group = "Options",
	  .name = "format",
	  .value = "table|json",
	  .help = "what goes to standard output (default table)",
	  .kind = KIND_CHOICE,
	  .offset = offsetof(struct list_options, format),
	  .choices = format_choices },
	{ .name = "help", .letter = 'h', .help = "this text", .kind = KIND_HELP },
};

#define N_SPECS (sizeof(specs) / sizeof(specs[0]))

static void print_help(void)
{
	fputs("Usage: tracebench list [options]\n"
	      "\n"
	      "What can be raced: each strategy's name, its family, which works as a name for all of\n"
	      "them, whether its workers can be threads or processes, and why it cannot run here.\n"
	      "\n"
	      "Examples:\n"
	      "  tracebench list\n"
	      "  tracebench list --format=json | jq -r '.[] | select(.family == \"lock\").name'\n",
	      stdout);
	option_print_table(specs, N_SPECS);
}

static const char *why_not(const struct strategy *strategy)
{
	return strategy->unsupported ? strategy->unsupported() : NULL;
}

static json_t *modes_json(const struct strategy *strategy)
{
	json_t *modes = json_array();

	for (unsigned int mode = 0; modes && mode < MODES; mode++)
		if (strategy->modes & 1U << mode)
			json_array_append_new(modes, json_string(mode_name((enum mode)mode)));
	return modes;
}

static int print_json(void)
{
	json_t *list = json_array();
	int err = list ? 0 : -1;

	for (size_t i = 0; !err && i < n_strategies; i++) {
		const struct strategy *strategy = strategies[i];

		err = json_array_append_new(
			list,
			json_pack("{s:s, s:s, s:o, s:s, s:b, s:b, s:s?}", "name", strategy->name,
				  "family", family_name(strategy->family), "modes",
				  modes_json(strategy), "summary", strategy->summary,
				  "promises_exact", (int)strategy->promises_exact, "default",
				  (int)strategy->in_default, "unsupported", why_not(strategy)));
	}
	if (!err)
		err = json_dumpf(list, stdout, JSON_INDENT(2));
	json_decref(list);
	putchar('\n');
	return err;
}

static int add_line(struct libscols_table *table, const struct strategy *strategy)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	const char *modes = strategy->modes == IN_BOTH	  ? "threads, processes" :
			    strategy->modes == IN_THREADS ? mode_name(MODE_THREADS) :
							    mode_name(MODE_PROCESSES);
	const char *reason = why_not(strategy);
	char *summary = NULL;
	int err;

	if (!line ||
	    (reason && asprintf(&summary, "%s (not here: %s)", strategy->summary, reason) < 0))
		return -1;
	err = scols_line_set_data(line, 0, strategy->in_default ? "*" : "") ||
	      scols_line_set_data(line, 1, strategy->name) ||
	      scols_line_set_data(line, 2, family_name(strategy->family)) ||
	      scols_line_set_data(line, 3, modes) ||
	      scols_line_set_data(line, 4, summary ? summary : strategy->summary);
	free(summary);
	return err ? -1 : 0;
}

static int print_table(void)
{
	struct libscols_table *table = scols_new_table();
	int err;

	if (!table)
		return -1;
	err = !scols_table_new_column(table, "", 0, 0) ||
	      !scols_table_new_column(table, "STRATEGY", 0, 0) ||
	      !scols_table_new_column(table, "FAMILY", 0, 0) ||
	      !scols_table_new_column(table, "MODES", 0, 0) ||
	      !scols_table_new_column(table, "WHAT IT IS", 0, SCOLS_FL_WRAP);
	for (size_t i = 0; !err && i < n_strategies; i++)
		err = add_line(table, strategies[i]);
	if (!err)
		err = scols_print_table(table);
	if (!err)
		puts("\n* raced when nothing is named; `tracebench all` races every one");
	scols_unref_table(table);
	return err;
}

int command_list(int argc, char **argv)
{
	struct list_options options = { .format = FORMAT_TABLE };
	struct option_reading reading = {
		.specs = specs,
		.n_specs = N_SPECS,
		.target = &options,
		.print_help = print_help,
	};
	int err = option_read_arguments(&reading, argc, argv);

	if (err)
		return EXIT_USAGE;
	if (reading.done)
		return EXIT_DONE;
	/* What cannot run here is what the workers, who are nobody special, cannot run. */
	confine_reader();
	if (options.format == FORMAT_JSON ? print_json() : print_table()) {
		log_error("the list cannot be printed: out of memory, or standard output is full");
		return EXIT_FAILED;
	}
	return EXIT_DONE;
}
