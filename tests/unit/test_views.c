/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The views besides the summary, which test_table.c looks at: what it holds to holds here, too. */
#include <math.h>

#include "report/histogram_bar.h"
#include "report/report.h"
#include "session/fields.h"
#include "unit/viewed.h"

static report *const views[] = { report_latency, report_workers, report_kernel, report_locks,
				 report_budget };
#define N_VIEWS (sizeof(views) / sizeof(views[0]))

static void all_fit(void)
{
	size_t view;

	for (view = 0; view < N_VIEWS; view++)
		fits_everywhere(views[view], session);
}

static void forget_latency(struct result *result)
{
	if (result->latency)
		fields_free(&latencies_shape, result->latency);
	free(result->latency);
	result->latency = NULL;
}

START_TEST(latencies_look_as_they_did)
{
	matches_golden("latency-80", render(report_latency, 80, false, true));
	matches_golden("latency-100", render(report_latency, 100, false, true));
	matches_golden("latency-120", render(report_latency, 120, false, true));
	matches_golden("latency-120-ascii", render(report_latency, 120, false, false));
	matches_golden("latency-120-color", render(report_latency, 120, true, true));
}
END_TEST

START_TEST(workers_look_as_they_did)
{
	matches_golden("workers-80", render(report_workers, 80, false, true));
	matches_golden("workers-100", render(report_workers, 100, false, true));
	matches_golden("workers-120", render(report_workers, 120, false, true));
	matches_golden("workers-100-ascii", render(report_workers, 100, false, false));
	matches_golden("workers-100-color", render(report_workers, 100, true, true));
}
END_TEST

START_TEST(no_line_is_wider_than_the_terminal)
{
	all_fit();
}
END_TEST

static void set_latencies(struct latencies *latencies, int64_t ns, double clock_ns)
{
	size_t i;

	latencies->p50 = latencies->p90 = latencies->p99 = latencies->p99_9 = ns;
	latencies->max = latencies->count = latencies->sampled_every = ns;
	latencies->clock_ns = clock_ns;
	for (i = 0; i < latencies->n_bins; i++)
		latencies->bins[i] = (struct bin){ ns, ns, ns };
}

static void set_parts(struct result *result, int64_t count, double real)
{
	struct sleeps *sleeps = result->kernel->sleeps;
	size_t i;

	result->fairness = (struct fairness){ real, real / 1000, real, { real, count } };
	for (i = 0; i < result->time.wall_ns.n_samples; i++)
		result->time.wall_ns.samples[i] = real;
	for (i = 0; i < result->n_per_worker; i++) {
		struct worker_part *part = &result->per_worker[i];

		part->worker = part->ops = part->cpu_ns = count;
		part->share = real;
		part->run_length = (struct run_length){ real, count };
		result->placement[i] = count;
	}
	for (i = 0; i < sleeps->n_per_worker; i++) {
		struct task_view *task = &sleeps->per_worker[i];

		task->worker = count;
		task->switches = (struct switches){ count, count };
		task->on_cpu_ns = task->run_queue_ns = task->blocked_ns = count;
	}
	sleeps->reconciled.ok = count % 2 == 0;
}

START_TEST(extreme_values_do_not_widen_a_line)
{
	static const int64_t counts[] = { 1000000000000000, INT64_MAX, NO_INT, 0, -5 };
	static const double reals[] = { 1e300, INFINITY, NAN, 0, -5 };
	size_t i, j;

	for (i = 0; i < sizeof(reals) / sizeof(reals[0]); i++) {
		for (j = 0; j < session->n_results; j++) {
			struct result *result = &session->results[j];

			result->time.ns_per_op.median = reals[i];
			if (result->status != RESULT_OK)
				continue;
			set_latencies(result->latency, counts[i], reals[i]);
			set_parts(result, counts[i], reals[i]);
		}
		all_fit();
	}
}
END_TEST

