/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of `run` as they are typed. */
#include "base/way.h"
#include "strategy/strategy.h"
#include "unit/option_lines.h"

#define MS 1000000ULL

START_TEST(defaults_are_those_of_the_contract)
{
	struct options options = accepted("");

	ck_assert_uint_eq(options.n_names, 0);
	ck_assert_uint_eq(options.n_workers, 0);
	ck_assert_uint_eq(options.modes, IN_THREADS);
	ck_assert_uint_eq(options.duration_ns, 100 * MS);
	ck_assert_uint_eq(options.iterations, OPTION_UNSET);
	ck_assert_uint_eq(options.load.batch, 1);
	ck_assert_uint_eq(options.load.message, 8);
	ck_assert_uint_eq(options.repeats, 10);
	ck_assert_uint_eq(options.warmup, 1);
	ck_assert_uint_eq(options.timeout_ns, OPTION_UNSET);
	ck_assert_uint_eq(options.seed, OPTION_UNSET);
	ck_assert(!options.start_at.at_ns && !options.start_at.period_ns);
	ck_assert_uint_eq(options.load.read_share, 0);
	ck_assert_str_eq(options.pin, "spread");
	ck_assert_int_eq(options.trace, TRACE_AUTO);
	ck_assert_int_eq(options.detail, DETAIL_BOTH);
	ck_assert_uint_eq(options.ways, 0);
	ck_assert_uint_eq(options.max_locks, 32768);
	ck_assert_uint_eq(options.wakers, 3);
	ck_assert_ptr_null(options.timeline);
	ck_assert_uint_eq(options.ring_bytes, OPTION_UNSET);
	ck_assert_int_eq(options.format, FORMAT_TABLE);
	ck_assert_int_eq(options.view, VIEW_SUMMARY);
	ck_assert_ptr_null(options.output);
	ck_assert(!options.keep_root && !options.force && !options.quiet && !options.stacks);
	ck_assert(!options.no_color && !options.no_progress);
	options_free(&options);
}
END_TEST

START_TEST(long_options_set_what_they_name)
{
	struct options options = accepted(
		"--workers=2,4 --mode=both --duration=1.5s --batch=64 --read-share=90 --message=4k --repeats=3 "
		"--warmup=0 --timeout=2s --pin=0,1 --seed=7 --trace=require --detail=calls --max-locks=16 --wakers=1 --stacks --timeline=t.cap --ring=64k --start-at=/10s --probe=storage=hash,futex=syscall --keep-root "
		"--output=x.json --format=json --view=latency --force --quiet --no-color --no-progress");

	ck_assert_uint_eq(options.n_workers, 2);
	ck_assert_uint_eq(options.workers[0], 2);
	ck_assert_uint_eq(options.workers[1], 4);
	ck_assert_uint_eq(options.modes, IN_BOTH);
	ck_assert_uint_eq(options.duration_ns, 1500 * MS);
	ck_assert_uint_eq(options.load.batch, 64);
	ck_assert_uint_eq(options.load.read_share, 90);
	ck_assert_uint_eq(options.load.message, 4000);
	ck_assert_uint_eq(options.repeats, 3);
	ck_assert_uint_eq(options.warmup, 0);
	ck_assert_uint_eq(options.timeout_ns, 2000 * MS);
	ck_assert_str_eq(options.pin, "0,1");
	ck_assert_uint_eq(options.seed, 7);
	ck_assert_uint_eq(options.start_at.period_ns, 10000 * MS);
	ck_assert_int_eq(options.trace, TRACE_REQUIRE);
	ck_assert_int_eq(options.detail, DETAIL_CALLS);
	ck_assert_uint_eq(options.max_locks, 16);
	ck_assert_uint_eq(options.wakers, 1);
	ck_assert_str_eq(options.timeline, "t.cap");
	ck_assert_uint_eq(options.ring_bytes, 64000);
	ck_assert(options.stacks);
	ck_assert_uint_eq(options.ways, WAY_STORAGE_HASH | WAY_FUTEX_SYSCALL);
	ck_assert(options.keep_root);
	ck_assert_str_eq(options.output, "x.json");
	ck_assert_int_eq(options.format, FORMAT_JSON);
	ck_assert_int_eq(options.view, VIEW_LATENCY);
	ck_assert(options.force && options.quiet && options.no_color && options.no_progress);
	options_free(&options);
}
END_TEST

START_TEST(short_options_mean_the_same)
{
	struct options options = accepted("-w 8 -m processes -n 2M -b all -r5 -qo y.json");

	ck_assert_uint_eq(options.workers[0], 8);
	ck_assert_uint_eq(options.modes, IN_PROCESSES);
	ck_assert_uint_eq(options.iterations, 2000000);
	ck_assert_uint_eq(options.duration_ns, OPTION_UNSET);
	ck_assert_uint_eq(options.load.batch, RACE_BATCH_ALL);
	ck_assert_uint_eq(options.repeats, 5);
	ck_assert(options.quiet);
	ck_assert_str_eq(options.output, "y.json");
	options_free(&options);
	options = accepted("-d 3ms");
	ck_assert_uint_eq(options.duration_ns, 3 * MS);
	options_free(&options);
}
END_TEST

