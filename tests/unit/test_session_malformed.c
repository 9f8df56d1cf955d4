/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is no session is refused, with one line that says where and why. */
#include "session/json.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "lib/capture.h"
#include "lib/check_main.h"
#include "lib/contract.h"

static char said[4096]; /* on stderr by the last read */

static int read_file(const char *name, FILE *file, struct session **session)
{
	struct capture capture = capture_start();
	int err = session_read_json(name, file, session);

	capture_end(&capture, said, sizeof(said));
	return err;
}

static int read_bytes(const char *text, size_t size, struct session **session)
{
	FILE *file = tmpfile();
	int err;

	fwrite(text, 1, size, file);
	rewind(file);
	err = read_file("x.json", file, session);
	fclose(file);
	return err;
}

static void refused_bytes(const char *text, size_t size, const char *start)
{
	struct session *session;

	ck_assert_int_eq(read_bytes(text, size, &session), -EINVAL);
	ck_assert_ptr_null(session);
	assert_one_line(said, start);
}

static void refused(const char *text, const char *start)
{
	refused_bytes(text, strlen(text), start);
}

static void refused_tree(const json_t *tree, const char *start)
{
	char *text = json_dumps(tree, JSON_COMPACT);

	refused(text, start);
	free(text);
}

/* The contract's session with `json` at a path: which is said to be what was found there. */
static void refused_at(const char *path, const char *json, const char *expected)
{
	json_t *tree = contract(), *value = json_loads(json, JSON_DECODE_ANY, NULL);
	char start[256];

	snprintf(start, sizeof(start), "tracebench: x.json:1: %s: found %s, expected %s\n", path,
		 json, expected);
	ck_assert_ptr_nonnull(value);
	put(tree, path, value);
	refused_tree(tree, start);
	json_decref(tree);
}

/* Keys of what is not measured yet. `lost.stacks` is a count of its own. */
static bool is_later(const char *path, const char *key)
{
	static const char *const later[] = { "latency_ns", "stacks", "wake_edges", "preempted_by" };

	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		if (strcmp(key, later[i]) == 0)
			return !strstr(path, ".lost");
	return false;
}

static void refused_with(const json_t *tree, const char *path, json_t *value, const char *start)
{
	json_t *copy = json_deep_copy(tree);

	put(copy, path, value);
	refused_tree(copy, start);
	json_decref(copy);
}

/* May be left out (session/fields.h). */
static bool is_spared(const char *key)
{
	return !strcmp(key, "start") || !strcmp(key, "source") || !strcmp(key, "sources");
}

/* Breaks every member of every object in `at`, one at a time; `at` is in `tree`, at `path`. */
static void break_each(json_t *tree, json_t *at, const char *path)
{
	const char *key;
	json_t *value;
	char here[256], start[512];

	for (size_t i = 0; i < json_array_size(at); i++) {
		snprintf(here, sizeof(here), "%s[%zu]", path, i);
		break_each(tree, json_array_get(at, i), here);
	}
	json_object_foreach(at, key, value) {
		bool list = json_is_array(value) && strcmp(key, "ci95") != 0;

		snprintf(here, sizeof(here), "%s%s%s", path, *path ? "." : "", key);
		if (is_later(path, key) || strcmp(key, "schema") == 0)
			continue;
		break_each(tree, value, here);
		/* A list whose element is a list of one, which is right nowhere. */
		snprintf(start, sizeof(start),
			 "tracebench: x.json:1: %s%s: found a list, expected ", here,
			 list ? "[0]" : "");
		refused_with(tree, here, json_pack("[[]]"), start);
		if (is_spared(key))
			continue;
		snprintf(start, sizeof(start), "tracebench: x.json:1: %s: missing, expected ",
			 here);
		refused_with(tree, here, NULL, start);
	}
}

START_TEST(every_member_must_be_there_and_of_its_type)
{
	json_t *tree = contract();

	break_each(tree, tree, "");
	json_decref(tree);
}
END_TEST