START_TEST(a_latency_says_what_was_timed_and_what_it_came_to)
{
	struct latencies *pipe = session->results[FIXTURE_PIPE].latency;
	char *text;

	pipe->p50 = 7;
	pipe->p90 = 99;
	pipe->p99 = 1234;
	pipe->p99_9 = 5678901;
	pipe->max = 20000001;
	pipe->count = 1234567;
	pipe->sampled_every = 24;
	text = render(report_latency, 100, false, false);
	row_is(text, "  pipe",
	       "pipe threads 870 message 7 ns 99 ns 1.23 us 5.68 ms 20.0 ms 1,230,000 24");
	has(text, "message: from before it is sent to when its owner has received it\n");
	has(text, "turn: from before it is handed on to when the next has it\n");
	has(text, "section: from before the lock");
	has_not(text, "pace:");
	has(text, "nothing is trimmed | percentiles within 0.8 %");
	has(text, "reading the clock (24.5 ns) is taken off");
	has(text, "1 IN so many passes");
	free(text);
	replace(&pipe->from, "pace");
	pipe->clock_ns = 30;
	text = render(report_latency, 100, false, false);
	has(text, "pace: from when it was meant to begin");
	has_not(text, "message: from");
	has(text, "reading the clock (24.5 to 30.0 ns)");
	free(text);
}
END_TEST

START_TEST(what_has_no_room_is_not_explained)
{
	char *narrow = render(report_latency, 80, false, false);
	char *wide = render(report_latency, 160, false, false);

	has_not(narrow, "HISTOGRAM");
	has(wide, " HISTOGRAM\n");
	has(wide, "HISTOGRAM from 1 ns to ");
	free(narrow);
	free(wide);
}
END_TEST

START_TEST(without_a_latency_it_says_how_to_get_one)
{
	char *text;
	size_t i;

	text = render(report_latency, 160, false, false);
	has_not(text, "--latency");
	free(text);
	forget_latency(&session->results[FIXTURE_MUTEX]);
	text = render(report_latency, 100, false, false);
	row_is(text, "  mutex", "mutex threads 33.9 - - - - - - - -");
	has(text, "--latency=3 times passes");
	free(text);
	for (i = 0; i < session->n_results; i++)
		forget_latency(&session->results[i]);
	text = render(report_latency, 160, false, false);
	has(text, "--latency=3 times passes");
	has_not(text, "HISTOGRAM");
	has_not(text, "0.8 %");
	has_not(text, "section");
	free(text);
}
END_TEST

/* The lines between that with the words and the next that is no worker's. */
static size_t rows_below(const char *text, const char *words)
{
	const char *at = strchr(strstr(text, words), '\n') + 1;
	size_t n = 0;

	while (!strncmp(at, "    ", 4)) {
		n++;
		at = strchr(at, '\n') + 1;
	}
	return n;
}

START_TEST(each_worker_and_owner_has_a_row_with_what_came_to_it)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];
	struct result *pipe = &session->results[FIXTURE_PIPE];
	struct task_view *task = &mutex->kernel->sleeps->per_worker[1];
	size_t n_per_worker;
	char *text;

	mutex->fairness.min_share = 0.2015;
	mutex->fairness.max_share = 0.7985;
	mutex->placement[1] = 17;
	mutex->per_worker[1].ops = 1234567;
	mutex->per_worker[1].share = 0.756;
	mutex->per_worker[1].cpu_ns = 300000000; /* of 10 races of 0.1 s */
	mutex->per_worker[1].run_length = (struct run_length){ 33.25, 77 };
	mutex->kernel->sleeps->ops = 1000000;
	mutex->kernel->sleeps->switches = (struct switches){ 1100, 220 };
	task->switches = (struct switches){ 900, 130 };
	task->on_cpu_ns = 500;
	task->run_queue_ns = 100;
	task->blocked_ns = 400;
	text = render(report_workers, 160, false, false);
	ck_assert_uint_eq(rows_below(text, "  mutex       threads"), 2);
	ck_assert_uint_eq(rows_below(text, "  pipe        threads"), 3);
	ck_assert_uint_eq(rows_below(text, "  sequential  threads"), 1);
	row_is(strstr(text, "  mutex  "), "worker 1",
	       "worker 1 17 1,230,000 75.6% 30.0% 33.2 77 0.90 0.13 10.0% 40.0%");
	row_is(text, "  mutex  ",
	       "mutex threads 16.0M 20.2%-79.8% 0.964 60.0% 12.5 4,096 1.10 0.22 2.0% 20.1%");
	row_is(strstr(text, "  pipe  "), "owner", "owner 0 0 - 66.6% - - 3.03 1.63 16.5% 20.2%");
	free(text);
	pipe->n_placement = 0;
	n_per_worker = pipe->kernel->sleeps->n_per_worker;
	pipe->kernel->sleeps->n_per_worker = 0;
	text = render(report_workers, 160, false, false);
	row_is(strstr(text, "  pipe  "), "owner", "owner - 0 - 66.6% - - - - - -");
	free(text);
	/* For who frees it. */
	pipe->kernel->sleeps->n_per_worker = n_per_worker;
}
END_TEST