START_TEST(names_and_options_mix)
{
	struct options options = accepted("mutex -w 2 pipe --rep 3 -- --odd -x");

	ck_assert_uint_eq(options.n_names, 4);
	ck_assert_str_eq(options.names[0], "mutex");
	ck_assert_str_eq(options.names[1], "pipe");
	ck_assert_str_eq(options.names[2], "--odd");
	ck_assert_str_eq(options.names[3], "-x");
	ck_assert_uint_eq(options.repeats, 3);
	options_free(&options);
}
END_TEST

START_TEST(the_last_of_a_repeated_option_wins)
{
	struct options options = accepted("-w 1,2 -w 3 --pin=none --pin=pack -o a -o b -r 1 -r 2");

	ck_assert_uint_eq(options.n_workers, 1);
	ck_assert_uint_eq(options.workers[0], 3);
	ck_assert_str_eq(options.pin, "pack");
	ck_assert_str_eq(options.output, "b");
	ck_assert_uint_eq(options.repeats, 2);
	options_free(&options);
}
END_TEST

START_TEST(exports_add_up_and_those_of_a_higher_layer_replace_them)
{
	struct options options = accepted("--export=json=a --export json=b=c --export=json=-");

	ck_assert_uint_eq(options.exports.n, 3);
	ck_assert_uint_eq(options.exports.list[0].kind, EXPORT_json);
	ck_assert_str_eq(options.exports.list[0].path, "a");
	ck_assert_str_eq(options.exports.list[1].path, "b=c");
	ck_assert_str_eq(options.exports.list[2].path, "-");
	options_free(&options);
	write_config("export = json=a\nexport = json=b\n");
	options = accepted("");
	ck_assert_uint_eq(options.exports.n, 2);
	options_free(&options);
	setenv("TRACEBENCH_EXPORT", "json=c", 1);
	options = accepted("");
	ck_assert_uint_eq(options.exports.n, 1);
	ck_assert_str_eq(options.exports.list[0].path, "c");
	options_free(&options);
	isolate();
}
END_TEST

START_TEST(a_batch_of_all_means_fixed_work)
{
	struct options options = accepted("--batch=all");

	ck_assert_uint_eq(options.iterations, 10000000);
	ck_assert_uint_eq(options.duration_ns, OPTION_UNSET);
	options_free(&options);
}
END_TEST

START_TEST(limits_are_inclusive)
{
	static const char *const edges[] = {
		"-w 1",
		"-w 1024",
		"-d 1ms",
		"-d 3600s",
		"-r 1",
		"-r 10k",
		"--warmup=0",
		"--warmup=1k",
		"-n 1",
		"-n 1000G",
		"-b 1",
		"-b 1G",
		"--message=8",
		"--message=1048576",
		"--seed=0",
		"--timeout=1ms",
		"--timeout=86400s",
		"--seed=9223372036854775807",
	};

	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		struct options options = accepted(edges[i]);

		options_free(&options);
	}
}
END_TEST

