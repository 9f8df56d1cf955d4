/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several sessions in one. The table is tests/unit/golden/table-fleet-*.txt. */
#include "session/fleet.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check_main.h"
#include "lib/fixture.h"
#include "report/report.h"
#include "session/fields.h"
#include "session/json.h"
#include "unit/drawn.h"

static void rename_to(char **text, const char *name)
{
	free(*text);
	*text = strdup(name);
	ck_assert_ptr_nonnull(*text);
}

/* A session of that host, with its own times. */
static struct session *session_of(const char *hostname, double slower)
{
	struct session *session = fixture_session();

	rename_to(&session->host.hostname, hostname);
	for (size_t i = 0; i < session->n_results; i++)
		session->results[i].time.ns_per_op.median *= slower;
	return session;
}

static void warn_of(struct session *session, int64_t result, const char *kind, const char *text)
{
	size_t n = session->n_warnings;

	session->warnings = realloc(session->warnings, (n + 1) * sizeof(*session->warnings));
	ck_assert_ptr_nonnull(session->warnings);
	session->warnings[n] = (struct warning){
		.kind = strdup(kind),
		.result = result,
		.text = strdup(text),
		.source = NO_INT,
	};
	session->n_warnings++;
}

/* Into `all`; frees `one`. */
static void add(struct session *all, struct session *one)
{
	size_t twin;

	ck_assert_int_eq(fleet_add(all, one, &twin), 0);
	session_free(one);
}

static struct session *merged(struct session *a, struct session *b)
{
	struct session *all = session_new();

	add(all, a);
	add(all, b);
	ck_assert_int_eq(fleet_settle(all), 0);
	return all;
}

START_TEST(results_keep_their_order_and_their_host)
{
	struct session *all = merged(session_of("one", 1), session_of("two", 2));

	ck_assert_uint_eq(all->n_sources, 2);
	ck_assert_uint_eq(all->n_results, 2 * FIXTURE_RESULTS);
	for (size_t i = 0; i < all->n_results; i++) {
		const struct result *result = &all->results[i];

		ck_assert_int_eq(result->source, i >= FIXTURE_RESULTS);
		ck_assert_str_eq(fleet_host(all, result)->hostname,
				 i < FIXTURE_RESULTS ? "one" : "two");
		ck_assert_str_eq(result->strategy, all->results[i % FIXTURE_RESULTS].strategy);
	}
	session_free(all);
}
END_TEST

START_TEST(what_a_result_holds_is_not_touched)
{
	struct session *one = session_of("one", 1), *two = session_of("two", 2), *all;

	two->results[0].counter.expected = INT64_MAX;
	two->results[0].counter.lost = -INT64_MAX;
	two->plan.seed = INT64_MAX;
	all = merged(one, two);
	two = session_of("two", 2);
	two->results[0].counter.expected = INT64_MAX;
	two->results[0].counter.lost = -INT64_MAX;
	for (size_t i = 0; i < FIXTURE_RESULTS; i++) {
		two->results[i].source = 1;
		ck_assert(fields_same(&result_shape, &two->results[i],
				      &all->results[FIXTURE_RESULTS + i]));
	}
	ck_assert_int_eq(all->sources[1].plan.seed, INT64_MAX);
	session_free(two);
	session_free(all);
}
END_TEST

START_TEST(the_order_counts_the_merged_results)
{
	struct session *one = session_of("one", 1), *all;
	int64_t first = one->plan.order[0].result;

	ck_assert_uint_gt(one->plan.n_order, 0);
	all = merged(one, session_of("two", 2));
	ck_assert_int_eq(all->sources[0].plan.order[0].result, first);
	ck_assert_int_eq(all->sources[1].plan.order[0].result, first + FIXTURE_RESULTS);
	ck_assert_uint_eq(all->plan.n_order, 0);
	session_free(all);
}
END_TEST