START_TEST(with_fixed_work_shares_are_not_judged)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];
	char *text;

	mutex->fairness = (struct fairness){ NAN, NAN, NAN, { NAN, NO_INT } };
	text = render(report_workers, 100, false, false);
	row_is(text, "  mutex  ", "mutex threads 29.5M - - 89.9% 0.45 0.0013 2.0% 20.1%");
	free(text);
}
END_TEST

START_TEST(counts_that_do_not_reconcile_are_void_for_workers_too)
{
	char *text, *row;

	session->results[FIXTURE_MUTEX].kernel->sleeps->reconciled.ok = false;
	text = render(report_workers, 100, false, false);
	row = line_with(strstr(text, "  mutex  "), "worker 1");
	has(row, " void    void");
	free(row);
	has(text, "NOT RECONCILED");
	free(text);
}
END_TEST

START_TEST(what_no_kernel_told_has_no_column)
{
	char *text;
	size_t i;

	for (i = 0; i < session->n_results; i++) {
		struct kernel_view *kernel = session->results[i].kernel;

		if (kernel) {
			fields_free(&sleeps_shape, kernel->sleeps);
			free(kernel->sleeps);
			kernel->sleeps = NULL;
		}
		session->results[i].fairness.run_length.mean = NAN;
	}
	text = render(report_workers, 240, false, false);
	has(text, "CPU TIME\n");
	has_not(text, "KOP");
	has_not(text, "RUNQ");
	has_not(text, "LONGEST");
	free(text);
}
END_TEST

START_TEST(many_workers_all_have_a_row)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];
	char *text;
	int64_t i;

	mutex->per_worker = realloc(mutex->per_worker, 64 * sizeof(*mutex->per_worker));
	ck_assert_ptr_nonnull(mutex->per_worker);
	for (i = 2; i < 64; i++) {
		mutex->per_worker[i] = mutex->per_worker[0];
		mutex->per_worker[i].worker = i;
		mutex->per_worker[i].role = strdup("worker");
	}
	mutex->n_per_worker = 64;
	all_fit();
	text = render(report_workers, 80, false, false);
	ck_assert_uint_eq(rows_below(text, "  mutex"), 64);
	has(text, "\n    worker 63 ");
	free(text);
}
END_TEST

START_TEST(who_failed_has_a_row_and_a_reason)
{
	size_t view;

	for (view = 0; view < N_VIEWS; view++) {
		char *text = render(views[view], 100, false, true), *row;

		row = line_with(strstr(text, "\nlock"), " processes ");
		has(row, "mutex");
		has(row, "failed");
		free(row);
		has(text, "failed: worker 1 was killed by SIGKILL");
		has(text, "unsupported: this kernel was built without");
		has_not(text, "asleep on futexes");
		free(text);
	}
}
END_TEST

