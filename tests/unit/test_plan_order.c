/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which order it is raced. */
#include "unit/made_up_plan.h"

/* Unless --latency and --wakers say otherwise. */
#define LATENCY 3
#define WAKERS 3

/*
 * Warm-ups first; then each round has every entry at every level exactly once; in those behind
 * latency is measured, and where sleeps are traced wakers are looked for in the last ones.
 */
static void check_rounds(const struct plan *plan, size_t warmup, size_t repeats, bool sleeps,
			 bool calls)
{
	size_t round = plan->n_entries * (1 + (size_t)sleeps + (size_t)calls);
	size_t start = plan->n_entries * warmup;
	size_t end = start + round * repeats;
	size_t timed = end + plan->n_entries * LATENCY;
	size_t wakers = sleeps ? WAKERS : 0;

	ck_assert_uint_eq(plan->n_steps, timed + plan->n_entries * wakers);
	for (size_t entry = 0; entry < plan->n_entries; entry++) {
		ck_assert_uint_eq(steps_of(plan, entry, LEVEL_WARMUP, 0, start), warmup);
		ck_assert_uint_eq(steps_of(plan, entry, LEVEL_LATENCY, end, timed), LATENCY);
		ck_assert_uint_eq(steps_of(plan, entry, LEVEL_WAKERS, timed, plan->n_steps),
				  wakers);
		for (size_t at = start; at < end; at += round) {
			ck_assert_uint_eq(steps_of(plan, entry, LEVEL_UNTRACED, at, at + round), 1);
			ck_assert_uint_eq(steps_of(plan, entry, LEVEL_SLEEPS, at, at + round),
					  sleeps);
			ck_assert_uint_eq(steps_of(plan, entry, LEVEL_CALLS, at, at + round),
					  calls);
		}
	}
}

START_TEST(warmups_come_first_and_each_round_is_a_permutation)
{
	PLANNED(traced, "sequential mutex spin -w 1,2,3 --warmup=2 -r 5", true);

	check_rounds(&traced.plan, 2, 5, true, true);
	done_with(&traced);

	PLANNED(sleeps, "sequential mutex spin -w 2 --detail=sleeps -r 3", true);

	check_rounds(&sleeps.plan, 1, 3, true, false);
	done_with(&sleeps);

	PLANNED(calls, "sequential mutex spin -w 2 --detail=calls -r 3", true);

	check_rounds(&calls.plan, 1, 3, false, true);
	done_with(&calls);

	PLANNED(untraced, "sequential mutex spin -w 1,2,3 --warmup=0 -r 7", false);

	check_rounds(&untraced.plan, 0, 7, false, false);
	done_with(&untraced);
}
END_TEST

static bool same_order(const struct plan *a, const struct plan *b)
{
	if (a->n_steps != b->n_steps)
		return false;
	for (size_t i = 0; i < a->n_steps; i++)
		if (a->steps[i].entry != b->steps[i].entry ||
		    a->steps[i].level != b->steps[i].level)
			return false;
	return true;
}

START_TEST(the_order_is_the_seeds)
{
	static const char *const line = "mutex sequential -w 1,2,3,4";
	char words[3][64];

	snprintf(words[0], sizeof(words[0]), "%s --seed=7", line);
	/* Differs from 7 only above the 32 bits that many generators would take. */
	snprintf(words[1], sizeof(words[1]), "%s --seed=4294967303", line);
	PLANNED(a, words[0], true);
	PLANNED(again, words[0], true);
	PLANNED(other, words[1], true);

	ck_assert(same_order(&a.plan, &again.plan));
	ck_assert(!same_order(&a.plan, &other.plan));
	ck_assert_uint_eq(a.options.seed, 7);
	done_with(&a);
	done_with(&again);
	done_with(&other);
}
END_TEST

START_TEST(rounds_differ_from_one_another)
{
	PLANNED(planned, "mutex -w 1,2,3,4,5,6,7,8 --seed=1 --warmup=0 -r 2", true);
	const struct step *steps = planned.plan.steps;

	ck_assert_uint_eq(planned.plan.n_steps, 48 + 8 * (LATENCY + WAKERS));
	ck_assert_int_ne(memcmp(steps, steps + 24, 24 * sizeof(*steps)), 0);
	done_with(&planned);
}
END_TEST