START_TEST(what_is_out_of_range_is_named)
{
	refused_at("results[0].counter.expected", "-1", "a count or null");
	refused_at("results[0].kernel.sleeps.lost.order", "-7", "a count or null");
	refused_at("results[0].workers", "2.0", "a count or null");
	refused_at("results[0].workers", "\"2\"", "a count or null");
	refused_at("results[0].placement[1]", "true", "a count or null");
	refused_at("plan.workers[0]", "1.5", "a count or null");
	refused_at("results[0].time.ns_per_op.median", "\"fast\"", "a number or null");
	refused_at("results[0].time.wall_ns.samples[0]", "false", "a number or null");
	refused_at("results[0].strategy", "null", "a string");
	refused_at("plan.strategies[0]", "null", "a string");
	refused_at("results[0].reason", "12", "a string or null");
	refused_at("complete", "1", "true or false");
	refused_at("tracing.status", "\"maybe\"", "one of on, off, unavailable");
	refused_at("results[0].status", "null", "one of ok, unsupported, failed, timed_out");
	refused_at(
		"plan.order[0].level", "\"naps\"",
		"one of warmup, untraced, sleeps, calls, latency, wakers, counters, timeline, stacks");
	refused_at("plan.order[0].result", "1", "the position of one of the results, from 0");
	refused_at("plan.order[0].result", "null", "the position of one of the results, from 0");
	refused_at("results[0].kernel", "\"\\u001B[2J\"", "an object or null");
	refused_at("results[0].kernel.sleeps", "0", "an object or null");
	refused_at("host", "null", "an object");
	refused_at("results", "null", "a list");
	refused_at("results[0].family", "1234567890123456789", "a string");
	refused_at("results[0].batch", "0", "a count from 1, \"all\" or null");
	refused_at("plan.scan[0].values[0]", "\"some\"", "a count from 0 or \"all\"");
	refused_at("plan.scan[0].values[0]", "null", "a count from 0 or \"all\"");
	refused_at("plan.scan[0].values[0]", "-1", "a count from 0 or \"all\"");
	refused_at("plan.batch", "\"some\"", "a count from 1, \"all\" or null");
	refused_at("results[0].counter.lost", "-9223372036854775808",
		   "an integer of 63 bits or null");
}
END_TEST

static void refused_list_at(const char *path, const char *json, const char *expected)
{
	json_t *tree = contract();
	char start[256];

	snprintf(start, sizeof(start), "tracebench: x.json:1: %s: found a list, expected %s\n",
		 path, expected);
	put(tree, path, json_loads(json, 0, NULL));
	refused_tree(tree, start);
	json_decref(tree);
}