static const struct {
	const char *words;
	const char *line;
} mistakes[] = {
	{ "-w 0", "--workers: '0' is not a count from 1 to 1024" },
	{ "--workers=1025", "--workers: '1025' is not a count from 1 to 1024" },
	{ "--workers=2,x,4", "--workers: 'x' is not a count from 1 to 1024" },
	{ "--workers=2,", "--workers: '' is not a count from 1 to 1024" },
	{ "--workers=", "--workers: '' is not a count from 1 to 1024" },
	{ "-w 2,4,2", "--workers: '2,4,2' names 2 twice" },
	{ "-m fibers", "--mode: 'fibers' is not one of threads, processes, both" },
	{ "-d 5", "--duration: '5' is not a time from 1ms to 3600s (units: ns us ms s)" },
	{ "-d 999us", "--duration: '999us' is not a time from 1ms to 3600s (units: ns us ms s)" },
	{ "-d 3601s", "--duration: '3601s' is not a time from 1ms to 3600s (units: ns us ms s)" },
	{ "-n 0", "--iterations: '0' is not a count from 1 to 1000G" },
	{ "-n 1001G", "--iterations: '1001G' is not a count from 1 to 1000G" },
	{ "-b 0", "--batch: '0' is not a count from 1 to 1G, or 'all'" },
	{ "-b every", "--batch: 'every' is not a count from 1 to 1G, or 'all'" },
	{ "--message=0", "--message: '0' is not a multiple of 8 from 8 to 1048576" },
	{ "--message=12", "--message: '12' is not a multiple of 8 from 8 to 1048576" },
	{ "--message=2M", "--message: '2M' is not a multiple of 8 from 8 to 1048576" },
	{ "-r 0", "--repeats: '0' is not a count from 1 to 10000" },
	{ "-r 10001", "--repeats: '10001' is not a count from 1 to 10000" },
	{ "--warmup=-1", "--warmup: '-1' is not a count from 0 to 1000" },
	{ "--timeout=0s", "--timeout: '0s' is not a time from 1ms to 86400s (units: ns us ms s)" },
	{ "--seed=9223372036854775808",
	  "--seed: '9223372036854775808' is not a count from 0 to 9223372036854775807" },
	{ "--pin=numa",
	  "--pin: 'numa' is not one of spread, pack, smt, l3, none, nor a list of CPUs such as 0,2-3" },
	{ "--pin=0-",
	  "--pin: '0-' is not one of spread, pack, smt, l3, none, nor a list of CPUs such as 0,2-3" },
	{ "--trace=maybe", "--trace: 'maybe' is not one of auto, require, off" },
	{ "--probe=futex=kprobe",
	  "--probe: 'futex=kprobe' is not one of futex=fexit, futex=syscall, "
	  "switch=argument, switch=state-of-task, storage=task, storage=hash" },
	{ "--probe=storage=hash,",
	  "--probe: '' is not one of futex=fexit, futex=syscall, "
	  "switch=argument, switch=state-of-task, storage=task, storage=hash" },
	{ "--probe=futex=fexit,storage=hash,futex=syscall",
	  "--probe: 'futex=syscall' contradicts 'futex=fexit': give one of them" },
	{ "--probe=storage=hash --trace=off",
	  "--probe: contradicts --trace: 'off' probes nothing" },
	{ "--timeline=t.cap --trace=off",
	  "--timeline: contradicts --trace: 'off' records nothing" },
	{ "--timeline=-",
	  "--timeline: '-' is standard output, and a capture is a file: give its name" },
	{ "--ring=4095", "--ring: '4095' is not a count from 4096 to 1073741824" },
	{ "--detail=all", "--detail: 'all' is not one of sleeps, calls, both" },
	{ "--format=xml",
	  "--format: 'xml' is not one of table, plain, json, ndjson, csv, markdown" },
	{ "--view=flame",
	  "--view: 'flame' is not one of summary, latency, workers, kernel, locks, budget" },
	{ "-o ''", "--output: '' is not a name: give FILE" },

	{ "--forse", "'--forse' is not an option; did you mean '--force'? (tracebench --help)" },
	{ "--worekrs=2",
	  "'--worekrs' is not an option; did you mean '--workers'? (tracebench --help)" },
	{ "--foo", "'--foo' is not an option (tracebench --help)" },
	{ "--foo=--force", "'--foo' is not an option (tracebench --help)" },
	{ "-Z", "'-Z' is not an option (tracebench --help)" },
	{ "-qZw 2", "'-Z' is not an option (tracebench --help)" },
	{ "mutex -o -Y -Z", "'-Z' is not an option (tracebench --help)" },
	{ "--no", "'--no' may mean any of --no-color, --no-progress: write it out" },
	{ "--force=1", "--force: '1' is too much: it takes no value" },
	{ "--quiet=", "--quiet: '' is too much: it takes no value" },
	{ "-w", "--workers: its value is missing: give --workers=N[,N...]" },
	{ "mutex --batch", "--batch: its value is missing: give --batch=N|all" },
	{ "-qd", "--duration: its value is missing: give --duration=TIME" },

	{ "-d 1s -n 5", "--duration: contradicts --iterations: a race ends by time or by work "
			"done, give one of them" },
	{ "-b all -d 1s",
	  "--batch: 'all' contradicts --duration: the first worker to get the lock would hold it "
	  "until the time is up: give --iterations=N" },
	{ "--read-share=101", "--read-share: '101' is not a count from 0 to 100" },
	{ "--read-share=50 -b all",
	  "--batch: 'all' contradicts --read-share: a worker has one section then, of which no "
	  "share can only read: give --batch=N" },
};

START_TEST(every_mistake_is_one_line_that_names_it)
{
	refused(mistakes[_i].words, mistakes[_i].line);
}
END_TEST

START_TEST(options_that_are_not_built_are_unknown)
{
	static const char *const later[] = { "usage", "program-name" };

	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++) {
		char word[64], line[128];

		snprintf(word, sizeof(word), "--%s", later[i]);
		snprintf(line, sizeof(line), "'--%s' is not an option (tracebench --help)",
			 later[i]);
		refused(word, line);
	}
}
END_TEST

int main(void)
{
	Suite *suite = create_option_suite("options");

	add_test(suite, defaults_are_those_of_the_contract);
	add_test(suite, long_options_set_what_they_name);
	add_test(suite, short_options_mean_the_same);
	add_test(suite, names_and_options_mix);
	add_test(suite, the_last_of_a_repeated_option_wins);
	add_test(suite, exports_add_up_and_those_of_a_higher_layer_replace_them);
	add_test(suite, a_batch_of_all_means_fixed_work);
	add_test(suite, limits_are_inclusive);
	ADD_TABLE(suite, every_mistake_is_one_line_that_names_it, mistakes);
	add_test(suite, options_that_are_not_built_are_unknown);
	return run_option_suite(suite);
}