START_TEST(the_session_says_what_its_sources_agree_on)
{
	struct session *one = session_of("one", 1), *two = session_of("two", 2), *all;

	rename_to(&one->started, "2026-01-02T00:00:00Z");
	rename_to(&two->started, "2026-01-01T00:00:00Z");
	two->complete = false;
	one->complete = true;
	two->plan.repeats = 99;
	all = merged(one, two);
	ck_assert_ptr_null(all->host.hostname);
	ck_assert_str_eq(all->host.arch, all->sources[0].host.arch);
	ck_assert_int_eq(all->plan.repeats, NO_INT);
	ck_assert_int_eq(all->plan.duration_ns, all->sources[0].plan.duration_ns);
	ck_assert_str_eq(all->started, "2026-01-01T00:00:00Z");
	ck_assert(!all->complete);
	ck_assert(all->sources[0].complete && !all->sources[1].complete);
	session_free(all);
}
END_TEST

START_TEST(plans_that_differ_are_named)
{
	struct session *two = session_of("two", 2), *all;
	char text[256];

	two->plan.seed++;
	all = merged(session_of("one", 1), two);
	ck_assert_uint_eq(fleet_plan_differences(all, text, sizeof(text)), 0);
	ck_assert_str_eq(text, "");
	all->sources[1].plan.repeats++;
	all->sources[1].plan.duration_ns++;
	ck_assert_uint_eq(fleet_plan_differences(all, text, sizeof(text)), strlen(text));
	ck_assert_str_eq(text, "duration_ns, repeats");
	ck_assert_uint_eq(fleet_plan_differences(all, text, 8), 7);
	ck_assert_str_eq(text, "duratio");
	session_free(all);
}
END_TEST

/* What is refused has changed nothing. */
static void refused(struct session *all, struct session *one, size_t want)
{
	size_t twin = 99, n_results = one->n_results, n_all = all->n_results;

	ck_assert_int_eq(fleet_add(all, one, &twin), -EEXIST);
	ck_assert_uint_eq(twin, want);
	ck_assert_uint_eq(one->n_results, n_results);
	ck_assert_uint_eq(all->n_results, n_all);
	session_free(one);
}

START_TEST(the_same_session_is_refused)
{
	struct session *all = session_new(), *other;

	add(all, session_of("one", 1));
	add(all, session_of("two", 1));
	refused(all, session_of("two", 1), 1);
	refused(all, session_of("one", 1), 0);
	/* Also in a merged one, and when a single sample tells it apart it is none. */
	refused(all, merged(session_of("three", 1), session_of("one", 1)), 0);
	other = session_of("two", 1);
	other->results[1].time.ns_per_op.samples[2] += 0.25;
	add(all, other);
	ck_assert_uint_eq(all->n_sources, 3);
	session_free(all);
}
END_TEST

static char *written(const struct session *session)
{
	size_t length;
	char *text;
	FILE *file = open_memstream(&text, &length);

	ck_assert_int_eq(session_write_json(session, file), 0);
	fclose(file);
	return text;
}

static struct session *read_text(char *text)
{
	FILE *file = fmemopen(text, strlen(text), "r");
	struct session *session;

	ck_assert_int_eq(session_read_json("x.json", file, &session), 0);
	fclose(file);
	return session;
}

START_TEST(merging_is_associative)
{
	struct session *left, *right;
	char *a, *b;

	left = merged(merged(session_of("one", 1), session_of("two", 2)), session_of("three", 3));
	right = merged(session_of("one", 1), merged(session_of("two", 2), session_of("three", 3)));
	a = written(left);
	b = written(right);
	ck_assert_str_eq(a, b);
	free(a);
	free(b);
	session_free(left);
	session_free(right);
}
END_TEST

START_TEST(a_merged_session_survives)
{
	struct session *one = session_of("one", 1), *all, *again;
	char *text;

	warn_of(one, FIXTURE_MUTEX, "few", "too few");
	warn_of(one, NO_INT, "clock", "coarse");
	all = merged(session_of("two", 2), one);
	ck_assert_int_eq(all->warnings[0].result, FIXTURE_RESULTS + FIXTURE_MUTEX);
	ck_assert_int_eq(all->warnings[1].result, NO_INT);
	ck_assert_int_eq(all->warnings[1].source, 1);
	text = written(all);
	again = read_text(text);
	ck_assert(fields_same(&session_shape, all, again));
	free(text);
	session_free(all);
	session_free(again);
}
END_TEST

