/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presets: what they say, what wins over them, and what is raced. With the real strategies. */
#include "plan/machine.h"
#include "plan/plan.h"
#include "strategy/registry.h"
#include "unit/option_lines.h"

#define MS 1000000ULL
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void has_workers(const struct options *options, const unsigned int *want, size_t n_want)
{
	ck_assert_uint_eq(options->n_workers, n_want);
	for (size_t i = 0; i < n_want; i++)
		ck_assert_uint_eq(options->workers[i], want[i]);
}

START_TEST(seed_is_that_of_the_contract)
{
	struct options options = accepted("--preset=seed");

	ck_assert_int_eq(options.preset, PRESET_SEED);
	has_workers(&options, (unsigned int[]){ 2 }, 1);
	ck_assert_uint_eq(options.iterations, 50000000);
	ck_assert_uint_eq(options.duration_ns, OPTION_UNSET);
	ck_assert_uint_eq(options.load.batch, RACE_BATCH_ALL);
	ck_assert_uint_eq(options.repeats, 3);
	options_free(&options);
}
END_TEST

START_TEST(quick_and_full_are_as_they_say)
{
	struct options options = accepted("--preset=quick");

	ck_assert_uint_eq(options.duration_ns, 20 * MS);
	ck_assert_uint_eq(options.repeats, 3);
	ck_assert_uint_eq(options.modes, IN_THREADS);
	ck_assert_uint_eq(options.n_workers, 0);
	options_free(&options);
	options = accepted("--preset=full");
	has_workers(&options, (unsigned int[]){ 1, 2, 4 }, 3);
	ck_assert_uint_eq(options.modes, IN_BOTH);
	ck_assert_uint_eq(options.repeats, 10);
	ck_assert_uint_eq(options.duration_ns, 100 * MS);
	options_free(&options);
}
END_TEST

START_TEST(an_option_beside_it_wins_on_either_side)
{
	static const char *const lines[] = { "-w 4 -n 7 -r 5 -b 64 --mode=both --preset=seed",
					     "--preset=seed -w 4 -n 7 -r 5 -b 64 --mode=both" };

	for (size_t i = 0; i < COUNT(lines); i++) {
		struct options options = accepted(lines[i]);

		has_workers(&options, (unsigned int[]){ 4 }, 1);
		ck_assert_uint_eq(options.iterations, 7);
		ck_assert_uint_eq(options.repeats, 5);
		ck_assert_uint_eq(options.load.batch, 64);
		ck_assert_uint_eq(options.modes, IN_BOTH);
		options_free(&options);
	}
}
END_TEST

START_TEST(the_last_preset_is_the_only_one)
{
	struct options options = accepted("--preset=seed --preset=quick");

	ck_assert_int_eq(options.preset, PRESET_QUICK);
	ck_assert_uint_eq(options.load.batch, 1);
	ck_assert_uint_eq(options.n_workers, 0);
	options_free(&options);
}
END_TEST

START_TEST(it_wins_over_lower_layers_in_what_it_says)
{
	struct options options;

	isolate();
	write_config("repeats = 99\nbatch = 64\nmode = processes\nwarmup = 2\n");
	setenv("TRACEBENCH_WORKERS", "8", 1);
	setenv("TRACEBENCH_DURATION", "1s", 1);
	setenv("TRACEBENCH_PERMITS", "2", 1);
	options = accepted("--preset=seed");
	has_workers(&options, (unsigned int[]){ 2 }, 1);
	ck_assert_uint_eq(options.iterations, 50000000);
	ck_assert_uint_eq(options.duration_ns, OPTION_UNSET);
	ck_assert_uint_eq(options.load.batch, RACE_BATCH_ALL);
	ck_assert_uint_eq(options.repeats, 3);
	ck_assert_uint_eq(options.modes, 0);
	/* What it does not say is as it was given. */
	ck_assert_uint_eq(options.warmup, 2);
	ck_assert_uint_eq(options.load.permits, 2);
	options_free(&options);
	isolate();
}
END_TEST

START_TEST(higher_layers_win_over_it)
{
	struct options options;

	isolate();
	write_config("preset = seed\niterations = 5\n");
	setenv("TRACEBENCH_WORKERS", "3", 1);
	setenv("TRACEBENCH_MODE", "threads", 1);
	options = accepted("-r 1");
	ck_assert_int_eq(options.preset, PRESET_SEED);
	has_workers(&options, (unsigned int[]){ 3 }, 1);
	ck_assert_uint_eq(options.modes, IN_THREADS);
	ck_assert_uint_eq(options.repeats, 1);
	ck_assert_uint_eq(options.iterations, 5);
	options_free(&options);

	/* As it would be if the file had said batch and iterations itself. */
	options = accepted("-d 1s");
	ck_assert_uint_eq(options.duration_ns, 1000 * MS);
	ck_assert_uint_eq(options.iterations, OPTION_UNSET);
	ck_assert_uint_eq(options.load.batch, 1);
	options_free(&options);
	isolate();
}
END_TEST

START_TEST(either_length_replaces_the_other)
{
	struct options options = accepted("--preset=quick -n 1M");

	ck_assert_uint_eq(options.iterations, 1000000);
	ck_assert_uint_eq(options.duration_ns, OPTION_UNSET);
	options_free(&options);
	options = accepted("--preset=seed -d 5ms -b 1");
	ck_assert_uint_eq(options.duration_ns, 5 * MS);
	ck_assert_uint_eq(options.iterations, OPTION_UNSET);
	options_free(&options);
	options = accepted("--preset=quick -b all -n 1M");
	ck_assert_uint_eq(options.iterations, 1000000);
	options_free(&options);
}
END_TEST

