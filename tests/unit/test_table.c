/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table, against tests/unit/golden/table-*.txt. GOLDEN_UPDATE=1 in the environment rewrites
 * those: read the difference before committing it.
 */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check_main.h"
#include "lib/fixture.h"
#include "report/report.h"
#include "report/view.h"
#include "session/fields.h"
#include "session/verdict.h"
#include "unit/drawn.h"

static struct session *session;

static void judge_all(void)
{
	size_t i;

	for (i = 0; i < session->n_results; i++)
		ck_assert_int_eq(verdict_write(&session->results[i], session), 0);
}

static void set_up(void)
{
	/* Not LC_NUMERIC: a comma for the decimals is another number. */
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	session = fixture_session();
	judge_all();
}

static void tear_down(void)
{
	session_free(session);
}

static char *render(unsigned int width, bool color, bool utf8)
{
	return drawn(report_table, session, width, color, utf8);
}

static void forget_kernel(struct result *result)
{
	if (result->kernel) {
		fields_free(&sleeps_shape, result->kernel->sleeps);
		free(result->kernel->sleeps);
		fields_free(&calls_shape, result->kernel->calls);
		free(result->kernel->calls);
	}
	free(result->kernel);
	result->kernel = NULL;
}

START_TEST(it_looks_as_it_did)
{
	matches_golden("80", render(80, false, true));
	matches_golden("100", render(100, false, true));
	matches_golden("160", render(160, false, true));
	matches_golden("100-ascii", render(100, false, false));
	matches_golden("100-color", render(100, true, true));
}
END_TEST

static void add_warning(const char *kind, int64_t result, const char *text)
{
	session->warnings =
		realloc(session->warnings, (session->n_warnings + 1) * sizeof(*session->warnings));
	session->warnings[session->n_warnings++] = (struct warning){
		.kind = strdup(kind),
		.result = result,
		.text = strdup(text),
	};
}

START_TEST(it_says_loudly_what_went_wrong)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];
	struct sleeps *sleeps = mutex->kernel->sleeps;

	session->complete = false;
	sleeps->reconciled.ok = false;
	sleeps->reconciled.checks[0].agrees = false;
	sleeps->reconciled.checks[0].other -= 17;
	sleeps->reconciled.checks[0].tasks_agree = 14;
	sleeps->lost.order = 2;
	session->results[FIXTURE_PIPE].counter.lost = 12;
	judge_all();
	add_warning("overlap", FIXTURE_MUTEX, "workers raced alone: race longer");
	add_warning("overlap", FIXTURE_PIPE, "the same of another");
	add_warning("overlap", FIXTURE_NONE, "and of a third");
	add_warning("few", NO_INT, "a single repeat has no interval: race more");
	add_warning("few", FIXTURE_ATOMIC, "not told apart from another");
	/* Of a file that was tampered with: there is no such result. */
	add_warning("drift", FIXTURE_RESULTS, "gets slower");
	matches_golden("100-trouble", render(100, false, true));
}
END_TEST

START_TEST(without_tracing_it_says_why_and_shows_nothing_as_zero)
{
	size_t i;
	char *text, *row;

	for (i = 0; i < session->n_results; i++)
		forget_kernel(&session->results[i]);
	session->tracing.status = TRACING_UNAVAILABLE;
	replace(&session->tracing.reason, "BPF needs CAP_BPF and CAP_PERFMON (or root)");
	judge_all();
	text = render(160, false, true);
	has(text, "not traced: BPF needs CAP_BPF");
	row = line_with(text, "  mutex");
	has(row, " -");
	has_not(row, "|");
	free(row);
	free(text);
	matches_golden("100-untraced", render(100, false, true));
}
END_TEST

START_TEST(no_line_is_wider_than_the_terminal)
{
	fits_everywhere(report_table, session);
}
END_TEST

static void set_estimate(struct estimate *estimate, double value)
{
	estimate->median = value;
	estimate->ci95[0] = value / 1000;
	estimate->ci95[1] = value * 1000;
}

static void set_reals(struct result *result, double value)
{
	set_estimate(&result->time.ns_per_op, value);
	set_estimate(&result->time.cpu_ns_per_op, value);
	result->time.speedup = value;
	result->time.overlap_ratio = value;
	result->fairness.jain = value;
	if (result->kernel)
		set_estimate(&result->kernel->sleeps->slowdown, value);
}

