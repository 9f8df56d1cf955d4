/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scans: what is raced of them, and what is wrong with one. */
#include "unit/made_up_plan.h"

#define MS 1000000ULL

/* "strategy workers batch permits message duration iterations;" of every entry. */
static void races(const char *words, const char *want)
{
	char got[2048] = "";
	size_t length = 0;
	PLANNED(planned, words, false);

	ck_assert_int_eq(planned.err, 0);
	for (size_t i = 0; i < planned.plan.n_entries; i++) {
		const struct entry *entry = &planned.plan.entries[i];

		length += (size_t)snprintf(
			got + length, sizeof(got) - length, "%s w%u b%lu p%lu m%lu d%ld n%ld;",
			entry->strategy->name, entry->workers, entry->load.batch,
			entry->load.permits, entry->load.message,
			entry->duration_ns == OPTION_UNSET ? -1 : (long)(entry->duration_ns / MS),
			entry->each == OPTION_UNSET ? -1 : (long)entry->each);
	}
	ck_assert_str_eq(got, want);
	done_with(&planned);
}

START_TEST(every_combination_is_raced_the_last_key_first)
{
	races("spin -w 2 --scan=batch=1,64 --scan=permits=4,1",
	      "spin w2 b1 p4 m8 d100 n-1;spin w2 b1 p1 m8 d100 n-1;"
	      "spin w2 b64 p4 m8 d100 n-1;spin w2 b64 p1 m8 d100 n-1;");
	races("mutex --scan=workers=2,3 --scan=duration=20ms,1s",
	      "mutex w2 b1 p1 m8 d20 n-1;mutex w2 b1 p1 m8 d1000 n-1;"
	      "mutex w3 b1 p1 m8 d20 n-1;mutex w3 b1 p1 m8 d1000 n-1;");
}
END_TEST

START_TEST(what_a_key_does_not_concern_is_raced_once)
{
	races("sequential mutex spin -w 2 --scan=permits=2,3",
	      "sequential w1 b1 p2 m8 d100 n-1;mutex w2 b1 p2 m8 d100 n-1;"
	      "spin w2 b1 p2 m8 d100 n-1;spin w2 b1 p3 m8 d100 n-1;");
	races("sequential mutex -w 2,3 --scan=batch=5,6",
	      "sequential w1 b5 p1 m8 d100 n-1;mutex w2 b5 p1 m8 d100 n-1;"
	      "mutex w2 b6 p1 m8 d100 n-1;mutex w3 b5 p1 m8 d100 n-1;"
	      "mutex w3 b6 p1 m8 d100 n-1;");
	races("mutex queue -m processes -w 2 --scan=message=16,32 --scan=read-share=0,50",
	      "mutex w2 b1 p1 m8 d100 n-1;queue w2 b1 p1 m16 d100 n-1;"
	      "queue w2 b1 p1 m32 d100 n-1;");
}
END_TEST

START_TEST(work_is_scanned_for_whoever_does_it)
{
	PLANNED(planned, "sequential mutex -w 2,4 --scan=iterations=10,1k", false);
	const struct entry *entries = planned.plan.entries;

	ck_assert_uint_eq(planned.plan.n_entries, 6);
	ck_assert_uint_eq(entries[0].each, 10);
	ck_assert_uint_eq(entries[0].iterations, 40);
	ck_assert_uint_eq(entries[1].iterations, 4000);
	ck_assert_uint_eq(entries[5].iterations, 1000);
	done_with(&planned);
}
END_TEST

START_TEST(a_message_too_long_for_a_strategy_is_so_at_its_point_alone)
{
	PLANNED(planned, "queue -m processes --scan=message=8,1008", false);

	ck_assert_uint_eq(planned.plan.n_entries, 2);
	ck_assert_ptr_null(planned.plan.entries[0].unsupported);
	ck_assert_str_eq(planned.plan.entries[1].unsupported, "1000 bytes are all it carries");
	done_with(&planned);
}
END_TEST

START_TEST(every_point_has_its_deadline_and_adds_to_the_length)
{
	PLANNED(planned, "mutex --scan=duration=1s,2s -r 3 --warmup=1 --latency=0", false);

	ck_assert_uint_eq(plan_deadline_ns(&planned.plan, &planned.plan.entries[0]), 20000 * MS);
	ck_assert_uint_eq(plan_deadline_ns(&planned.plan, &planned.plan.entries[1]), 30000 * MS);
	ck_assert_double_eq(plan_least_s(&planned.plan), 12);
	done_with(&planned);

	PLANNED(fixed, "mutex -n 5", false);

	ck_assert_double_eq(plan_least_s(&fixed.plan), 0);
	done_with(&fixed);
}
END_TEST

