/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a comparison looks like, against tests/unit/golden/table-compared-*.txt (see drawn.h). */
#include "report/compared.h"

#include <errno.h>
#include <jansson.h>
#include <locale.h>
#include <math.h>

#include "lib/check_main.h"
#include "lib/fixture.h"
#include "session/comparison.h"
#include "unit/drawn.h"

static struct session *base, *now;
static struct comparison *comparison;

static void scale(enum fixture_result which, double factor)
{
	struct estimate *time = &now->results[which].time.ns_per_op;

	for (size_t i = 0; i < time->n_samples; i++)
		time->samples[i] *= factor;
}

/* One of each: slower for a reason and without one, faster, too few, undecided, alone, different. */
static void change(void)
{
	struct sleeps *sleeps = now->results[FIXTURE_TURN_FUTEX].kernel->sleeps;

	scale(FIXTURE_TURN_FUTEX, 2);
	sleeps->switches.voluntary *= 2;
	sleeps->budget.blocked.futex += sleeps->budget.wall;
	sleeps->budget.wall *= 2;
	scale(FIXTURE_ATOMIC, 12.5);
	scale(FIXTURE_SEQUENTIAL, 0.7);
	now->results[FIXTURE_NONE].time.ns_per_op.n_samples = 4;
	replace(&now->results[FIXTURE_PIPE].strategy, "pipe|*\033[31m<b>");
	replace(&now->host.kernel, "6.99.0");
	now->plan.critical_ns = 200;
}

static void compare(double fail_above)
{
	const struct comparison_rules rules = { .same_within = 0.02, .fail_above = fail_above };

	comparison_free(comparison);
	ck_assert_int_eq(comparison_make(base, now, &rules, &comparison), 0);
}

static void set_up(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	base = fixture_session();
	now = fixture_session();
	change();
	compare(0.05);
}

static void tear_down(void)
{
	comparison_free(comparison);
	session_free(base);
	session_free(now);
}

static char *table(unsigned int width, bool color, bool utf8)
{
	const struct report_style style = { .width = width, .color = color, .utf8 = utf8 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(report_compared_table(comparison, &style, out), 0);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

static char *written(int (*writer)(const struct comparison *comparison, FILE *out))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(writer(comparison, out), 0);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

START_TEST(it_looks_as_it_did)
{
	matches_golden("compared-80", table(80, false, true));
	matches_golden("compared-100", table(100, false, true));
	matches_golden("compared-100-ascii", table(100, false, false));
	matches_golden("compared-100-color", table(100, true, true));
	matches_golden("compared-markdown", written(report_compared_markdown));
	matches_golden("compared-json", written(report_compared_json));
}
END_TEST

START_TEST(no_line_is_wider_than_the_terminal)
{
	static const unsigned int widths[] = { 20, 60, 72, 80, 100, 160 };

	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		for (int how = 0; how < 4; how++) {
			char *text = table(widths[i], how & 1, how & 2);

			fits(text, widths[i] < 60 ? 60 : widths[i]);
			free(text);
		}
	}
}
END_TEST

/* What is red is called slower, and what fails has a mark. */
START_TEST(colour_is_never_alone)
{
	char *text = table(100, false, false);

	has(text, "slower !");
	has(text, "faster");
	has(text, "too few repeats");
	has(text, "! certainly more than 5% slower");
	for (const char *c = text; *c; c++)
		ck_assert_int_lt((unsigned char)*c, 0x80);
	free(text);
	compare(NAN);
	text = table(100, false, false);
	has_not(text, " !");
	free(text);
}
END_TEST

START_TEST(names_from_a_file_do_nothing)
{
	char *markdown = written(report_compared_markdown), *plain = table(100, false, true);

	has(markdown, "pipe\\|\\*?\\[31m\\<b\\>");
	has_not(markdown, "\033");
	has_not(plain, "\033");
	free(markdown);
	free(plain);
}
END_TEST

START_TEST(json_is_all_of_it)
{
	char *text = written(report_compared_json);
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *row;

	ck_assert_ptr_nonnull(json);
	ck_assert_str_eq(json_string_value(json_object_get(json, "schema")),
			 "tracebench.comparison/1");
	ck_assert_uint_eq(json_array_size(json_object_get(json, "rows")), comparison->n_rows);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "differences")), 2);
	row = json_array_get(json_object_get(json, "rows"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(row, "verdict")), "faster");
	ck_assert_double_eq(json_real_value(json_object_get(row, "ratio")),
			    comparison->rows[0].effect.ratio);
	ck_assert_double_eq(json_real_value(json_object_get(row, "p_adjusted")),
			    comparison->rows[0].p);
	json_decref(json);
	free(text);
}
END_TEST

START_TEST(a_full_disk_is_noticed)
{
	FILE *full = fopen("/dev/full", "w");
	const struct report_style style = { .width = 80 };

	ck_assert_ptr_nonnull(full);
	ck_assert_int_eq(report_compared_json(comparison, full), -EIO);
	ck_assert_int_eq(report_compared_markdown(comparison, full), -EIO);
	ck_assert_int_eq(report_compared_table(comparison, &style, full), -EIO);
	fclose(full);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("compared");

	add_fixed(suite, it_looks_as_it_did);
	add_fixed(suite, no_line_is_wider_than_the_terminal);
	add_fixed(suite, colour_is_never_alone);
	add_fixed(suite, names_from_a_file_do_nothing);
	add_fixed(suite, json_is_all_of_it);
	add_fixed(suite, a_full_disk_is_noticed);
	return run_suite(suite);
}