static void set_counts(struct sleeps *sleeps, int64_t value)
{
	size_t i;

	sleeps->ops = 1;
	sleeps->switches = (struct switches){ value, value };
	sleeps->wakeups = value;
	sleeps->migrations = value;
	sleeps->run_queue_ns.p99 = value;
	sleeps->lost.nested = value;
	for (i = 0; i < sleeps->n_contention; i++)
		sleeps->contention[i].count = value;
	for (i = 0; i < sleeps->reconciled.n_checks; i++) {
		sleeps->reconciled.checks[i].bpf = value;
		sleeps->reconciled.checks[i].other = 1;
		sleeps->reconciled.checks[i].agrees = false;
	}
	sleeps->reconciled.ok = value % 2;
}

static void fix_work(void)
{
	session->plan.duration_ns = NO_INT;
	session->plan.iterations = 50000000;
}

static void set_totals(struct result *result, const int64_t totals[static 3])
{
	result->counter.n_totals = 3;
	memcpy(result->counter.totals, totals, 3 * sizeof(*totals));
}

START_TEST(extreme_values_do_not_widen_a_line)
{
	static const double reals[] = { 1e15, 0.001, 1e-12, 1e300, INFINITY, NAN, 0, -5 };
	static const int64_t counts[] = { 1000000000000000, INT64_MAX, NO_INT, 0 };
	size_t i, j;

	for (i = 0; i < sizeof(reals) / sizeof(reals[0]); i++) {
		for (j = 0; j < session->n_results; j++) {
			struct result *result = &session->results[j];

			set_reals(result, reals[i]);
			result->batch = counts[i % 4];
			result->permits = (int64_t)j * 1000000000;
			result->message = counts[i % 4];
			if (result->counter.expected != NO_INT)
				result->counter.expected = counts[i % 4];
			if (result->counter.n_totals)
				set_totals(result, (int64_t[]){ counts[i % 4], 1, 1 });
			result->time.wall_ns.median = reals[i];
			if (result->kernel)
				set_counts(result->kernel->sleeps, counts[i % 4]);
		}
		judge_all();
		fits_everywhere(report_table, session);
		fix_work();
		fits_everywhere(report_table, session);
	}
}
END_TEST

START_TEST(fixed_work_has_seconds_and_totals)
{
	char *text = render(240, false, true), *row;

	has_not(text, "SECONDS");
	has_not(text, "TOTAL");
	free(text);
	fix_work();
	session->results[FIXTURE_MUTEX].time.wall_ns.median = 12345678901;
	set_totals(&session->results[FIXTURE_MUTEX],
		   (int64_t[]){ 100000000, 100000000, 100000000 });
	set_totals(&session->results[FIXTURE_NONE], (int64_t[]){ 61234567, 50123456, 55555555 });
	set_totals(&session->results[FIXTURE_ATOMIC], (int64_t[]){ 50123456, 50123457, 50123458 });
	session->results[FIXTURE_PIPE].counter.n_totals = 0;
	set_totals(&session->results[FIXTURE_TURN_FUTEX], (int64_t[]){ NO_INT, NO_INT, NO_INT });
	text = render(100, false, true);
	has(text, " SECONDS ");
	row = line_with(text, "  mutex      threads");
	has(row, " 12.3 ");
	has(row, " 100,000,000 ");
	free(row);
	row = line_with(text, "  none");
	has(row, " 0.10 ");
	has(row, " 50.1M-61.2M ");
	free(row);
	row = line_with(text, "* atomic");
	has(row, " ~50.1M ");
	free(row);
	row = line_with(text, "  pipe");
	has(row, " 0.10           - ");
	free(row);
	row = line_with(text, "  turn-futex");
	has(row, " 0.10           - ");
	free(row);
	free(text);
}
END_TEST

START_TEST(long_names_are_cut_in_the_row_and_whole_below)
{
	const char *name = "a-strategy-with-a-name-of-forty-letters-";
	char *text;

	ck_assert_uint_eq(strlen(name), 40);
	replace(&session->results[FIXTURE_MUTEX].strategy, name);
	replace(&session->results[FIXTURE_FAILED].strategy, name);
	replace(&session->host.kernel, "6.18.44-with-a-very-long-suffix-without-any-blank-that-is-"
				       "longer-than-a-line-of-eighty-columns-can-be");
	fits_everywhere(report_table, session);
	text = render(80, false, true);
	has(text, name);
	has(text, "…");
	free(text);
}
END_TEST

