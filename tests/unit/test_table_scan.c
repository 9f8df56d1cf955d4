/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the table shows of a scan, and which results it compares. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check_main.h"
#include "lib/fixture.h"
#include "report/report.h"
#include "session/fields.h"
#include "session/point.h"

#define MS 1000000

static struct session *session;

static void scan(const char *key, const int64_t *values, size_t n_values)
{
	struct plan_record *plan = &session->plan;
	struct scanned *scanned;
	int64_t *member = fields_integer(&plan_record_shape, plan, key);

	plan->scan = realloc(plan->scan, (plan->n_scan + 1) * sizeof(*plan->scan));
	scanned = &plan->scan[plan->n_scan++];
	scanned->key = strdup(key);
	scanned->values = calloc(n_values, sizeof(*values));
	memcpy(scanned->values, values, n_values * sizeof(*values));
	scanned->n_values = n_values;
	if (member)
		*member = NO_INT;
}

/* Gives a result its values of the scan, and a cost. */
static struct result *row(size_t i, int64_t batch, int64_t duration_ms, double ns)
{
	struct result *result = &session->results[i];

	result->batch = batch;
	result->duration_ns = duration_ms * MS;
	result->time.ns_per_op.median = ns;
	return result;
}

/* atomic takes no batch; mutex and pipe have two each, by the names of other rows. */
static void set_up(void)
{
	static const enum fixture_result unused[] = { FIXTURE_NONE, FIXTURE_FAILED,
						      FIXTURE_UNSUPPORTED };
	struct result *other;

	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	session = fixture_session();
	for (size_t i = 0; i < sizeof(unused) / sizeof(*unused); i++)
		row(unused[i], NO_INT, 20, 1)->counter.promises_exact = false;
	row(FIXTURE_SEQUENTIAL, NO_INT, 20, 1);
	row(FIXTURE_ATOMIC, NO_INT, 20, 10);
	row(FIXTURE_MUTEX, 1, 20, 30);
	other = row(FIXTURE_TURN_FUTEX, 64, 20, 3);
	free(other->strategy);
	other->strategy = strdup("mutex-64");
	row(FIXTURE_PIPE, BATCH_ALL, 40, 500);
	scan("batch", (int64_t[]){ 1, 64, VALUE_ALL }, 3);
	scan("duration_ns", (int64_t[]){ 20 * MS, 40 * MS }, 2);
}

static void tear_down(void)
{
	session_free(session);
}

static char *render(unsigned int width)
{
	const struct report_style style = { .width = width, .utf8 = true };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_int_eq(report_table(session, &style, out), 0);
	fclose(out);
	return text;
}

static void has(const char *text, const char *words)
{
	ck_assert_msg(strstr(text, words) != NULL, "no '%s' in:\n%s", words, text);
}

START_TEST(each_point_has_its_best_and_null_is_at_every_one)
{
	char *text = render(200);

	/* Of batch 1 and of all it is atomic; of 64 not. */
	has(text, "\n* atomic ");
	has(text, "\n* mutex-64 ");
	has(text, "\n  mutex ");
	/* 40 ms was raced by nobody else. */
	has(text, "\n* pipe ");
	has(text, "\n  sequential ");
	has(text, "of the rows at a point of the");
	free(text);
}
END_TEST

START_TEST(without_a_scan_there_is_one_best)
{
	char *text;

	session->plan.n_scan = 0;
	text = render(200);
	has(text, "\n* mutex-64 ");
	has(text, "\n  atomic ");
	has(text, "\n  pipe ");
	ck_assert_ptr_null(strstr(text, "point of the"));
	free(text);
	session->plan.n_scan = 2;
}
END_TEST

START_TEST(what_was_scanned_is_in_the_header_as_it_was_asked_for)
{
	char *text;

	scan("read_share", (int64_t[]){ 0, 50 }, 2);
	text = render(200);
	has(text, " · scan batch=1,64,all x duration=20.0ms,40.0ms x read-share=0,50 · seed");
	has(text, " · 10 repeats, interleaved");
	free(text);
}
END_TEST

START_TEST(no_terminal_is_too_narrow_to_tell_rows_apart)
{
	static const unsigned int widths[] = { 60, 80, 100, 200 };

	for (size_t i = 0; i < session->n_results; i++) {
		session->results[i].permits = (int64_t)i + 1;
		session->results[i].message = 8 * (int64_t)i;
		session->results[i].iterations = 1000 * (int64_t)i;
	}
	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++) {
		char *text = render(widths[i]), *head = strstr(text, "STRATEGY");

		ck_assert_ptr_nonnull(head);
		*strchr(head, '\n') = '\0';
		has(head, " BATCH ");
		has(head, " PERMITS ");
		has(head, " BYTES ");
		has(head, " DURATION ");
		has(head, " ITERATIONS ");
		has(head, " NS/OP");
		free(text);
	}
}
END_TEST

START_TEST(labels_below_the_table_name_the_point)
{
	char *text = render(200);

	has(text, "\nmutex-64 threads b=64 d=20.0ms\n");
	has(text, "\npipe threads b=all d=40.0ms ");
	has(text, "\natomic threads d=20.0ms ");
	free(text);
}
END_TEST

START_TEST(a_key_that_this_version_does_not_know_tells_nothing_apart)
{
	char *text;

	scan("moon_phase", (int64_t[]){ 1, 2 }, 2);
	ck_assert(point_is_shared(&session->plan, &session->results[FIXTURE_ATOMIC],
				  &session->results[FIXTURE_MUTEX]));
	ck_assert(!point_is_shared(&session->plan, &session->results[FIXTURE_TURN_FUTEX],
				   &session->results[FIXTURE_MUTEX]));
	text = render(100);
	has(text, "moon-phase=1,2");
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("table of a scan");

	add_fixed(suite, each_point_has_its_best_and_null_is_at_every_one);
	add_fixed(suite, without_a_scan_there_is_one_best);
	add_fixed(suite, what_was_scanned_is_in_the_header_as_it_was_asked_for);
	add_fixed(suite, no_terminal_is_too_narrow_to_tell_rows_apart);
	add_fixed(suite, labels_below_the_table_name_the_point);
	add_fixed(suite, a_key_that_this_version_does_not_know_tells_nothing_apart);
	return run_suite(suite);
}
