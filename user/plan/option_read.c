/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where options are given: the command line, the environment, the config file. */
#include <argp.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/nearest.h"
#include "base/rights.h"
#include "base/sudo.h"
#include "plan/option.h"

/* Above every letter, so that argp takes the key for a long option's. */
#define LONG_KEY 0x100

static void variable_name(const struct option_spec *spec, char name[static 64])
{
	size_t length = (size_t)snprintf(name, 64, "TRACEBENCH_%s", spec->name);

	for (size_t i = 0; i < length && i < 63; i++)
		name[i] = name[i] == '-' ? '_' : (char)toupper((unsigned char)name[i]);
}

void option_label(const struct option_spec *spec, const struct option_source *source,
		  char label[static OPTION_LABEL_BYTES])
{
	const struct option_spec *given = source->by ? source->by : spec;
	const char *between = source->by ? ": " : "", *brought = source->by ? spec->name : "";
	char variable[64];

	if (source->layer == LAYER_FILE) {
		snprintf(label, OPTION_LABEL_BYTES, "%s:%u: %s%s%s", source->path, source->line,
			 given->name, between, brought);
	} else if (source->layer == LAYER_ENVIRONMENT) {
		variable_name(given, variable);
		snprintf(label, OPTION_LABEL_BYTES, "%s%s%s", variable, between, brought);
	} else {
		snprintf(label, OPTION_LABEL_BYTES, "--%s%s%s", given->name, between, brought);
	}
}

const struct option_spec *option_find(const struct option_reading *reading, const char *name)
{
	for (size_t i = 0; i < reading->n_specs; i++)
		if (!strcmp(reading->specs[i].name, name))
			return &reading->specs[i];
	return NULL;
}

enum option_layer option_layer_of(const struct option_reading *reading, const char *name)
{
	const struct option_spec *spec = option_find(reading, name);

	return spec ? reading->given[spec - reading->specs].layer : LAYER_DEFAULT;
}

static const struct option_spec *find_key(const struct option_reading *reading, int key)
{
	if (key >= LONG_KEY && key < LONG_KEY + (int)reading->n_specs)
		return &reading->specs[key - LONG_KEY];
	for (size_t i = 0; i < reading->n_specs; i++)
		if (key && reading->specs[i].letter == key)
			return &reading->specs[i];
	return NULL;
}

/* A word that is refused was explained by whoever refused it. */
static error_t take_word(struct option_reading *reading, const char *word)
{
	int err;

	if (reading->done)
		return 0;
	if (!reading->take_word)
		return -option_refuse(reading, "'%s' is too much: only options are expected here",
				      word);
	err = reading->take_word(reading->target, word);
	reading->refused |= err == -EINVAL;
	return -err;
}

static error_t take_argument(int key, char *arg, struct argp_state *state)
{
	static const struct option_source arguments = { .layer = LAYER_ARGUMENTS };
	struct option_reading *reading = state->input;
	const struct option_spec *spec = find_key(reading, key);
	int err;

	if (key == ARGP_KEY_ARG)
		return take_word(reading, arg);
	if (!spec)
		return ARGP_ERR_UNKNOWN;
	err = option_set(reading, spec, &arguments, arg);
	if (reading->done)
		state->next = state->argc;
	return -err;
}

int option_read_arguments(struct option_reading *reading, int argc, char **argv)
{
	struct argp_option known[OPTION_SPECS_MAX + 1] = { 0 };
	const struct argp argp = { .options = known, .parser = take_argument };
	const unsigned int silent = ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_NO_EXIT;
	int err;

	if (argc == 2 && !strcmp(argv[1], OPTION_WORDS)) {
		option_print_words(reading);
		reading->done = true;
		return 0;
	}
	for (size_t i = 0; i < reading->n_specs; i++) {
		known[i].name = reading->specs[i].name;
		known[i].key = reading->specs[i].letter ? reading->specs[i].letter :
							  LONG_KEY + (int)i;
		known[i].arg = reading->specs[i].value;
	}
	err = -argp_parse(&argp, argc, argv, silent, NULL, reading);
	if (!err || reading->refused)
		return err;
	if (err == -ENOMEM)
		option_refuse(reading, "out of memory");
	else
		err = option_explain(reading, argc, argv);
	return err;
}