/* That the table has these rows in this order; the best has a star before it. */
static void in_this_order(const char *text, const char *const *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char row[64];

		snprintf(row, sizeof(row), " %s ", rows[i]);
		text = strstr(text, row);
		ck_assert_msg(text, "%s, after all before it", rows[i]);
	}
}

START_TEST(within_a_family_the_fastest_strategy_comes_first)
{
	static const char *const rows[] = { "none",
					    "atomic",
					    "sequential",
					    "pipe",
					    "mutex       threads",
					    "mutex       processes",
					    "turn-futex" };
	char *text;

	session->results[FIXTURE_SEQUENTIAL].time.ns_per_op.median = 50;
	session->results[FIXTURE_NONE].time.ns_per_op.median = 20;
	session->results[FIXTURE_ATOMIC].time.ns_per_op.median = 30;
	session->results[FIXTURE_PIPE].time.ns_per_op.median =
		session->results[FIXTURE_MUTEX].time.ns_per_op.median / 2;
	replace(&session->results[FIXTURE_PIPE].family, "lock");
	text = render(160, false, false);
	in_this_order(text, rows, sizeof(rows) / sizeof(rows[0]));
	free(text);

	/* What was not raced to its end has no place among those that were. */
	session->results[FIXTURE_PIPE].status = RESULT_TIMED_OUT;
	text = render(160, false, false);
	in_this_order(text, (const char *const[]){ "mutex       processes", "pipe" }, 2);
	free(text);
}
END_TEST

START_TEST(what_is_null_never_prints_as_zero)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];
	struct sleeps *sleeps = calloc(1, sizeof(*sleeps));
	struct kernel_view *kernel = calloc(1, sizeof(*kernel));
	char *text, *row;

	fields_free(&result_shape, mutex);
	memset(mutex, 0, sizeof(*mutex));
	fields_clear(&result_shape, mutex);
	replace(&mutex->strategy, "nothing");
	replace(&mutex->family, "lock");
	replace(&mutex->mode, "threads");
	fields_clear(&sleeps_shape, sleeps);
	/* Known, so that no count is hidden behind it. */
	sleeps->ops = 1000;
	sleeps->reconciled.ok = true;
	kernel->sleeps = sleeps;
	mutex->kernel = kernel;
	mutex->status = RESULT_OK;
	judge_all();
	text = render(240, false, true);
	row = line_with(text, "nothing");
	/* That no kernel lock was waited for is an empty list, and so a zero that was measured. */
	ck_assert_msg(strspn(strstr(row, "threads") + strlen("threads"), " -0") ==
			      strlen(strstr(row, "threads") + strlen("threads")),
		      "%s", row);
	ck_assert_ptr_eq(strchr(row, '0'), strrchr(row, '0'));
	free(row);
	free(text);
}
END_TEST

START_TEST(who_failed_has_a_row_and_a_reason)
{
	char *text, *row;

	session->results[FIXTURE_UNSUPPORTED].status = RESULT_TIMED_OUT;
	text = render(100, false, true);
	row = line_with(text, "processes     -");
	has(row, "mutex");
	has(row, "failed");
	has(text, "failed: worker 1 was killed by SIGKILL");
	has(text, "timed out: this kernel");
	free(row);
	free(text);
}
END_TEST

START_TEST(without_colour_there_is_no_escape_and_with_it_the_same_text)
{
	char *plain = render(100, false, true), *color = render(100, true, true);
	size_t from = 0, to = 0;

	has_not(plain, "\033");
	has(color, "\033");
	while (color[from]) {
		if (color[from] == '\033')
			from += strcspn(color + from, "m") + 1;
		else
			color[to++] = color[from++];
	}
	color[to] = '\0';
	ck_assert_str_eq(plain, color);
	free(plain);
	free(color);
}
END_TEST

START_TEST(a_session_cannot_move_the_cursor)
{
	char *text;

	replace(&session->results[FIXTURE_MUTEX].strategy, "\033[2Jmutex\r\n\t\x9b");
	replace(&session->results[FIXTURE_FAILED].reason, "\033]0;title\007");
	replace(&session->host.kernel, "6\033[31m");
	text = render(100, false, true);
	has_not(text, "\033");
	has_not(text, "\r");
	has_not(text, "\007");
	has_not(text, "\x9b");
	free(text);
}
END_TEST

START_TEST(ascii_is_ascii)
{
	char *text = render(100, false, false), *at;

	for (at = text; *at; at++)
		ck_assert_int_ge(*at, 0);
	has(text, "+-95%");
	free(text);
}
END_TEST