START_TEST(intervals_and_bins_must_be_well_formed)
{
	static const char *const pairs[] = { "[]",     "[1]",	    "[1, 2, 3]",
					     "[2, 1]", "[null, 1]", "[1, \"2\"]" };
	static const char *const bins[] = {
		"[]",		"[0, 256]",	"[0, 256, 1, 1]", "[256, 256, 1]", "[-1, 5, 1]",
		"[0, 256, -1]", "[null, 5, 1]", "[0, 5.0, 1]",	  "[0, 5, null]"
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		refused_list_at("results[0].time.ns_per_op.ci95", pairs[i], "[low, high] or null");
	for (size_t i = 0; i < sizeof(bins) / sizeof(bins[0]); i++)
		refused_list_at("results[0].kernel.sleeps.off_cpu_ns.histogram[0]", bins[i],
				"[low, higher or null, count]");
}
END_TEST

/* The line in which the only such word stands. */
static size_t line_of(const char *text, const char *word)
{
	const char *at = strstr(text, word);
	size_t line = 1;

	ck_assert_ptr_nonnull(at);
	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

static void refused_in_its_line(const char *path)
{
	json_t *tree = contract();
	char start[256], *text;

	/* What looks like the path in a string, and a key before it that is longer. */
	put(tree, "results[0].verdict", json_string("\"plan\": {\"seed\": [1]}, ]}\\"));
	put(tree, "host.seeds", json_pack("{s:i, s:[{}]}", "plan", 1, "results"));
	put(tree, path, json_string("wrong here"));
	text = json_dumps(tree, JSON_INDENT(3));
	snprintf(start, sizeof(start), "tracebench: x.json:%zu: %s: found \"wrong here\", ",
		 line_of(text, "wrong here"), path);
	refused(text, start);
	free(text);
	json_decref(tree);
}

START_TEST(an_error_names_the_line_of_the_value)
{
	refused_in_its_line("complete");
	refused_in_its_line("plan.seed");
	refused_in_its_line("plan.order[0].level");
	refused_in_its_line("results[0].latency_ns.histogram[1]");
	refused_in_its_line("results[0].time.ns_per_op.ci95");
	refused_in_its_line("results[0].kernel.calls.reconciled.checks[0].tasks");
	refused_in_its_line("results[0].figures[0].value");
	refused_in_its_line("warnings[0].figures");
}
END_TEST

START_TEST(what_is_missing_is_missed_in_the_line_where_its_object_begins)
{
	refused("{\n\"schema\": \"tracebench.session/1\",\n\n\"complete\": true, \"tool\":\n"
		"  {\"name\": \"t\",\n \"version\": null}\n}",
		"tracebench: x.json:5: tool.revision: missing, expected ");
	refused("\n\n{\"schema\": \"tracebench.session/1\"\n}",
		"tracebench: x.json:3: complete: missing, expected true or false\n");
}
END_TEST

START_TEST(a_key_may_be_written_with_escapes)
{
	refused("{\"\\u0073chema\": \"tracebench.session/1\", \"c\\\"omplete\": [{\"complete\": 3}],\n"
		"\"c\\u006fmplete\": 7}",
		"tracebench: x.json:2: complete: found 7, expected true or false\n");
}
END_TEST

START_TEST(another_schema_is_an_error_of_its_own)
{
	static const char none[] = "tracebench: x.json: is not a tracebench session\n";

	refused("{}", none);
	refused("[]", none);
	refused("{\"schema\": 1}", none);
	refused("{\"schema\": \"tracebench\"}", none);
	refused("{\"schema\": \"tracebench.session/\"}", none);
	refused("{\"schema\": \"tracebench.session/1x\"}", none);
	refused("{\"schema\": \"tracebench.session/1111111111\"}", none);
	refused("{\"schema\": \"somebody.else/1\"}", none);
	refused("{\"schema\": \"tracebench.session/2\"}",
		"tracebench: x.json: is a session of version 2, this tracebench reads 1\n");
}
END_TEST

START_TEST(a_syntax_error_has_line_and_column)
{
	refused("", "tracebench: x.json:1:0: ");
	refused("{\"schema\":\n  \"a\",,}", "tracebench: x.json:2:7: ");
	refused("{\"a\": 1, \"a\": 2}", "tracebench: x.json:1:12: duplicate object key");
	refused("{\"a\": \"\xff\"}", "tracebench: x.json:1:");
	refused("{\"a\": \"\\u0000\"}", "tracebench: x.json:1:");
	refused("{\"a\": 1e999}", "tracebench: x.json:1:");
	refused("{} x", "tracebench: x.json:1:");
	refused("{\"a\": 9223372036854775808}", "tracebench: x.json:1:");
	refused("not json", "tracebench: x.json:1:");
	refused_bytes("{\"a\0\": 1}", 9, "tracebench: x.json:1:");
	refused("{\x1b[2J", "tracebench: x.json:1:");
	ck_assert_ptr_null(strchr(said, '\x1b'));
}
END_TEST

START_TEST(a_file_cut_short_anywhere_is_refused)
{
	json_t *tree = contract();
	char *text = json_dumps(tree, JSON_COMPACT);
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++)
		refused_bytes(text, i, "tracebench: x.json:1:");
	free(text);
	json_decref(tree);
}
END_TEST

START_TEST(deep_nesting_is_refused)
{
	static char deep[1000001];

	memset(deep, '[', sizeof(deep) - 1);
	refused(deep, "tracebench: x.json:1:");
	for (size_t i = 0; i + 5 < sizeof(deep); i += 5)
		memcpy(deep + i, "{\"a\":", 5);
	refused(deep, "tracebench: x.json:1:");
}
END_TEST

static ssize_t give_blanks(void *cookie, char *buffer, size_t size)
{
	(void)cookie;
	memset(buffer, ' ', size);
	return (ssize_t)size;
}

START_TEST(an_endless_file_is_refused)
{
	FILE *file = fopencookie(NULL, "r", (cookie_io_functions_t){ .read = give_blanks });
	struct session *session;

	ck_assert_int_eq(read_file("x.json", file, &session), -EFBIG);
	assert_one_line(said, "tracebench: x.json: is longer than 256 MiB");
	fclose(file);
}
END_TEST

START_TEST(a_failed_read_is_not_a_syntax_error)
{
	FILE *file = fopen("/", "r");
	struct session *session;

	ck_assert_int_eq(read_file("/", file, &session), -EISDIR);
	assert_one_line(said, "tracebench: /: cannot be read: Is a directory\n");
	fclose(file);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("malformed sessions");

	add_test(suite, every_member_must_be_there_and_of_its_type);
	add_test(suite, what_is_out_of_range_is_named);
	add_test(suite, intervals_and_bins_must_be_well_formed);
	add_test(suite, an_error_names_the_line_of_the_value);
	add_test(suite, what_is_missing_is_missed_in_the_line_where_its_object_begins);
	add_test(suite, a_key_may_be_written_with_escapes);
	add_test(suite, another_schema_is_an_error_of_its_own);
	add_test(suite, a_syntax_error_has_line_and_column);
	add_test(suite, a_file_cut_short_anywhere_is_refused);
	add_test(suite, deep_nesting_is_refused);
	add_test(suite, an_endless_file_is_refused);
	add_test(suite, a_failed_read_is_not_a_syntax_error);
	return run_suite(suite);
}