START_TEST(a_scan_of_workers_is_their_list)
{
	struct options options = accepted("--scan=workers=4,1");

	ck_assert_uint_eq(options.n_workers, 2);
	ck_assert_uint_eq(options.workers[0], 4);
	ck_assert_uint_eq(options.workers[1], 1);
	ck_assert_uint_eq(options.scan.n_keys, 0);
	options_free(&options);
}
END_TEST

START_TEST(one_batch_of_several_needs_fixed_work_for_all)
{
	struct options options = accepted("--scan=batch=1,all");

	ck_assert_uint_eq(options.iterations, 10000000);
	ck_assert_uint_eq(options.duration_ns, OPTION_UNSET);
	options_free(&options);
}
END_TEST

#define KEYS \
	"(workers, batch, permits, message, read-share, critical, think, pace, duration, iterations " \
	"can be scanned)"

static const struct {
	const char *words;
	const char *line;
} mistakes[] = {
	{ "--scan=bach=1", "--scan: 'bach' is not an option; did you mean 'batch'? " KEYS },
	{ "--scan=xyzzy=1", "--scan: 'xyzzy' is not an option " KEYS },
	{ "--scan==1", "--scan: '' is not an option " KEYS },
	{ "--scan=mode=both", "--scan: 'mode' is not a number " KEYS },
	{ "--scan=repeats=1,2", "--scan: 'repeats' changes nothing in a race " KEYS },
	{ "--scan=batch", "--scan: 'batch' is not of the form KEY=V,V,..." },
	{ "--scan=", "--scan: '' is not of the form KEY=V,V,..." },
	{ "--scan", "--scan: its value is missing: give --scan=KEY=V,V,..." },
	{ "--scan=batch=", "--scan: batch: '' is not a count from 1 to 1G, or 'all'" },
	{ "--scan=batch=1,", "--scan: batch: '' is not a count from 1 to 1G, or 'all'" },
	{ "--scan=batch=1,0", "--scan: batch: '0' is not a count from 1 to 1G, or 'all'" },
	{ "--scan=permits=1,1001", "--scan: permits: '1001' is not a count from 1 to 1000" },
	{ "--scan=message=8,12", "--scan: message: '12' is not a multiple of 8 from 8 to 1048576" },
	{ "--scan=read-share=101", "--scan: read-share: '101' is not a count from 0 to 100" },
	{ "--scan=duration=5",
	  "--scan: duration: '5' is not a time from 1ms to 3600s (units: ns us ms s)" },
	{ "--scan=iterations=x", "--scan: iterations: 'x' is not a count from 1 to 1000G" },
	{ "--scan=workers=1,0", "--scan: workers: '0' is not a count from 1 to 1024" },
	{ "--scan=workers=2,4,2", "--scan: workers: '2,4,2' names 2 twice" },
	{ "--scan=iterations=1000,1k", "--scan: iterations: '1k' is there twice" },
	{ "--scan=batch=1 --scan=permits=1 --scan=batch=2",
	  "--scan: 'batch' is there twice: give all its values at once" },
	{ "--scan=workers=1 --scan=workers=2",
	  "--scan: 'workers' is there twice: give all its values at once" },
	{ "-b 2 --scan=batch=1", "--scan: 'batch' is given by --batch as well: give one" },
	{ "--scan=batch=1 -b 2", "--batch: its values are given by --scan as well: give one" },
	{ "--scan=workers=1 -w 2", "--workers: its values are given by --scan as well: give one" },
	{ "-d 1s --scan=batch=1,all",
	  "--scan: batch: 'all' contradicts --duration: the first worker to get the lock would hold "
	  "it until the time is up: give --iterations=N" },
	{ "--scan=duration=1s,2s -n 5",
	  "--scan: duration: contradicts --iterations: a race ends by time or by work done, give "
	  "one of them" },
	{ "--scan=iterations=5,6 -d 1s",
	  "--duration: contradicts --scan=iterations: a race ends by time or by work done, give one "
	  "of them" },
	{ "--scan=batch=1,all --scan=read-share=0,5",
	  "--scan: batch: 'all' contradicts --scan=read-share: a worker has one section then, of "
	  "which no share can only read: give --batch=N" },
	{ "-w 1,2,3,4,5 --scan=batch=1,2,3,4,5,6 --scan=permits=1,2,3,4,5,6 "
	  "--scan=message=8,16,24,32,40,48",
	  "--scan: its values have more than 1024 combinations, those of --workers included: give "
	  "fewer" },
};

