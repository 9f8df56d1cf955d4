/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command lines for options_parse(), with an environment and a config file that the test makes. */
#ifndef TRACEBENCH_TESTS_OPTION_LINES_H
#define TRACEBENCH_TESTS_OPTION_LINES_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/check_main.h"
#include "plan/options.h"
#include "unit/capture.h"

static char config_home[] = "/tmp/tracebench-test.XXXXXX";
static char config_file[64];

/* No option comes from outside: what whoever runs the tests has set is not part of them. */
static inline void isolate(void)
{
	for (size_t i = 0; environ[i];) {
		char name[128];

		if (strncmp(environ[i], "TRACEBENCH_", 11) != 0) {
			i++;
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(environ[i], "="), environ[i]);
		unsetenv(name);
	}
	setenv("XDG_CONFIG_HOME", config_home, 1);
	unlink(config_file);
}

static inline void write_config(const char *text)
{
	char folder[64];
	FILE *file;

	snprintf(folder, sizeof(folder), "%s/tracebench", config_home);
	mkdir(folder, 0700);
	file = fopen(config_file, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

/* The words of a command line, without the program's name; '' is an empty one. */
struct line {
	char text[512];
	char *argv[32];
	int argc;
};

static inline void split(const char *words, struct line *line)
{
	char *rest = line->text, *word;

	snprintf(line->text, sizeof(line->text), "%s", words);
	line->argc = 0;
	line->argv[line->argc++] = (char *)"tracebench";
	while ((word = strsep(&rest, " ")))
		if (*word)
			line->argv[line->argc++] = strcmp(word, "''") ? word : (char *)"";
	line->argv[line->argc] = NULL;
}

static inline int parse(const char *words, struct options *options, bool *done, char *said)
{
	static struct line line; /* options->names point into it */
	struct capture capture = capture_start(STDERR_FILENO);
	int err;

	split(words, &line);
	err = options_parse(line.argc, line.argv, options, done);
	capture_end(&capture, said);
	return err;
}

/* Parses what is right; free with options_free(). */
static inline struct options accepted(const char *words)
{
	struct options options;
	char said[CAPTURE_BYTES];
	bool done;
	int err = parse(words, &options, &done, said);

	ck_assert_msg(!err, "'%s' is refused: %s", words, said);
	ck_assert_str_eq(said, "");
	ck_assert(!done);
	return options;
}

/* Exactly this line is printed, and nothing is left to free. */
static inline void refused(const char *words, const char *want)
{
	struct options options;
	char said[CAPTURE_BYTES], line[512];
	bool done;
	int err = parse(words, &options, &done, said);

	snprintf(line, sizeof(line), "tracebench: %s\n", want);
	ck_assert_msg(err == -EINVAL, "'%s' gives %d", words, err);
	ck_assert_str_eq(said, line);
	ck_assert_ptr_null(options.names);
	ck_assert_ptr_null(options.workers);
}

static inline void add_table(Suite *suite, const TTest *test, size_t n)
{
	TCase *rows = tcase_create(test->name);

	tcase_add_loop_test(rows, test, 0, (int)n);
	suite_add_tcase(suite, rows);
}

#define ADD_TABLE(suite, test, table) add_table(suite, test, sizeof(table) / sizeof((table)[0]))

/* What main does before and after the tests: a folder for config files comes and goes. */
static inline int run_option_suite(Suite *suite)
{
	char command[80];
	int failed;

	failed = run_suite(suite);
	snprintf(command, sizeof(command), "rm -rf %s", config_home);
	return system(command) || failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static inline Suite *create_option_suite(const char *name)
{
	if (!mkdtemp(config_home))
		exit(EXIT_FAILURE);
	snprintf(config_file, sizeof(config_file), "%s/tracebench/config", config_home);
	isolate();
	return suite_create(name);
}

#endif