START_TEST(a_timeline_is_one_repeat_behind_all_others)
{
	PLANNED(planned, "mutex spin -w 2 --timeline=t.cap", true);
	PLANNED(untraced, "mutex spin -w 2 --timeline=t.cap", false);
	size_t n = planned.plan.n_steps;

	for (size_t entry = 0; entry < planned.plan.n_entries; entry++) {
		ck_assert_uint_eq(steps_of(&planned.plan, entry, LEVEL_TIMELINE, 0, n), 1);
		ck_assert_uint_eq(steps_of(&planned.plan, entry, LEVEL_TIMELINE, n - 2, n), 1);
		ck_assert_uint_eq(steps_of(&untraced.plan, entry, LEVEL_TIMELINE, 0,
					   untraced.plan.n_steps),
				  0);
	}
	done_with(&planned);
	done_with(&untraced);
}
END_TEST

/* A bias of a fifth in any place of any step would show: 4 sigma are 13 % here. */
START_TEST(every_step_is_as_often_first)
{
	enum { STEPS = 4, SEEDS = 4000 };
	unsigned int first[STEPS] = { 0 };

	for (int seed = 0; seed < SEEDS; seed++) {
		char words[64];

		snprintf(words, sizeof(words), "mutex -w 1,2,3,4 --warmup=0 -r 1 --seed=%d", seed);
		PLANNED(planned, words, false);
		first[planned.plan.steps[0].entry]++;
		done_with(&planned);
	}
	for (int i = 0; i < STEPS; i++)
		ck_assert(first[i] > SEEDS / STEPS * 0.87 && first[i] < SEEDS / STEPS * 1.13);
}
END_TEST

/* What is planned for a machine that counts for its workers, beside one that does not. */
static void check_counted(const char *words, size_t repeats)
{
	struct machine counting = machine;
	struct plan counted;

	counting.hardware.works = true;
	PLANNED(planned, words, true);
	const struct plan *plain = &planned.plan;

	ck_assert_int_eq(plan_make(&planned.options, &counting, true, &counted), 0);
	ck_assert_uint_eq(counted.n_steps, plain->n_steps + repeats * plain->n_entries);
	ck_assert_int_eq(
		memcmp(counted.steps, plain->steps, plain->n_steps * sizeof(*plain->steps)), 0);
	for (size_t at = plain->n_steps; at < counted.n_steps; at += plain->n_entries)
		for (size_t entry = 0; entry < plain->n_entries; entry++)
			ck_assert_uint_eq(steps_of(&counted, entry, LEVEL_COUNTERS, at,
						   at + plain->n_entries),
					  1);
	plan_free(&counted);
	done_with(&planned);
}

START_TEST(what_the_processor_counts_comes_last_and_changes_no_round)
{
	check_counted("sequential mutex -w 1,2 -r 5 --seed=1", 3);
	check_counted("sequential mutex -w 1,2 -r 2 --seed=1", 2);
}
END_TEST

/* Every entry as often, behind all others; whatever else is traced. */
static void check_stacks(const struct plan *plan, size_t repeats)
{
	size_t start = plan->n_steps - plan->n_entries * repeats;

	for (size_t entry = 0; entry < plan->n_entries; entry++) {
		ck_assert_uint_eq(steps_of(plan, entry, LEVEL_STACKS, start, plan->n_steps),
				  repeats);
		ck_assert_uint_eq(steps_of(plan, entry, LEVEL_STACKS, 0, start), 0);
	}
}

START_TEST(stacks_are_taken_last_where_they_are_asked_for)
{
	PLANNED(three, "mutex spin -w 2 -r 5 --stacks", true);
	PLANNED(two, "mutex spin -w 2 -r 2 --stacks --detail=calls", true);
	PLANNED(none, "mutex spin -w 2 -r 5", true);
	PLANNED(untraced, "mutex spin -w 2 -r 5 --stacks", false);

	check_stacks(&three.plan, 3);
	check_stacks(&two.plan, 2);
	check_stacks(&none.plan, 0);
	check_stacks(&untraced.plan, 0);
	done_with(&three);
	done_with(&two);
	done_with(&none);
	done_with(&untraced);
}
END_TEST

int main(void)
{
	Suite *suite = create_option_suite("plan order");

	add_test(suite, warmups_come_first_and_each_round_is_a_permutation);
	add_test(suite, the_order_is_the_seeds);
	add_test(suite, rounds_differ_from_one_another);
	add_test(suite, a_timeline_is_one_repeat_behind_all_others);
	add_test(suite, every_step_is_as_often_first);
	add_test(suite, what_the_processor_counts_comes_last_and_changes_no_round);
	add_test(suite, stacks_are_taken_last_where_they_are_asked_for);
	return run_option_suite(suite);
}
