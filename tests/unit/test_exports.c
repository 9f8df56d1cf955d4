/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What sessions are exported as, against tests/unit/golden/export-*. GOLDEN_UPDATE=1 in the environment
 * rewrites those: read the difference before committing it.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "lib/check_main.h"
#include "lib/fixture.h"
#include "report/export.h"
#include "report/html.h"
#include "session/fields.h"
#include "session/verdict.h"
#include "unit/drawn.h"

/* All that any format gives a meaning, a byte that is no character, and one that is. */
#define HOSTILE "a\"b'\n|c;</script>\xff\\`*_[x](y)<b>,=1+\r\t\x1b[31m&amp;\u00e4"

static struct session *session;

static void set_up(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	session = fixture_session();
	for (size_t i = 0; i < session->n_results; i++)
		ck_assert_int_eq(verdict_write(&session->results[i], session), 0);
}

static void tear_down(void)
{
	session_free(session);
}

/* The caller frees. */
static char *exported(enum export_kind kind)
{
	const struct export_source source = { .session = session };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(exporters[kind].write(&source, out), 0);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

static const enum export_kind kinds[] = {
	EXPORT_ndjson, EXPORT_csv, EXPORT_markdown, EXPORT_plain, EXPORT_openmetrics, EXPORT_bmf,
};
#define N_KINDS ((int)(sizeof(kinds) / sizeof(kinds[0])))

static void matches_export(const char *prefix, enum export_kind kind)
{
	char path[128];

	snprintf(path, sizeof(path), "tests/unit/golden/%s-%s", prefix, exporters[kind].name);
	matches_file(path, exported(kind));
}

START_TEST(each_kind_looks_as_it_did)
{
	matches_export("export", kinds[_i]);
}
END_TEST

static void make_hostile(void)
{
	struct result *result = &session->results[0];

	/* One says it all. */
	for (size_t i = 1; i < session->n_results; i++)
		fields_free(&result_shape, &session->results[i]);
	session->n_results = 1;
	session->plan.n_order = 0;
	replace(&session->host.hostname, HOSTILE);
	replace(&session->host.kernel, HOSTILE);
	replace(&session->host.cpu_model, HOSTILE);
	replace(&result->strategy, HOSTILE);
	replace(&result->family, HOSTILE);
	replace(&result->verdict, HOSTILE);
}

START_TEST(hostile_names_are_text_in_each_kind)
{
	make_hostile();
	matches_export("export-hostile", kinds[_i]);
}
END_TEST

START_TEST(each_kind_is_utf8_whatever_names_are)
{
	char *text, *at;
	size_t length = 1;

	make_hostile();
	text = exported(kinds[_i]);
	for (at = text; *at && length; at += length)
		length = utf8_length(at);
	ck_assert_msg(!*at, "%s: no UTF-8 from here: %.60s", exporters[kinds[_i]].name, at);
	ck_assert_msg(!strchr(text, '\033'), "%s: may drive a terminal", exporters[kinds[_i]].name);
	free(text);
}
END_TEST

/* Another locale's characters, and its decimal comma if it had one, change nothing. */
START_TEST(no_kind_but_plain_depends_on_the_locale)
{
	char *before = exported(kinds[_i]), *after;

	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C"));
	after = exported(kinds[_i]);
	ck_assert_str_eq(before, after);
	free(before);
	free(after);
}
END_TEST

START_TEST(an_empty_session_is_exported_too)
{
	char *text;

	session_free(session);
	session = session_new();
	text = exported(kinds[_i]);
	ck_assert_msg(kinds[_i] == EXPORT_ndjson ? !*text : *text != '\0', "%s: '%s'",
		      exporters[kinds[_i]].name, text);
	free(text);
}
END_TEST

START_TEST(a_full_disk_is_an_error)
{
	const struct export_source source = { .session = session };
	FILE *full = fopen("/dev/full", "w");

	ck_assert_ptr_nonnull(full);
	ck_assert_int_lt(exporters[kinds[_i]].write(&source, full), 0);
	fclose(full);
}
END_TEST

/* The page without what draws its charts, which is of other people's making. */
static char *made_page(void)
{
#define ASSET(text) \
	{ \
		text, sizeof(text) - 1 \
	}
	static const struct html_assets assets = {
		.style = ASSET("p{}\n"),
		.script = ASSET("draw();"),
		.script_hash = ASSET("sha256-hash"),
		.licences = ASSET("Its licence"),
	};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(html_page(session, &assets, out), 0);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

START_TEST(the_page_looks_as_it_did)
{
	matches_file("tests/unit/golden/export-html", made_page());
}
END_TEST

START_TEST(hostile_names_are_text_in_the_page)
{
	char *text;

	make_hostile();
	matches_file("tests/unit/golden/export-hostile-html", made_page());
	text = made_page();
	has_not(text, "<b>,");
	has_not(text, "\033");
	/* Of the two scripts that there are, and no more. */
	ck_assert_ptr_null(
		strstr(strstr(strstr(text, "</script>") + 1, "</script>") + 1, "</script>"));
	free(text);
}
END_TEST

START_TEST(a_page_does_not_depend_on_the_locale)
{
	char *before = made_page(), *after;

	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C"));
	after = made_page();
	ck_assert_str_eq(before, after);
	free(before);
	free(after);
}
END_TEST

START_TEST(an_empty_session_has_a_page)
{
	char *text;

	session_free(session);
	session = session_new();
	text = made_page();
	has(text, "</html>");
	has_not(text, "data-chart");
	free(text);
}
END_TEST

static void add_for_each_kind(Suite *suite, const TTest *test)
{
	TCase *each = tcase_create(test->name);

	tcase_add_checked_fixture(each, set_up, tear_down);
	tcase_add_loop_test(each, test, 0, N_KINDS);
	suite_add_tcase(suite, each);
}

static void add_for_a_page(Suite *suite, const TTest *test)
{
	TCase *once = tcase_create(test->name);

	tcase_add_checked_fixture(once, set_up, tear_down);
	tcase_add_test(once, test);
	suite_add_tcase(suite, once);
}

int main(void)
{
	Suite *suite = suite_create("exports");

	add_for_each_kind(suite, each_kind_looks_as_it_did);
	add_for_each_kind(suite, hostile_names_are_text_in_each_kind);
	add_for_each_kind(suite, each_kind_is_utf8_whatever_names_are);
	add_for_each_kind(suite, no_kind_but_plain_depends_on_the_locale);
	add_for_each_kind(suite, an_empty_session_is_exported_too);
	add_for_each_kind(suite, a_full_disk_is_an_error);
	add_for_a_page(suite, the_page_looks_as_it_did);
	add_for_a_page(suite, hostile_names_are_text_in_the_page);
	add_for_a_page(suite, a_page_does_not_depend_on_the_locale);
	add_for_a_page(suite, an_empty_session_has_a_page);
	return run_suite(suite);
}
