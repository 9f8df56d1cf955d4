/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tracebench compare`: what became faster or slower from one saved session to another, and why. */
#include <errno.h>
#include <math.h>
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
#include "report/compared.h"
#include "session/comparison.h"
#include "session/json.h"

enum side { BASE, NEW, SIDES };

enum compare_format { COMPARE_TABLE, COMPARE_JSON, COMPARE_MARKDOWN };

struct compare_options {
	char *paths[SIDES]; /* "-": standard input */
	struct comparison_rules rules;
	enum compare_format format;
	bool no_color;
};

static const struct option_choice formats[] = {
	{ "table", COMPARE_TABLE },
	{ "json", COMPARE_JSON },
	{ "markdown", COMPARE_MARKDOWN },
	{ NULL, 0 },
};

static const struct option_spec specs[] = {
	{ .group = "Options",
	  .name = "fail-above",
	  .value = "PERCENT",
	  .help = "exit with 3 when a row is certainly more than so much slower (5%)",
	  .kind = KIND_PERCENT,
	  .offset = offsetof(struct compare_options, rules.fail_above),
	  .max = 100000 },
	{ .name = "same-within",
	  .value = "PERCENT",
	  .help = "smaller changes count as none (default 2%)",
	  .kind = KIND_PERCENT,
	  .offset = offsetof(struct compare_options, rules.same_within),
	  .max = 1000 },
	{ .name = "format",
	  .value = "table|json|markdown",
	  .help = "what goes to standard output (default table)",
	  .kind = KIND_CHOICE,
	  .offset = offsetof(struct compare_options, format),
	  .choices = formats },
	{ .name = "no-color",
	  .help = "plain text on a terminal, too",
	  .kind = KIND_FLAG,
	  .offset = offsetof(struct compare_options, no_color) },
	{ .name = "help", .letter = 'h', .help = "this text", .kind = KIND_HELP },
};

#define N_SPECS (sizeof(specs) / sizeof(specs[0]))

static void print_help(void)
{
	fputs("Usage: tracebench compare BASE NEW [options]\n"
	      "\n"
	      "Compares two sessions that `tracebench run -o SESSION` saved: what is faster or slower in\n"
	      "NEW than in BASE, how sure that is, and what changed in the kernel with it. Needs no rights.\n"
	      "\n"
	      "Results are paired by strategy, mode, workers, batch, permits, message and what was\n"
	      "scanned. Any other difference in plan or host is a warning.\n"
	      "\n"
	      "Examples:\n"
	      "  tracebench compare monday.json tuesday.json\n"
	      "  tracebench compare 6.6.json 6.12.json --format=markdown\n"
	      "  tracebench compare base.json new.json --fail-above=5% || echo 'got slower'\n",
	      stdout);
	option_print_table(specs, N_SPECS);
}

static int take_path(void *target, const char *word)
{
	struct compare_options *options = target;
	size_t side = options->paths[BASE] ? NEW : BASE;

	if (options->paths[NEW]) {
		log_error("'%s': compare takes two sessions; '%s' and '%s' are named already", word,
			  options->paths[BASE], options->paths[NEW]);
		return -EINVAL;
	}
	if (side == NEW && !strcmp(word, "-") && !strcmp(options->paths[BASE], "-")) {
		log_error("'-': only one session can come from standard input");
		return -EINVAL;
	}
	options->paths[side] = strdup(word);
	return options->paths[side] ? 0 : -ENOMEM;
}

static int open_side(const char *path, FILE **file)
{
	int err = 0;

	*file = stdin;
	if (!strcmp(path, "-"))
		return 0;
	*file = NULL;
	err = rights_open(path, file);
	if (err > 0)
		log_error("%s: %s", path, strerror(err));
	return err;
}

static void close_sides(FILE *files[SIDES])
{
	for (int side = BASE; side < SIDES; side++)
		if (files[side] && files[side] != stdin)
			fclose(files[side]);
}

/* Both are opened as whoever may read them. What is in them may be anybody's. */
static int load(const struct compare_options *options, struct session *sessions[SIDES])
{
	FILE *files[SIDES] = { NULL, NULL };
	int err = 0;

	for (int side = BASE; side < SIDES && !err; side++)
		err = open_side(options->paths[side], &files[side]);
	if (!err)
		confine_reader();
	for (int side = BASE; side < SIDES && !err; side++)
		err = session_read_json(files[side] == stdin ? "standard input" :
							       options->paths[side],
					files[side], &sessions[side]);
	close_sides(files);
	return err;
}

static int draw_table(const void *comparison, const struct report_style *style, FILE *out)
{
	return report_compared_table(comparison, style, out);
}

static int draw_json(const void *comparison, const struct report_style *style, FILE *out)
{
	(void)style;
	return report_compared_json(comparison, out);
}

static int draw_markdown(const void *comparison, const struct report_style *style, FILE *out)
{
	(void)style;
	return report_compared_markdown(comparison, out);
}

static int show(const struct compare_options *options, const struct comparison *comparison)
{
	static output_drawer *const drawers[] = {
		[COMPARE_TABLE] = draw_table,
		[COMPARE_JSON] = draw_json,
		[COMPARE_MARKDOWN] = draw_markdown,
	};

	return output_draw(drawers[options->format], comparison, options->no_color, -1);
}

/* Two sessions without a row in common are a mistake, not a comparison that found nothing. */
static int check_rows(const struct compare_options *options, const struct comparison *comparison)
{
	if (comparison->n_rows)
		return 0;
	log_error("%s and %s have no result in common: race the same strategies in both",
		  options->paths[BASE], options->paths[NEW]);
	return -EINVAL;
}

static int compare(const struct compare_options *options)
{
	struct session *sessions[SIDES] = { NULL, NULL };
	struct comparison *comparison = NULL;
	int err = load(options, sessions), code = EXIT_FAILED;

	if (!err) {
		err = comparison_make(sessions[BASE], sessions[NEW], &options->rules, &comparison);
		if (err)
			log_error("the comparison: %s", strerror(-err));
	}
	if (!err)
		err = check_rows(options, comparison);
	if (!err)
		err = show(options, comparison);
	if (!err)
		code = comparison_regressed(comparison) ? EXIT_REGRESSION : EXIT_DONE;
	comparison_free(comparison);
	session_free(sessions[BASE]);
	session_free(sessions[NEW]);
	return code;
}

int command_compare(int argc, char **argv)
{
	struct compare_options options = {
		.rules = { .same_within = SAME_WITHIN_DEFAULT, .fail_above = NAN },
		.format = COMPARE_TABLE,
	};
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
		else if (options.paths[NEW])
			code = compare(&options);
		else
			log_error(
				"compare: which two sessions? Name the base and the new file that `tracebench run -o` saved");
	}
	free(options.paths[BASE]);
	free(options.paths[NEW]);
	return code;
}