START_TEST(the_best_shares_work_and_is_exact)
{
	char *text = render(100, false, true);

	has(text, "* atomic");
	free(text);
	/* The baseline is none, however many workers it says it had. */
	session->results[FIXTURE_SEQUENTIAL].workers = 2;
	text = render(100, false, true);
	has(text, "* atomic");
	free(text);
	session->results[FIXTURE_ATOMIC].workers = 1;
	text = render(100, false, true);
	has(text, "* mutex");
	free(text);
	session->results[FIXTURE_ATOMIC].workers = 2;
	session->results[FIXTURE_ATOMIC].counter.lost = 1;
	text = render(100, false, true);
	has(text, "* mutex");
	free(text);
	session->results[FIXTURE_MUTEX].time.ns_per_op.median = NAN;
	text = render(100, false, true);
	has(text, "* pipe");
	free(text);
}
END_TEST

static void bar_is(struct budget budget, const char *expected)
{
	char bar[BUDGET_CELLS + 1];

	budget_bar(&budget, NAN, bar);
	ck_assert_str_eq(bar, expected);
}

START_TEST(a_bar_splits_time_on_the_cpu_where_that_is_known)
{
	const struct budget budget = { .wall = 100, .on_cpu = 80, .blocked.futex = 20 };
	char bar[BUDGET_CELLS + 1];

	budget_bar(&budget, 25, bar);
	ck_assert_str_eq(bar, "||||||||||||ssss....");
	budget_bar(&budget, 0, bar);
	ck_assert_str_eq(bar, "||||||||||||||||....");
	budget_bar(&budget, 100, bar);
	ck_assert_str_eq(bar, "ssssssssssssssss....");
}
END_TEST

START_TEST(a_bar_has_its_cells_and_never_hides_what_is_unaccounted)
{
	bar_is((struct budget){ .wall = 100, .on_cpu = 100 }, "||||||||||||||||||||");
	bar_is((struct budget){ .wall = 100, .on_cpu = 50, .run_queue = 25, .blocked.pipe = 25 },
	       "||||||||||rrrrr.....");
	bar_is((struct budget){ .wall = 99, .on_cpu = 33, .run_queue = 33, .blocked.pipe = 33 },
	       "|||||||rrrrrrr......");
	bar_is((struct budget){ .wall = 1000, .on_cpu = 989, .unaccounted = 11 },
	       "|||||||||||||||||||?");
	bar_is((struct budget){ .wall = 1000, .on_cpu = 1011, .unaccounted = -11 },
	       "|||||||||||||||||||?");
	bar_is((struct budget){ .wall = 1000, .on_cpu = 991, .unaccounted = 9 },
	       "||||||||||||||||||||");
	bar_is((struct budget){ .wall = 1000, .on_cpu = 999, .blocked.futex = 1 },
	       "||||||||||||||||||||");
	bar_is((struct budget){ .wall = NO_INT, .on_cpu = NO_INT }, "-");
	bar_is((struct budget){ 0 }, "-");
}
END_TEST

START_TEST(kernel_locks_show_only_where_there_is_room_and_by_type)
{
	char *narrow = render(100, false, true), *wide = render(240, false, true), *row;

	has_not(narrow, "KERNEL LOCKS");
	has(wide, "KERNEL LOCKS/KOP");
	row = line_with(wide, "  pipe ");
	has(row, "mutex 2.");
	free(row);
	free(narrow);
	free(wide);
	/* Where nobody looked, nothing is zero. */
	replace(&session->tracing.how.contention, NULL);
	wide = render(240, false, true);
	row = line_with(wide, "  mutex");
	has(row, "30.7 us  -");
	free(row);
	free(wide);
}
END_TEST

/* Of a result of the fixture, which has none. */
static struct hardware *add_hardware(size_t result, int64_t instructions)
{
	struct hardware *hardware = calloc(1, sizeof(*hardware));

	ck_assert_ptr_nonnull(hardware);
	fields_clear(&hardware_shape, hardware);
	hardware->cycles = 1000;
	hardware->instructions = instructions;
	session->results[result].hardware = hardware;
	return hardware;
}

