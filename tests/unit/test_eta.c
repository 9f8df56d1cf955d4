/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a run says that it will still take. Time is the test's own. */
#include "command/eta.h"

#include "base/clock.h"
#include "unit/made_up_plan.h"

#define MS NS_PER_MS

static void said(uint64_t ns, const char *expected)
{
	char text[32];

	eta_text(ns, text);
	ck_assert_str_eq(text, expected);
}

START_TEST(time_left_is_rounded_up_and_short)
{
	said(0, "about 0 s left");
	said(1, "about 1 s left");
	said(35 * NS_PER_S, "about 35 s left");
	said(99 * NS_PER_S, "about 99 s left");
	said(99 * NS_PER_S + 1, "about 2 min left");
	said(99 * 60 * NS_PER_S, "about 99 min left");
	said(100 * 60 * NS_PER_S, "about 2 h left");
	said(UINT64_MAX - 1, "about 5124096 h left");
	said(ETA_UNKNOWN, "");
}
END_TEST

START_TEST(what_is_planned_and_what_it_has_cost_besides)
{
	PLANNED(planned, "sequential mutex -d 100ms --warmup=0 --latency=0 -r 3", false);
	struct eta eta;

	ck_assert_uint_eq(planned.plan.n_steps, 6);
	ck_assert_int_eq(eta_init(&eta, &planned.plan), 0);
	ck_assert_uint_eq(eta_next(&eta, 0, 1000 * MS), 600 * MS);
	/* 20 ms more than planned, then 40. */
	ck_assert_uint_eq(eta_next(&eta, 1, 1120 * MS), 5 * 120 * MS);
	ck_assert_uint_eq(eta_next(&eta, 2, 1260 * MS), 4 * 130 * MS);
	eta_free(&eta);
	done_with(&planned);
}
END_TEST

/* Attaching the probe costs what warm-up does not know yet. */
START_TEST(a_level_costs_what_it_has_cost)
{
	PLANNED(planned,
		"mutex -w 2 -d 100ms --warmup=1 --latency=0 --wakers=0 -r 1 --detail=sleeps", true);
	const struct step *steps = planned.plan.steps;
	uint64_t traced_ms = steps[1].level == LEVEL_SLEEPS ? 150 : 110;
	struct eta eta;

	ck_assert_uint_eq(planned.plan.n_steps, 3);
	ck_assert_int_eq(eta_init(&eta, &planned.plan), 0);
	ck_assert_uint_eq(eta_next(&eta, 0, 0), 300 * MS);
	ck_assert_uint_eq(eta_next(&eta, 1, 104 * MS), 2 * 104 * MS);
	/* The level to come has not been raced: it is likened to all that were. */
	ck_assert_uint_eq(eta_next(&eta, 2, (104 + traced_ms) * MS),
			  (100 + (4 + traced_ms - 100) / 2) * MS);
	eta_free(&eta);
	done_with(&planned);
}
END_TEST

START_TEST(fixed_work_takes_as_long_as_it_took)
{
	PLANNED(planned, "sequential mutex -w 2 -n 1000 --warmup=0 --latency=0 -r 2", false);
	const struct step *steps = planned.plan.steps;
	bool swapped = steps[2].entry == steps[1].entry;
	struct eta eta;

	ck_assert_uint_eq(planned.plan.n_steps, 4);
	ck_assert_int_eq(eta_init(&eta, &planned.plan), 0);
	ck_assert_uint_eq(eta_next(&eta, 0, 0), ETA_UNKNOWN);
	ck_assert_uint_eq(eta_next(&eta, 1, 10 * MS), 3 * 10 * MS);
	/* The second entry took 70 ms: one of each is left. */
	ck_assert_uint_eq(eta_next(&eta, 2, 80 * MS), 80 * MS);
	ck_assert_uint_eq(eta_next(&eta, 3, (swapped ? 150 : 90) * MS), (swapped ? 10 : 70) * MS);
	eta_free(&eta);
	done_with(&planned);
}
END_TEST

START_TEST(an_entry_that_failed_takes_no_more_time)
{
	PLANNED(planned, "sequential mutex -w 2 -d 100ms --warmup=0 --latency=0 -r 3", false);
	const struct step *steps = planned.plan.steps;
	uint64_t now_ns = 20 * NS_PER_S, left_ns = 0;
	size_t at;
	struct eta eta;

	ck_assert_int_eq(eta_init(&eta, &planned.plan), 0);
	eta_next(&eta, 0, 0);
	/* The first hung until its deadline; which says nothing of how long races take. */
	ck_assert_uint_eq(eta_next(&eta, 1, now_ns), 500 * MS);
	for (size_t round = 2; round < 6; round += 2) {
		at = steps[round].entry == steps[1].entry ? round : round + 1;
		now_ns += 100 * MS;
		left_ns = eta_next(&eta, at, now_ns);
	}
	ck_assert_uint_eq(left_ns, 100 * MS);
	eta_free(&eta);
	done_with(&planned);
}
END_TEST

int main(void)
{
	Suite *suite = create_option_suite("eta");

	add_test(suite, time_left_is_rounded_up_and_short);
	add_test(suite, what_is_planned_and_what_it_has_cost_besides);
	add_test(suite, a_level_costs_what_it_has_cost);
	add_test(suite, fixed_work_takes_as_long_as_it_took);
	add_test(suite, an_entry_that_failed_takes_no_more_time);
	return run_option_suite(suite);
}