int option_read_environment(struct option_reading *reading)
{
	static const struct option_source environment = { .layer = LAYER_ENVIRONMENT };
	int err = 0;

	for (size_t i = 0; !err && i < reading->n_specs; i++) {
		const char *value;
		char name[64];

		if (!reading->specs[i].value)
			continue;
		variable_name(&reading->specs[i], name);
		value = getenv(name);
		if (value && *value)
			err = option_set(reading, &reading->specs[i], &environment, value);
	}
	return err;
}

static char *path_below(const char *directory, const char *rest)
{
	char *path;

	if (!directory || *directory != '/' || asprintf(&path, "%s%s", directory, rest) < 0)
		return NULL;
	return path;
}

/*
 * As the XDG base directory specification has it, which ignores relative paths. By way of sudo it is
 * the caller's all the same, whose home the environment may name or not.
 */
char *option_file_path(void)
{
	char *callers = sudo_home();
	char *path = callers ? NULL : path_below(getenv("XDG_CONFIG_HOME"), "/tracebench/config");

	if (!path)
		path = path_below(callers ? callers : getenv("HOME"), "/.config/tracebench/config");
	free(callers);
	return path;
}

static char *trim(char *text)
{
	size_t length;

	text += strspn(text, " \t\r\n");
	length = strlen(text);
	while (length && strchr(" \t\r\n", text[length - 1]))
		length--;
	text[length] = '\0';
	return text;
}

/* A comment starts a line or follows a blank: a '#' inside a file name is none. */
static void cut_comment(char *line)
{
	for (char *at = strchr(line, '#'); at; at = strchr(at + 1, '#')) {
		if (at == line || at[-1] == ' ' || at[-1] == '\t') {
			*at = '\0';
			return;
		}
	}
}

static int refuse_name(struct option_reading *reading, const struct option_source *source,
		       const char *name)
{
	const char *known[OPTION_SPECS_MAX], *near;
	size_t n_known = 0;

	for (size_t i = 0; i < reading->n_specs; i++)
		if (reading->specs[i].value)
			known[n_known++] = reading->specs[i].name;
	near = nearest(name, known, n_known);
	if (near)
		return option_refuse(reading, "%s:%u: '%s' is not an option; did you mean '%s'?",
				     source->path, source->line, name, near);
	return option_refuse(reading, "%s:%u: '%s' is not an option (tracebench --help)",
			     source->path, source->line, name);
}

static int read_line(struct option_reading *reading, const struct option_source *source, char *line)
{
	const struct option_spec *spec;
	char *equals;

	cut_comment(line);
	line = trim(line);
	if (!*line)
		return 0;
	equals = strchr(line, '=');
	if (!equals)
		return option_refuse(reading, "%s:%u: '%s' is not of the form 'name = value'",
				     source->path, source->line, line);
	*equals = '\0';
	line = trim(line);
	spec = option_find(reading, line);
	if (!spec)
		return refuse_name(reading, source, line);
	if (!spec->value)
		return option_refuse(reading,
				     "%s:%u: '%s' takes no value: give --%s on the command line",
				     source->path, source->line, line, line);
	return option_set(reading, spec, source, trim(equals + 1));
}

int option_read_file(struct option_reading *reading, const char *path)
{
	struct option_source source = { .layer = LAYER_FILE, .path = path };
	char *line = NULL;
	size_t size = 0;
	FILE *file;
	int err = rights_open(path, &file);

	reading->refused = err < 0;
	if (!file) {
		/* Another user's home, kept by sudo or su, is no reason not to run. */
		if (err > 0 && err != ENOENT && err != ENOTDIR)
			log_warning("%s: %s: its options are not used", path, strerror(err));
		return err < 0 ? err : 0;
	}
	while (!err && getline(&line, &size, file) >= 0) {
		source.line++;
		err = read_line(reading, &source, line);
	}
	if (!err && ferror(file))
		err = option_refuse(reading, "%s: cannot be read: make it a readable text file",
				    path);
	free(line);
	fclose(file);
	return err;
}