START_TEST(hardware_counters_have_a_line_only_where_there_are_any)
{
	char *text = render(100, false, true);

	has_not(text, "hardware counters");
	free(text);
	add_hardware(FIXTURE_ATOMIC, 250);
	text = render(100, false, true);
	has(text,
	    "\nhardware counters: 0.25 (atomic threads) instructions per cycle, in user mode\n");
	free(text);
	add_hardware(FIXTURE_SEQUENTIAL, 3500)->kernel_included = true;
	add_hardware(FIXTURE_NONE, NO_INT);
	text = render(100, false, true);
	has(text, "\nhardware counters: 0.25 (atomic threads) to 3.50 (sequential threads) "
		  "instructions");
	free(text);
}
END_TEST

START_TEST(who_could_not_be_counted_says_why)
{
	char *text;

	replace(&add_hardware(FIXTURE_PIPE, NO_INT)->reason, "no \033[1mroom");
	text = render(100, false, true);
	has(text, "\nhardware counters: pipe threads has none: no ?[1mroom");
	has_not(text, "instructions per cycle");
	free(text);
}
END_TEST

START_TEST(the_probe_has_a_line_with_what_it_took)
{
	struct tracing_cost *cost = session->tracing.cost;
	char *text = render(100, false, true);

	has(text, "\nthe probe: loaded in 84.2 ms, attached in 5.12 ms, 64.0 KiB of maps; "
		  "sched_switch 208 ns a run\n");
	free(text);
	/* What ran at the first level longest is named, not what is first. */
	cost->programs[1].runs = 70000;
	replace(&cost->programs[1].name, "tp_btf/\033[1mhostile");
	text = render(100, false, true);
	has(text, "of maps; ?[1mhostile 157 ns a run\n");
	free(text);
	cost->maps_bytes = 3 << 19;
	text = render(100, false, true);
	has(text, ", 1.50 MiB of maps; ");
	free(text);
	cost->maps_bytes = NO_INT;
	for (size_t i = 0; i < cost->n_programs; i++)
		cost->programs[i].ns_per_run = NAN;
	text = render(100, false, true);
	has(text, "\nthe probe: loaded in 84.2 ms, attached in 5.12 ms\n");
	free(text);
}
END_TEST

START_TEST(each_level_s_slowdown_has_its_interval_where_there_is_room)
{
	char *text = render(400, false, true);

	has(text, " SLOWDOWN ");
	has(text, " CI95 ");
	has(text, " CALLS SLOWDOWN ");
	has(text, " CALLS CI95 ");
	has(text, " 1.26-1.32 ");
	free(text);
}
END_TEST

START_TEST(the_header_names_the_preset)
{
	char *text;

	replace(&session->plan.preset, "quick");
	text = render(100, false, true);
	has(text, "\npreset quick: 2 workers as threads and processes");
	free(text);
}
END_TEST

START_TEST(an_empty_session_is_no_trouble)
{
	char *text;

	session_free(session);
	session = session_new();
	text = render(100, false, true);
	has(text, "not traced");
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("table");

	add_fixed(suite, it_looks_as_it_did);
	add_fixed(suite, it_says_loudly_what_went_wrong);
	add_fixed(suite, without_tracing_it_says_why_and_shows_nothing_as_zero);
	add_fixed(suite, no_line_is_wider_than_the_terminal);
	add_fixed(suite, extreme_values_do_not_widen_a_line);
	add_fixed(suite, fixed_work_has_seconds_and_totals);
	add_fixed(suite, long_names_are_cut_in_the_row_and_whole_below);
	add_fixed(suite, within_a_family_the_fastest_strategy_comes_first);
	add_fixed(suite, what_is_null_never_prints_as_zero);
	add_fixed(suite, who_failed_has_a_row_and_a_reason);
	add_fixed(suite, without_colour_there_is_no_escape_and_with_it_the_same_text);
	add_fixed(suite, a_session_cannot_move_the_cursor);
	add_fixed(suite, ascii_is_ascii);
	add_fixed(suite, the_best_shares_work_and_is_exact);
	add_fixed(suite, a_bar_has_its_cells_and_never_hides_what_is_unaccounted);
	add_fixed(suite, a_bar_splits_time_on_the_cpu_where_that_is_known);
	add_fixed(suite, kernel_locks_show_only_where_there_is_room_and_by_type);
	add_fixed(suite, hardware_counters_have_a_line_only_where_there_are_any);
	add_fixed(suite, who_could_not_be_counted_says_why);
	add_fixed(suite, the_probe_has_a_line_with_what_it_took);
	add_fixed(suite, each_level_s_slowdown_has_its_interval_where_there_is_room);
	add_fixed(suite, the_header_names_the_preset);
	add_fixed(suite, an_empty_session_is_no_trouble);
	return run_suite(suite);
}
