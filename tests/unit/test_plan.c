/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is raced, and where. */
#include "plan/placement.h"
#include "unit/made_up_plan.h"

static void entry_is(const struct entry *entry, const char *strategy, enum mode mode,
		     unsigned int workers)
{
	ck_assert_str_eq(entry->strategy->name, strategy);
	ck_assert_int_eq(entry->mode, mode);
	ck_assert_uint_eq(entry->workers, workers);
}

START_TEST(entries_are_strategies_by_modes_by_workers)
{
	PLANNED(planned, "mutex sequential spin --mode=both -w 4,2 -b 64", false);
	const struct entry *entry = planned.plan.entries;

	ck_assert_int_eq(planned.err, 0);
	ck_assert_uint_eq(planned.plan.n_entries, 8);
	entry_is(entry++, "sequential", MODE_THREADS, 1);
	entry_is(entry++, "sequential", MODE_PROCESSES, 1);
	entry_is(entry++, "mutex", MODE_THREADS, 4);
	entry_is(entry++, "mutex", MODE_THREADS, 2);
	entry_is(entry++, "mutex", MODE_PROCESSES, 4);
	entry_is(entry++, "mutex", MODE_PROCESSES, 2);
	entry_is(entry++, "spin", MODE_THREADS, 4);
	entry_is(entry++, "spin", MODE_THREADS, 2);
	for (size_t i = 0; i < planned.plan.n_entries; i++)
		ck_assert_uint_eq(planned.plan.entries[i].load.batch, 64);
	done_with(&planned);
}
END_TEST

START_TEST(families_stand_for_their_strategies_and_duplicates_collapse)
{
	PLANNED(planned, "lock mutex plain lock sequential", false);

	ck_assert_uint_eq(planned.plan.n_entries, 4);
	ck_assert_str_eq(planned.plan.entries[0].strategy->name, "sequential");
	ck_assert_str_eq(planned.plan.entries[1].strategy->name, "mutex");
	ck_assert_str_eq(planned.plan.entries[3].strategy->name, "uring");
	done_with(&planned);
}
END_TEST

START_TEST(without_names_those_of_the_default_are_raced)
{
	PLANNED(planned, "", false);

	ck_assert_uint_eq(planned.plan.n_entries, 3);
	entry_is(&planned.plan.entries[0], "sequential", MODE_THREADS, 1);
	entry_is(&planned.plan.entries[1], "mutex", MODE_THREADS, 3);
	entry_is(&planned.plan.entries[2], "queue", MODE_THREADS, 3);
	done_with(&planned);
}
END_TEST

START_TEST(all_stands_for_every_strategy_as_does_the_full_preset)
{
	PLANNED(planned, "mutex all", false);
	PLANNED(full, "--preset=full -w 2 -m threads", false);
	PLANNED(quick, "--preset=quick", false);

	ck_assert_uint_eq(planned.plan.n_entries, n_strategies);
	ck_assert_uint_eq(full.plan.n_entries, n_strategies);
	ck_assert_uint_eq(quick.plan.n_entries, 3);
	done_with(&planned);
	done_with(&full);
	done_with(&quick);
}
END_TEST

START_TEST(one_worker_does_the_work_of_all)
{
	PLANNED(fixed, "sequential mutex -n 1000 -w 2,8,4", false);

	ck_assert_uint_eq(fixed.plan.n_entries, 4);
	entry_is(&fixed.plan.entries[0], "sequential", MODE_THREADS, 1);
	ck_assert_uint_eq(fixed.plan.entries[0].iterations, 8000);
	ck_assert_uint_eq(fixed.plan.entries[0].each, 1000);
	for (size_t i = 1; i < 4; i++)
		ck_assert_uint_eq(fixed.plan.entries[i].iterations, 1000);
	done_with(&fixed);

	PLANNED(timed, "sequential mutex -d 5ms -w 2,8", false);

	for (size_t i = 0; i < timed.plan.n_entries; i++)
		ck_assert_uint_eq(timed.plan.entries[i].iterations, RACE_NO_LIMIT);
	done_with(&timed);
}
END_TEST

