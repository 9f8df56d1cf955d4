/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where options come from besides the command line, which wins, and what is answered at once. */
#include "strategy/strategy.h"
#include "unit/option_lines.h"

#define MS 1000000ULL

static const struct {
	const char *variable;
	const char *bad;
	const char *line;
} variables[] = {
	{ "TRACEBENCH_PRESET", "x", "'x' is not one of seed, quick, full" },
	{ "TRACEBENCH_WORKERS", "0", "'0' is not a count from 1 to 1024" },
	{ "TRACEBENCH_MODE", "x", "'x' is not one of threads, processes, both" },
	{ "TRACEBENCH_BATCH", "x", "'x' is not a count from 1 to 1G, or 'all'" },
	{ "TRACEBENCH_PIN", "x",
	  "'x' is not one of spread, pack, smt, l3, none, nor a list of CPUs such as 0,2-3" },
	{ "TRACEBENCH_DURATION", "x", "'x' is not a time from 1ms to 3600s (units: ns us ms s)" },
	{ "TRACEBENCH_ITERATIONS", "x", "'x' is not a count from 1 to 1000G" },
	{ "TRACEBENCH_REPEATS", "x", "'x' is not a count from 1 to 10000" },
	{ "TRACEBENCH_WARMUP", "x", "'x' is not a count from 0 to 1000" },
	{ "TRACEBENCH_TIMEOUT", "x", "'x' is not a time from 1ms to 86400s (units: ns us ms s)" },
	{ "TRACEBENCH_SEED", "x", "'x' is not a count from 0 to 9223372036854775807" },
	{ "TRACEBENCH_TRACE", "x", "'x' is not one of auto, require, off" },
	{ "TRACEBENCH_FORMAT", "x", "'x' is not one of table, plain, json, ndjson, csv, markdown" },
};

START_TEST(every_valued_option_is_read_from_the_environment)
{
	char line[256];

	isolate();
	setenv(variables[_i].variable, variables[_i].bad, 1);
	snprintf(line, sizeof(line), "%s: %s", variables[_i].variable, variables[_i].line);
	refused("", line);
	unsetenv(variables[_i].variable);
}
END_TEST

START_TEST(arguments_win_over_the_environment_and_that_over_the_file)
{
	struct options options;

	isolate();
	write_config("repeats = 2\nwarmup = 2\nseed = 2\noutput = file\n");
	setenv("TRACEBENCH_REPEATS", "3", 1);
	setenv("TRACEBENCH_WARMUP", "3", 1);
	setenv("TRACEBENCH_OUTPUT", "variable", 1);
	setenv("TRACEBENCH_TRACE", "", 1);
	options = accepted("--repeats=4");
	ck_assert_uint_eq(options.repeats, 4);
	ck_assert_uint_eq(options.warmup, 3);
	ck_assert_uint_eq(options.seed, 2);
	ck_assert_str_eq(options.output, "variable");
	ck_assert_int_eq(options.trace, TRACE_AUTO);
	options_free(&options);
	isolate();
}
END_TEST

START_TEST(a_contradiction_across_layers_is_settled_by_the_higher)
{
	struct options options;

	isolate();
	write_config("duration = 2s\n");
	options = accepted("-n 5");
	ck_assert_uint_eq(options.iterations, 5);
	ck_assert_uint_eq(options.duration_ns, OPTION_UNSET);
	options_free(&options);

	options = accepted("-b all");
	ck_assert_uint_eq(options.iterations, 10000000);
	ck_assert_uint_eq(options.duration_ns, OPTION_UNSET);
	options_free(&options);

	write_config("batch = all\niterations = 7\n");
	options = accepted("-d 2s");
	ck_assert_uint_eq(options.load.batch, 1);
	ck_assert_uint_eq(options.iterations, OPTION_UNSET);
	ck_assert_uint_eq(options.duration_ns, 2000 * MS);
	options_free(&options);

	options = accepted("--read-share=50");
	ck_assert_uint_eq(options.load.batch, 1);
	ck_assert_uint_eq(options.load.read_share, 50);
	options_free(&options);

	write_config("trace = off\n");
	options = accepted("--timeline=t.cap");
	ck_assert_int_eq(options.trace, TRACE_AUTO);
	options_free(&options);

	write_config("timeline = t.cap\n");
	options = accepted("--trace=off");
	ck_assert_ptr_null(options.timeline);
	options_free(&options);

	write_config("read-share = 50\n");
	options = accepted("-b all");
	ck_assert_uint_eq(options.load.batch, RACE_BATCH_ALL);
	ck_assert_uint_eq(options.load.read_share, 0);
	options_free(&options);
	isolate();
}
END_TEST

START_TEST(a_contradiction_names_its_layer)
{
	char line[512];

	isolate();
	write_config("\nduration = 2s\niterations = 7\n");
	snprintf(line, sizeof(line), "%s:2: duration: %s", config_file,
		 "contradicts --iterations: a race ends by time or by work done, give one of them");
	refused("", line);
	isolate();
	setenv("TRACEBENCH_DURATION", "1s", 1);
	setenv("TRACEBENCH_ITERATIONS", "1", 1);
	refused("", "TRACEBENCH_DURATION: contradicts --iterations: a race ends by time or by work "
		    "done, give one of them");
	isolate();
}
END_TEST

START_TEST(a_config_file_is_names_and_values)
{
	struct options options;

	isolate();
	write_config("# how I like it\n"
		     "\n"
		     "  workers=2,4   # both\n"
		     "\tpin = 0,1\n"
		     "output = /tmp/a#b\r\n"
		     "repeats = 5\n"
		     "repeats = 6");
	options = accepted("");
	ck_assert_uint_eq(options.n_workers, 2);
	ck_assert_str_eq(options.pin, "0,1");
	ck_assert_str_eq(options.output, "/tmp/a#b");
	ck_assert_uint_eq(options.repeats, 6);
	options_free(&options);
	isolate();
}
END_TEST

