/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The views of what the kernel told: of the scheduler, of locks, of the budget. */
#include <locale.h>
#include <math.h>

#include "lib/check_main.h"
#include "lib/fixture.h"
#include "session/fields.h"
#include "unit/drawn.h"

static struct session *session;

static void set_up(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	session = fixture_session();
}

static void tear_down(void)
{
	session_free(session);
}

static char *render(report *view, unsigned int width, bool color, bool utf8)
{
	return drawn(view, session, width, color, utf8);
}

static void looks_as_it_did(report *view, const char *name)
{
	static const struct {
		const char *suffix;
		unsigned int width;
		bool color, utf8;
	} ways[] = {
		{ "80", 80, false, true },
		{ "100", 100, false, true },
		{ "120", 120, false, true },
		{ "100-ascii", 100, false, false },
		{ "100-color", 100, true, true },
	};
	char golden[64];

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		snprintf(golden, sizeof(golden), "%s-%s", name, ways[i].suffix);
		matches_golden(golden, render(view, ways[i].width, ways[i].color, ways[i].utf8));
	}
}

START_TEST(the_scheduler_looks_as_it_did)
{
	looks_as_it_did(report_kernel, "kernel");
}
END_TEST

START_TEST(locks_look_as_they_did)
{
	looks_as_it_did(report_locks, "locks");
}
END_TEST

START_TEST(budgets_look_as_they_did)
{
	looks_as_it_did(report_budget, "budget");
}
END_TEST

static void add_fixed(Suite *suite, const TTest *test)
{
	TCase *only = tcase_create(test->name);

	tcase_add_checked_fixture(only, set_up, tear_down);
	tcase_add_test(only, test);
	suite_add_tcase(suite, only);
}

int main(void)
{
	Suite *suite = suite_create("views of the kernel's side");

	add_fixed(suite, the_scheduler_looks_as_it_did);
	add_fixed(suite, locks_look_as_they_did);
	add_fixed(suite, budgets_look_as_they_did);
	return run_suite(suite);
}