START_TEST(what_cannot_run_here_stays_and_says_why)
{
	PLANNED(planned, "lock queue", true);
	const struct entry *entries = planned.plan.entries;

	ck_assert_uint_eq(planned.plan.n_entries, 4);
	ck_assert_ptr_null(entries[0].unsupported);
	ck_assert_str_eq(entries[2].unsupported, "this needs another kernel");
	entry_is(&entries[3], "queue", MODE_THREADS, 3);
	ck_assert_str_eq(entries[3].unsupported,
			 "its workers are processes only (--mode=processes)");
	for (size_t entry = 2; entry < 4; entry++)
		for (int level = 0; level < LEVELS; level++)
			ck_assert_uint_eq(steps_of(&planned.plan, entry, (enum level)level, 0,
						   planned.plan.n_steps),
					  0);
	done_with(&planned);
}
END_TEST

START_TEST(messages_are_as_long_as_asked_for_where_the_strategy_takes_it)
{
	PLANNED(taken, "mutex queue --mode=processes --message=1000", false);

	ck_assert_uint_eq(taken.plan.entries[0].load.message, 8);
	ck_assert_uint_eq(taken.plan.entries[1].load.message, 1000);
	ck_assert_ptr_null(taken.plan.entries[1].unsupported);
	done_with(&taken);

	PLANNED(refused, "mutex queue --mode=processes --message=1008", false);

	ck_assert_ptr_null(refused.plan.entries[0].unsupported);
	ck_assert_str_eq(refused.plan.entries[1].unsupported, "1000 bytes are all it carries");
	done_with(&refused);
}
END_TEST

START_TEST(a_plan_may_have_nothing_to_race)
{
	PLANNED(planned, "uring", true);

	ck_assert_int_eq(planned.err, 0);
	ck_assert_uint_eq(planned.plan.n_entries, 1);
	ck_assert_uint_eq(planned.plan.n_steps, 0);
	done_with(&planned);
}
END_TEST

START_TEST(open_options_are_resolved)
{
	PLANNED(planned, "", false);
	PLANNED(other, "", false);

	ck_assert_uint_eq(planned.options.n_workers, 1);
	ck_assert_uint_eq(planned.options.workers[0], 3);
	ck_assert_uint_le(planned.options.seed, INT64_MAX);
	ck_assert_uint_ne(planned.options.seed, other.options.seed);
	done_with(&planned);
	done_with(&other);
}
END_TEST

START_TEST(a_lonely_cpu_still_gets_two_workers)
{
	const struct machine small = { .cpus = spread_cpus, .n_cpus = 1 };
	char *argv[] = { (char *)"tracebench", NULL };
	struct options options;
	struct plan plan;
	bool done;

	ck_assert_int_eq(options_parse(1, argv, &options, &done), 0);
	ck_assert_int_eq(plan_make(&options, &small, false, &plan), 0);
	ck_assert_uint_eq(options.workers[0], 2);
	plan_free(&plan);
	options_free(&options);
}
END_TEST

static void placed(const char *words, const int *want, unsigned int n_want)
{
	PLANNED(planned, words, false);
	const struct entry *entry = &planned.plan.entries[0];

	ck_assert_int_eq(planned.err, 0);
	ck_assert_uint_eq(entry->n_cpus, n_want);
	for (unsigned int i = 0; i < n_want; i++)
		ck_assert_msg(entry->cpus[i] == want[i], "%s: task %u is on CPU %d", words, i,
			      entry->cpus[i]);
	done_with(&planned);
}

START_TEST(tasks_are_placed_round_and_round_the_owner_next)
{
	placed("mutex -w 5", (int[]){ 4, 6, 5, 4, 6 }, 5);
	placed("queue -m processes -w 2", (int[]){ 4, 6, 5 }, 3);
	placed("queue -m processes -w 3", (int[]){ 4, 6, 5, 4 }, 4);
	placed("queue -m processes -w 2 --pin=pack", (int[]){ 4, 4, 4 }, 3);
	placed("queue -m processes -w 2 --pin=none", (int[]){ -1, -1, -1 }, 3);
	placed("queue -m processes -w 3 --pin=5-6,5", (int[]){ 5, 6, 5, 5 }, 4);
	placed("queue -m processes -w 2 --pin=smt", (int[]){ 4, 5, 4 }, 3);
	placed("mutex -w 3 --pin=l3", (int[]){ 6, 4, 6 }, 3);
	placed("sequential -w 3", (int[]){ 4 }, 1);
}
END_TEST