static const struct {
	const char *text;
	const char *line; /* behind the file's name */
} config_mistakes[] = {
	{ "workers = 0\n", "1: workers: '0' is not a count from 1 to 1024" },
	{ "#\n\nmode = x\n", "3: mode: 'x' is not one of threads, processes, both" },
	{ "workers 4\n", "1: 'workers 4' is not of the form 'name = value'" },
	{ "wrokers = 4\n", "1: 'wrokers' is not an option; did you mean 'workers'?" },
	{ "colour = 4\n", "1: 'colour' is not an option (tracebench --help)" },
	{ "rep = 4\n", "1: 'rep' is not an option (tracebench --help)" },
	{ "force = yes\n", "1: 'force' takes no value: give --force on the command line" },
	{ "= 4\n", "1: '' is not an option (tracebench --help)" },
};

START_TEST(a_mistake_in_the_config_file_names_its_line)
{
	char line[512];

	isolate();
	write_config(config_mistakes[_i].text);
	snprintf(line, sizeof(line), "%s:%s", config_file, config_mistakes[_i].line);
	refused("", line);
	isolate();
}
END_TEST

START_TEST(without_xdg_the_config_file_is_in_the_home)
{
	char folder[80], path[96];
	struct options options;
	FILE *file;

	isolate();
	snprintf(folder, sizeof(folder), "%s/.config", config_home);
	mkdir(folder, 0700);
	snprintf(folder, sizeof(folder), "%s/.config/tracebench", config_home);
	mkdir(folder, 0700);
	snprintf(path, sizeof(path), "%s/config", folder);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs("repeats = 77\n", file);
	fclose(file);
	/* A relative path is to be ignored. */
	setenv("XDG_CONFIG_HOME", "relative", 1);
	setenv("HOME", config_home, 1);
	options = accepted("");
	ck_assert_uint_eq(options.repeats, 77);
	options_free(&options);
	unlink(path);
	isolate();
}
END_TEST

START_TEST(a_config_file_that_cannot_be_read_is_a_warning)
{
	char said[CAPTURE_BYTES], line[256];
	struct options options;
	bool done;

	isolate();
	/* A directory: even root cannot read it like a file, and cannot but open it. */
	setenv("XDG_CONFIG_HOME", "/proc/self/root/dev/null", 1);
	ck_assert_int_eq(parse("", &options, &done, said), 0);
	ck_assert_str_eq(said, "");
	options_free(&options);

	isolate();
	write_config("");
	unlink(config_file);
	ck_assert_int_eq(symlink(config_file, config_file), 0);
	snprintf(line, sizeof(line),
		 "tracebench: warning: %s: Too many levels of symbolic links: "
		 "its options are not used\n",
		 config_file);
	ck_assert_int_eq(parse("", &options, &done, said), 0);
	ck_assert_str_eq(said, line);
	options_free(&options);
	isolate();
}
END_TEST

static void answered(const char *words, char said[static CAPTURE_BYTES])
{
	struct capture capture = capture_start(STDOUT_FILENO);
	char errors[CAPTURE_BYTES];
	struct options options;
	bool done = false;
	int err = parse(words, &options, &done, errors);

	capture_end(&capture, said);
	ck_assert_int_eq(err, 0);
	ck_assert(done);
	ck_assert_str_eq(errors, "");
	options_free(&options);
}

START_TEST(help_shows_examples_before_options_in_100_columns)
{
	char said[CAPTURE_BYTES], *rest = said, *line;

	answered("--help", said);
	ck_assert_ptr_eq(strstr(said, "Usage: tracebench"), said);
	ck_assert_ptr_nonnull(strstr(said, "\nExamples:\n"));
	ck_assert(strstr(said, "\nExamples:\n") < strstr(said, "--workers="));
	ck_assert_ptr_nonnull(strstr(said, "\n  list "));
	ck_assert_ptr_nonnull(strstr(said, "\n  doctor "));
	ck_assert_ptr_nonnull(strstr(said, "\n  report "));
	ck_assert_ptr_nonnull(strstr(said, "-V, --version"));
	while ((line = strsep(&rest, "\n")))
		ck_assert_msg(strlen(line) < 100, "too wide: %s", line);
}
END_TEST

START_TEST(help_and_version_are_answered_whatever_else_is_wrong)
{
	char said[CAPTURE_BYTES];

	isolate();
	write_config("rubbish\n");
	setenv("TRACEBENCH_WORKERS", "0", 1);
	answered("mutex -h --foo", said);
	ck_assert_ptr_nonnull(strstr(said, "Examples:"));
	answered("-V", said);
	ck_assert_ptr_eq(strstr(said, "tracebench 0.1.0"), said);
	isolate();
}
END_TEST

int main(void)
{
	Suite *suite = create_option_suite("option layers");

	ADD_TABLE(suite, every_valued_option_is_read_from_the_environment, variables);
	add_test(suite, arguments_win_over_the_environment_and_that_over_the_file);
	add_test(suite, a_contradiction_across_layers_is_settled_by_the_higher);
	add_test(suite, a_contradiction_names_its_layer);
	add_test(suite, a_config_file_is_names_and_values);
	ADD_TABLE(suite, a_mistake_in_the_config_file_names_its_line, config_mistakes);
	add_test(suite, without_xdg_the_config_file_is_in_the_home);
	add_test(suite, a_config_file_that_cannot_be_read_is_a_warning);
	add_test(suite, help_shows_examples_before_options_in_100_columns);
	add_test(suite, help_and_version_are_answered_whatever_else_is_wrong);
	return run_option_suite(suite);
}