START_TEST(a_session_that_was_not_merged_has_no_word_of_it)
{
	struct session *session = fixture_session();
	char *text = written(session);

	ck_assert_ptr_null(strstr(text, "\"sources\""));
	ck_assert_ptr_null(strstr(text, "\"source\": 0"));
	free(text);
	session_free(session);
}
END_TEST

/* ---- The table ---- */

static void draws(const struct session *session, const char *name)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	matches_golden(name, drawn(report_table, session, 100, false, true));
}

START_TEST(hosts_have_a_column_and_a_line_each)
{
	struct session *one = session_of("node1", 1), *two = session_of("node2", 1.5);
	struct session *three = session_of("node3", 0.75), *all;

	rename_to(&two->host.kernel, "6.12.9");
	warn_of(one, FIXTURE_MUTEX, "overlap", "workers raced alone: race longer");
	warn_of(one, NO_INT, "clock", "the clock is coarse");
	warn_of(three, FIXTURE_MUTEX, "overlap", "the same of another");
	warn_of(three, NO_INT, "clock", "the same of another");
	three->complete = false;
	all = merged(merged(one, two), three);
	draws(all, "fleet-100");
	session_free(all);
}
END_TEST

START_TEST(days_of_one_host_have_a_column_of_theirs)
{
	struct session *monday = session_of("node", 1), *tuesday = session_of("node", 1.5), *all;

	rename_to(&monday->started, "2026-01-05T00:00:00Z");
	rename_to(&tuesday->started, "2026-01-06T00:00:00Z");
	tuesday->plan.repeats = 20;
	all = merged(monday, tuesday);
	draws(all, "fleet-days-100");
	session_free(all);
}
END_TEST

/* Each of them: what is drawn below the first table has labels as well. */
START_TEST(every_view_tells_hosts_apart)
{
	static int (*const views[])(const struct session *session, const struct report_style *style,
				    FILE *out) = { report_latency, report_workers, report_kernel,
						   report_locks, report_budget };
	struct session *all = merged(session_of("node1", 1), session_of("node2", 2));

	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		char *text = drawn(views[i], all, 120, false, true);

		ck_assert_msg(strstr(text, " HOST "), "view %zu:\n%.2000s", i, text);
		ck_assert_msg(strstr(text, "node1 ") && strstr(text, "node2 "), "view %zu", i);
		free(text);
	}
	session_free(all);
}
END_TEST

START_TEST(a_long_hostname_does_not_push_the_numbers_out)
{
	char name[400];
	struct session *all;
	char *text;

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	all = merged(session_of(name, 1), session_of("node2", 2));
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	text = drawn(report_table, all, 100, false, true);
	ck_assert_ptr_nonnull(strstr(text, " xxxxxxxxxxxxxxxxxxxxxxxx… "));
	ck_assert_ptr_nonnull(strstr(text, "WHERE TIME WENT"));
	free(text);
	session_free(all);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fleet");

	add_test(suite, results_keep_their_order_and_their_host);
	add_test(suite, what_a_result_holds_is_not_touched);
	add_test(suite, the_order_counts_the_merged_results);
	add_test(suite, the_session_says_what_its_sources_agree_on);
	add_test(suite, plans_that_differ_are_named);
	add_test(suite, the_same_session_is_refused);
	add_test(suite, merging_is_associative);
	add_test(suite, a_merged_session_survives);
	add_test(suite, a_session_that_was_not_merged_has_no_word_of_it);
	add_test(suite, hosts_have_a_column_and_a_line_each);
	add_test(suite, days_of_one_host_have_a_column_of_theirs);
	add_test(suite, every_view_tells_hosts_apart);
	add_test(suite, a_long_hostname_does_not_push_the_numbers_out);
	return run_suite(suite);
}