/* What `pin` says on a machine that has no two CPUs of the kind. */
static void pin_is_refused(const char *pin, size_t n_l3_caches, const char *want)
{
	struct machine small = { .cpus = spread_cpus,
				 .n_cpus = 3,
				 .n_l3_caches = n_l3_caches,
				 .topology = (char *)"3 CPUs, 3 cores, no SMT" };
	struct capture capture = capture_start(STDERR_FILENO);
	struct placement placement;
	char said[CAPTURE_BYTES];
	int err = placement_make(pin, &small, &placement);

	capture_end(&capture, said);
	ck_assert_int_eq(err, -EINVAL);
	ck_assert_str_eq(said, want);
}

START_TEST(where_nothing_is_shared_there_is_no_placing_by_it)
{
	pin_is_refused("smt", 0,
		       "tracebench: --pin: 'smt' needs a core with two hardware threads that this "
		       "process may use, and there is none (3 CPUs, 3 cores, no SMT): choose "
		       "spread, pack or CPUs\n");
	pin_is_refused("l3", 0,
		       "tracebench: --pin: 'l3' needs an L3 cache, and this machine shows none "
		       "(lstopo): choose spread, pack or CPUs\n");
	pin_is_refused("l3", 3,
		       "tracebench: --pin: 'l3' needs an L3 cache that two CPUs share which this "
		       "process may use, and each of the 3 here has at most one of them: choose "
		       "spread, pack or CPUs\n");
}
END_TEST

static const struct {
	const char *words;
	const char *line;
} mistakes[] = {
	{ "mutx", "no strategy or family 'mutx'; did you mean 'mutex'? (tracebench list)" },
	{ "mutex lokc", "no strategy or family 'lokc'; did you mean 'lock'? (tracebench list)" },
	{ "al", "no strategy or family 'al'; did you mean 'all'? (tracebench list)" },
	{ "xyzzy", "no strategy or family 'xyzzy' (tracebench list)" },
	/* A family of which nothing exists is no family to race. */
	{ "turn", "no strategy or family 'turn' (tracebench list)" },
	{ "mutex --pin=4,0",
	  "--pin: '4,0' names CPU 0, which this process may not use: choose from 4-6" },
};

START_TEST(mistakes_are_one_line_that_names_them)
{
	char want[256];
	PLANNED(planned, mistakes[_i].words, true);

	snprintf(want, sizeof(want), "tracebench: %s\n", mistakes[_i].line);
	ck_assert_int_eq(planned.err, -EINVAL);
	ck_assert_str_eq(planned.said, want);
	options_free(&planned.options);
}
END_TEST

static uint64_t deadline(const char *words)
{
	PLANNED(planned, words, false);
	uint64_t ns = plan_deadline_ns(&planned.plan, &planned.plan.entries[0]);

	done_with(&planned);
	return ns;
}

START_TEST(a_race_is_given_up_in_proportion)
{
	ck_assert_uint_eq(deadline("mutex"), 11000000000U);
	ck_assert_uint_eq(deadline("mutex -d 2s"), 30000000000U);
	ck_assert_uint_eq(deadline("mutex -n 5"), 600000000000U);
	ck_assert_uint_eq(deadline("mutex -n 5 --timeout=3s"), 3000000000U);
	ck_assert_uint_eq(deadline("mutex --timeout=5ms"), 5000000U);
}
END_TEST

int main(void)
{
	Suite *suite = create_option_suite("plan");

	add_test(suite, entries_are_strategies_by_modes_by_workers);
	add_test(suite, families_stand_for_their_strategies_and_duplicates_collapse);
	add_test(suite, without_names_those_of_the_default_are_raced);
	add_test(suite, all_stands_for_every_strategy_as_does_the_full_preset);
	add_test(suite, one_worker_does_the_work_of_all);
	add_test(suite, what_cannot_run_here_stays_and_says_why);
	add_test(suite, messages_are_as_long_as_asked_for_where_the_strategy_takes_it);
	add_test(suite, a_plan_may_have_nothing_to_race);
	add_test(suite, open_options_are_resolved);
	add_test(suite, a_lonely_cpu_still_gets_two_workers);
	add_test(suite, tasks_are_placed_round_and_round_the_owner_next);
	add_test(suite, where_nothing_is_shared_there_is_no_placing_by_it);
	add_test(suite, a_race_is_given_up_in_proportion);
	ADD_TABLE(suite, mistakes_are_one_line_that_names_them, mistakes);
	return run_option_suite(suite);
}