START_TEST(every_mistake_is_one_line_that_names_it)
{
	refused(mistakes[_i].words, mistakes[_i].line);
}
END_TEST

static void batches(const struct options *options, size_t n_keys, uint64_t batch)
{
	ck_assert_uint_eq(options->scan.n_keys, n_keys);
	ck_assert_uint_eq(options->load.batch, batch);
}

START_TEST(of_a_scan_and_an_option_the_higher_layer_wins)
{
	struct options options;

	isolate();
	setenv("TRACEBENCH_SCAN", "batch=3,4  permits=1,2", 1);
	options = accepted("");
	batches(&options, 2, 3);
	options_free(&options);
	options = accepted("-b 5");
	batches(&options, 1, 5);
	options_free(&options);
	/* As of every option, what is higher replaces what is lower. */
	options = accepted("--scan=message=8,16");
	batches(&options, 1, 1);
	options_free(&options);
	isolate();

	write_config("batch = 7\niterations = 8\nscan = permits=1,2\nscan = workers=3,4\n");
	options = accepted("--scan=batch=1,2 --scan=duration=1s,2s");
	batches(&options, 2, 1);
	ck_assert_uint_eq(options.iterations, OPTION_UNSET);
	ck_assert_uint_eq(options.n_workers, 0);
	options_free(&options);
	options = accepted("");
	batches(&options, 1, 7);
	ck_assert_uint_eq(options.n_workers, 2);
	options_free(&options);
	isolate();
}
END_TEST

START_TEST(a_contradiction_of_layers_takes_the_scan_away)
{
	struct options options;

	isolate();
	setenv("TRACEBENCH_SCAN", "duration=1s,2s batch=1,all", 1);
	refused("", "TRACEBENCH_SCAN: batch: 'all' contradicts --scan=duration: the first worker "
		    "to get the lock would hold it until the time is up: give --iterations=N");
	options = accepted("-n 5");
	batches(&options, 1, 1);
	ck_assert_uint_eq(options.duration_ns, OPTION_UNSET);
	options_free(&options);
	setenv("TRACEBENCH_SCAN", "batch=1,all", 1);
	options = accepted("-d 1s");
	batches(&options, 0, 1);
	ck_assert_uint_eq(options.duration_ns, 1000 * MS);
	options_free(&options);
	isolate();
}
END_TEST

START_TEST(a_scan_beside_a_preset_wins)
{
	struct options options = accepted("--preset=full --scan=workers=3,5");

	ck_assert_uint_eq(options.n_workers, 2);
	ck_assert_uint_eq(options.workers[1], 5);
	options_free(&options);
	options = accepted("--preset=seed --scan=batch=1,64");
	batches(&options, 1, 1);
	ck_assert_uint_eq(options.iterations, 50000000);
	/* Of races with several sections each there are latencies. */
	ck_assert_uint_eq(options.latency, 3);
	options_free(&options);
}
END_TEST

START_TEST(a_mistake_in_a_scan_names_its_layer)
{
	char line[256];

	isolate();
	setenv("TRACEBENCH_SCAN", "batch=x", 1);
	refused("", "TRACEBENCH_SCAN: batch: 'x' is not a count from 1 to 1G, or 'all'");
	isolate();
	write_config("\nscan = batch=1,0\n");
	snprintf(line, sizeof(line), "%s:2: scan: batch: '0' is not a count from 1 to 1G, or 'all'",
		 config_file);
	refused("", line);
	isolate();
}
END_TEST

int main(void)
{
	Suite *suite = create_option_suite("scan");

	add_test(suite, every_combination_is_raced_the_last_key_first);
	add_test(suite, what_a_key_does_not_concern_is_raced_once);
	add_test(suite, work_is_scanned_for_whoever_does_it);
	add_test(suite, a_message_too_long_for_a_strategy_is_so_at_its_point_alone);
	add_test(suite, every_point_has_its_deadline_and_adds_to_the_length);
	add_test(suite, a_scan_of_workers_is_their_list);
	add_test(suite, one_batch_of_several_needs_fixed_work_for_all);
	ADD_TABLE(suite, every_mistake_is_one_line_that_names_it, mistakes);
	add_test(suite, of_a_scan_and_an_option_the_higher_layer_wins);
	add_test(suite, a_contradiction_of_layers_takes_the_scan_away);
	add_test(suite, a_scan_beside_a_preset_wins);
	add_test(suite, a_mistake_in_a_scan_names_its_layer);
	return run_option_suite(suite);
}