START_TEST(warnings_stand_apart_in_every_view)
{
	size_t view, i;
	char *text;

	session->warnings = calloc(1, sizeof(*session->warnings));
	ck_assert_ptr_nonnull(session->warnings);
	session->n_warnings = 1;
	session->warnings[0].kind = strdup("clock");
	session->warnings[0].text = strdup("the clock is coarse");
	session->warnings[0].result = NO_INT;
	for (view = 0; view < N_VIEWS; view++) {
		text = render(views[view], 100, false, true);
		has(text, "warning: the clock is coarse\n");
		has_not(text, "\n\n\n");
		free(text);
	}
	for (i = 0; i < session->n_results; i++)
		session->results[i].status = RESULT_OK;
	text = render(report_latency, 100, false, true);
	has(text, "\n\nwarning:");
	has_not(text, "\n\n\n");
	free(text);
}
END_TEST

START_TEST(no_session_moves_the_cursor_and_ascii_is_ascii)
{
	size_t view;
	int how;

	replace(&session->results[FIXTURE_MUTEX].latency->from, "\033[2Jsection\r\n\x9b");
	replace(&session->results[FIXTURE_MUTEX].per_worker[0].role, "\033]0;title\007");
	for (view = 0; view < N_VIEWS; view++) {
		for (how = 0; how < 2; how++) {
			char *text = render(views[view], 160, false, how), *at;

			for (at = text; *at; at++)
				ck_assert((how && (unsigned char)*at >= 0x80) || *at == '\n' ||
					  (*at >= ' ' && *at < 0x7f));
			free(text);
		}
	}
}
END_TEST

START_TEST(an_empty_session_is_no_trouble)
{
	size_t view;

	session_free(session);
	session = session_new();
	for (view = 0; view < N_VIEWS; view++) {
		char *text = render(views[view], 100, false, true);

		has(text, "Linux -");
		free(text);
	}
}
END_TEST

static void bar_is(struct bin *bins, size_t n, struct axis axis, bool utf8, const char *expected)
{
	const struct report_style style = { .utf8 = utf8 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	histogram_bar(bins, n, &axis, &style, out);
	fclose(out);
	ck_assert_str_eq(text, expected);
	free(text);
}

/* One cell for each power of two. */
START_TEST(a_histogram_has_what_is_rare_in_a_cell_and_one_axis_for_all)
{
	const struct axis axis = { 1, 1 << HISTOGRAM_CELLS };

	bar_is((struct bin[]){ { 2, 4, 800 }, { 4, 8, 400 }, { 64, 65, 1 } }, 3, axis, false,
	       " @=   .");
	bar_is((struct bin[]){ { 2, 4, 800 }, { 4, 8, 400 }, { 64, 65, 1 } }, 3, axis, true,
	       " █▄   ▁");
	bar_is((struct bin[]){ { 0, 1, 5 }, { 1 << 20, NO_INT, 5 } }, 2, axis, false,
	       "@              @");
	bar_is((struct bin[]){ { 5, 6, 3 } }, 1, (struct axis){ 5, 5 }, false, "@");
	bar_is(NULL, 0, axis, false, "-");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("views");

	add_fixed(suite, latencies_look_as_they_did);
	add_fixed(suite, workers_look_as_they_did);
	add_fixed(suite, no_line_is_wider_than_the_terminal);
	add_fixed(suite, extreme_values_do_not_widen_a_line);
	add_fixed(suite, a_latency_says_what_was_timed_and_what_it_came_to);
	add_fixed(suite, what_has_no_room_is_not_explained);
	add_fixed(suite, without_a_latency_it_says_how_to_get_one);
	add_fixed(suite, each_worker_and_owner_has_a_row_with_what_came_to_it);
	add_fixed(suite, with_fixed_work_shares_are_not_judged);
	add_fixed(suite, counts_that_do_not_reconcile_are_void_for_workers_too);
	add_fixed(suite, what_no_kernel_told_has_no_column);
	add_fixed(suite, many_workers_all_have_a_row);
	add_fixed(suite, who_failed_has_a_row_and_a_reason);
	add_fixed(suite, warnings_stand_apart_in_every_view);
	add_fixed(suite, no_session_moves_the_cursor_and_ascii_is_ascii);
	add_fixed(suite, an_empty_session_is_no_trouble);
	add_fixed(suite, a_histogram_has_what_is_rare_in_a_cell_and_one_axis_for_all);
	return run_suite(suite);
}