#define WHY \
	"the first worker to get the lock would hold it until the time is up: give --iterations=N"

static const struct {
	const char *words;
	const char *line;
} mistakes[] = {
	{ "--preset=sead", "--preset: 'sead' is not one of seed, quick, full" },
	{ "--preset=seed -d 1s", "--preset: batch: 'all' contradicts --duration: " WHY },
	{ "--preset=quick -b all", "--batch: 'all' contradicts --preset: " WHY },
	{ "--preset=seed -d 1s -n 5",
	  "--duration: contradicts --iterations: a race ends by time or "
	  "by work done, give one of them" },
};

START_TEST(a_contradiction_names_the_preset)
{
	refused(mistakes[_i].words, mistakes[_i].line);
}
END_TEST

START_TEST(a_contradiction_names_where_the_preset_was_given)
{
	char line[512];

	isolate();
	setenv("TRACEBENCH_PRESET", "seed", 1);
	setenv("TRACEBENCH_DURATION", "1s", 1);
	refused("", "TRACEBENCH_PRESET: batch: 'all' contradicts --duration: " WHY);
	isolate();
	write_config("preset = seed\nduration = 1s\n");
	snprintf(line, sizeof(line), "%s:1: preset: batch: 'all' contradicts --duration: %s",
		 config_file, WHY);
	refused("", line);
	isolate();
}
END_TEST

START_TEST(every_choice_has_a_name_and_rows_that_there_are)
{
	ck_assert_ptr_null(preset_name(PRESET_NONE));
	for (int preset = PRESET_NONE + 1; preset < PRESETS; preset++) {
		const struct preset_row *row = preset_rows((enum preset)preset);

		ck_assert_ptr_nonnull(preset_name((enum preset)preset));
		for (; row && row->strategy; row++) {
			const struct strategy *strategy = strategy_find(row->strategy);

			ck_assert_msg(strategy != NULL, "no strategy %s", row->strategy);
			ck_assert_uint_ne(row->modes, 0);
			ck_assert_uint_eq(row->modes & ~strategy->modes, 0);
		}
	}
}
END_TEST

/* Writes "sequential.t mutex.t queue.p": what is raced, in its order, and as what. */
static void raced_by(const char *words, char list[static 512])
{
	static int cpus[] = { 0, 1 };
	const struct machine machine = { .cpus = cpus, .n_cpus = COUNT(cpus), .cpus_online = 2 };
	struct options options = accepted(words);
	struct plan plan;
	size_t used = 0;

	ck_assert_int_eq(plan_make(&options, &machine, false, &plan), 0);
	for (size_t i = 0; i < plan.n_entries; i++) {
		const struct entry *entry = &plan.entries[i];

		ck_assert_uint_eq(entry->workers, entry->strategy->one_worker ? 1 : 2);
		ck_assert_uint_eq(entry->iterations * entry->workers, 100000000);
		ck_assert_uint_eq(entry->load.batch, RACE_BATCH_ALL);
		ck_assert_ptr_null(entry->unsupported);
		used += (size_t)snprintf(list + used, 512 - used, "%s%s.%c", used ? " " : "",
					 entry->strategy->name,
					 entry->mode == MODE_THREADS ? 't' : 'p');
		ck_assert_uint_lt(used, 512);
	}
	plan_free(&plan);
	options_free(&options);
}

static const struct {
	const char *words;
	const char *raced;
} lines[] = {
	{ "", "sequential.t none.t mutex.t sem-futex.t sem-futex.p pipe.p queue.p shm.p" },
	/* Names are what is raced, here as elsewhere; rows still say as what. */
	{ "queue sequential", "sequential.t queue.p" },
	{ "gil sem-futex", "sem-futex.t sem-futex.p gil.t" },
	{ "gil pipe-duplex", "gil.t pipe-duplex.t" },
	{ "--mode=threads", "sequential.t none.t mutex.t sem-futex.t pipe.t queue.t shm.t" },
	{ "queue mutex --mode=both", "mutex.t mutex.p queue.t queue.p" },
};

START_TEST(seed_races_its_rows_or_what_is_named)
{
	char words[128], raced[512];

	snprintf(words, sizeof(words), "--preset=seed %s", lines[_i].words);
	raced_by(words, raced);
	ck_assert_str_eq(raced, lines[_i].raced);
}
END_TEST

int main(void)
{
	Suite *suite = create_option_suite("presets");

	add_test(suite, seed_is_that_of_the_contract);
	add_test(suite, quick_and_full_are_as_they_say);
	add_test(suite, an_option_beside_it_wins_on_either_side);
	add_test(suite, the_last_preset_is_the_only_one);
	add_test(suite, it_wins_over_lower_layers_in_what_it_says);
	add_test(suite, higher_layers_win_over_it);
	add_test(suite, either_length_replaces_the_other);
	ADD_TABLE(suite, a_contradiction_names_the_preset, mistakes);
	add_test(suite, a_contradiction_names_where_the_preset_was_given);
	add_test(suite, every_choice_has_a_name_and_rows_that_there_are);
	ADD_TABLE(suite, seed_races_its_rows_or_what_is_named, lines);
	return run_option_suite(suite);
}
