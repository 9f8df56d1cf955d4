/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check_main.h"
#include "lib/fixture.h"
#include "session/verdict.h"

static struct session *session;

static void set_up(void)
{
	session = fixture_session();
}

static void tear_down(void)
{
	session_free(session);
}

static void set_text(char **text, const char *value)
{
	free(*text);
	*text = value ? strdup(value) : NULL;
}

/* A number as the sentence has it, without its separators. */
static double token_value(const char *text, regoff_t length)
{
	char digits[64] = "";
	size_t at = 0;
	regoff_t i;

	for (i = 0; i < length && at + 1 < sizeof(digits); i++)
		if (text[i] != ',')
			digits[at++] = text[i];
	return strtod(digits, NULL);
}

static bool is_figure(const struct result *result, double value)
{
	size_t i;

	for (i = 0; i < result->n_figures; i++)
		if (result->figures[i].value == value)
			return true;
	return false;
}

/* The sentence's numbers, one by one and in order, are the figures. */
static void check_numbers(const struct result *result)
{
	const char *at = result->verdict;
	regmatch_t match;
	size_t n = 0;
	regex_t number;

	ck_assert_int_eq(
		regcomp(&number, "[0-9](,?[0-9])*(\\.[0-9]+)?(e[-+][0-9]+)?", REG_EXTENDED), 0);
	while (!regexec(&number, at, 1, &match, 0)) {
		double value = token_value(at + match.rm_so, match.rm_eo - match.rm_so);

		ck_assert_msg(is_figure(result, value), "%g is no figure: %s", value,
			      result->verdict);
		ck_assert_uint_lt(n, result->n_figures);
		ck_assert_double_eq(result->figures[n].value, value);
		at += match.rm_eo;
		n++;
	}
	regfree(&number);
	ck_assert_msg(n == result->n_figures, "%zu numbers, %zu figures: %s", n, result->n_figures,
		      result->verdict);
}

/* The result with its verdict written; checks what holds for every verdict. */
static struct result *judged(int which)
{
	struct result *result = &session->results[which];

	ck_assert_int_eq(verdict_write(result, session), 0);
	ck_assert_ptr_nonnull(result->verdict);
	check_numbers(result);
	return result;
}

static void says(const struct result *result, const char *words)
{
	ck_assert_msg(strstr(result->verdict, words) != NULL, "no '%s' in: %s", words,
		      result->verdict);
}

static void says_not(const struct result *result, const char *words)
{
	ck_assert_msg(strstr(result->verdict, words) == NULL, "'%s' in: %s", words,
		      result->verdict);
}

static const struct figure *find(const struct result *result, const char *name)
{
	size_t i;

	for (i = 0; i < result->n_figures; i++)
		if (!strcmp(result->figures[i].name, name))
			return &result->figures[i];
	return NULL;
}

/* One decimal of a percentage is right to 0.1, for it may be cut; two digits to 5 %. */
static void figure_is(const struct result *result, const char *name, double raw)
{
	const struct figure *figure = find(result, name);
	double scale = 1, slack;

	ck_assert_msg(figure != NULL, "no figure %s: %s", name, result->verdict);
	if (!strcmp(figure->unit, "us"))
		scale = 1e3;
	if (!strcmp(figure->unit, "ms"))
		scale = 1e6;
	slack = fabs(raw / scale) * (raw / scale < 1 ? 0.05 : 0.005);
	if (!strcmp(figure->unit, "%"))
		slack = 0.1;
	ck_assert_msg(fabs(figure->value - raw / scale) <= slack, "%s is %g, not %g", name,
		      figure->value, raw / scale);
}

static double percent_of_wall(const struct result *result, int64_t ns)
{
	return 100 * (double)ns / (double)result->kernel->sleeps->budget.wall;
}

static double per_kop(const struct result *result, int64_t count)
{
	return 1000 * (double)count / (double)result->kernel->sleeps->ops;
}

START_TEST(a_result_that_was_not_raced_to_its_end_has_no_verdict)
{
	struct result *failed = &session->results[FIXTURE_FAILED];

	set_text(&failed->verdict, "left over");
	ck_assert_int_eq(verdict_write(failed, session), 0);
	ck_assert_ptr_null(failed->verdict);
	ck_assert_uint_eq(failed->n_figures, 0);
	ck_assert_int_eq(verdict_write(&session->results[FIXTURE_UNSUPPORTED], session), 0);
	ck_assert_ptr_null(session->results[FIXTURE_UNSUPPORTED].verdict);
}
END_TEST

START_TEST(every_number_of_every_result_is_a_figure)
{
	size_t i;

	for (i = 0; i < session->n_results; i++)
		if (session->results[i].status == RESULT_OK)
			judged((int)i);
}
END_TEST

START_TEST(lost_updates_are_counted_and_explained)
{
	struct result *none = judged(FIXTURE_NONE);
	const struct counter *counter = &none->counter;

	figure_is(none, "lost_percent", 100 * (double)counter->lost / (double)counter->expected);
	figure_is(none, "lost", (double)counter->lost);
	figure_is(none, "expected", (double)counter->expected);
	says(none, "two workers read the same value");
	says_not(none, "BROKEN");
}
END_TEST

START_TEST(a_broken_promise_is_called_broken_and_no_cause_is_guessed)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];

	mutex->counter.lost = 3;
	judged(FIXTURE_MUTEX);
	says(mutex, "BROKEN: ");
	says_not(mutex, "two workers");
	figure_is(mutex, "lost", 3);
	mutex->counter.lost = -7;
	judged(FIXTURE_MUTEX);
	says(mutex, "BROKEN: ");
	figure_is(mutex, "lost", 7);
}
END_TEST

START_TEST(a_loss_too_small_for_a_decimal_does_not_read_as_none)
{
	struct result *none = &session->results[FIXTURE_NONE];

	none->counter.lost = 1;
	for (none->counter.expected = 1000; none->counter.expected <= 1000000000000;
	     none->counter.expected *= 10) {
		judged(FIXTURE_NONE);
		ck_assert_double_gt(find(none, "lost_percent")->value, 0);
	}
	none->counter.expected = 1000000;
	none->counter.lost = none->counter.expected - 1;
	judged(FIXTURE_NONE);
	says_not(none, "100.0 %");
}
END_TEST

START_TEST(permits_are_named_where_they_admit_the_race)
{
	struct result *none = &session->results[FIXTURE_NONE];

	none->permits = 2;
	says(judged(FIXTURE_NONE), "more than one permit");
}
END_TEST

START_TEST(a_traced_mutex_says_its_parts_and_how_few_slept)
{
	struct result *mutex = judged(FIXTURE_MUTEX);
	const struct sleeps *sleeps = mutex->kernel->sleeps;

	figure_is(mutex, "on_cpu_percent", percent_of_wall(mutex, sleeps->budget.on_cpu));
	figure_is(mutex, "futex_percent", percent_of_wall(mutex, sleeps->budget.blocked.futex));
	figure_is(mutex, "sleeps_per_kop", per_kop(mutex, sleeps->switches.voluntary));
	figure_is(mutex, "mean_sleep",
		  (double)sleeps->budget.blocked.futex / (double)sleeps->switches.voluntary);
	figure_is(mutex, "times_sequential", 1 / mutex->time.speedup);
	says(mutex, "with only ");
	says_not(mutex, "not split");
}
END_TEST

static double per_called_kop(const struct result *result, int64_t count)
{
	return 1000 * (double)count / (double)result->kernel->calls->ops;
}

START_TEST(calls_on_a_futex_are_told_by_how_they_ended)
{
	struct result *mutex = judged(FIXTURE_MUTEX);
	const struct calls *calls = mutex->kernel->calls;

	figure_is(mutex, "system_percent", 25);
	figure_is(mutex, "futex_waits_per_kop", per_called_kop(mutex, calls->futex.waits));
	figure_is(mutex, "eagain_per_kop", per_called_kop(mutex, calls->futex.eagain));
	figure_is(mutex, "futex_slept_per_kop", per_called_kop(mutex, calls->futex.slept));
}
END_TEST

START_TEST(without_futexes_the_longest_call_is_told)
{
	struct result *pipe = judged(FIXTURE_PIPE);
	struct syscall_sum *write = &pipe->kernel->calls->syscalls[0];

	figure_is(pipe, "longest_call_per_kop", per_called_kop(pipe, write->count));
	figure_is(pipe, "longest_call", 1700);
	says(pipe, "calls of write");
	/* Digits are figures', and a name's would not be one. */
	set_text(&write->name, "dup3");
	says(judged(FIXTURE_PIPE), "calls of the longest kind");
}
END_TEST

START_TEST(without_the_calls_level_the_time_on_the_cpu_is_said_not_to_be_split)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];
	struct calls *calls = mutex->kernel->calls;

	calls->reconciled.ok = false;
	says(judged(FIXTURE_MUTEX), "not split");
	ck_assert_ptr_null(find(mutex, "system_percent"));
	mutex->kernel->calls = NULL;
	says(judged(FIXTURE_MUTEX), "not split");
	mutex->kernel->calls = calls;
}
END_TEST

START_TEST(calls_that_were_traced_alone_are_told)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];
	struct sleeps *sleeps = mutex->kernel->sleeps;

	mutex->kernel->sleeps = NULL;
	judged(FIXTURE_MUTEX);
	says_not(mutex, "not traced");
	figure_is(mutex, "system_percent", 25);
	ck_assert_ptr_nonnull(find(mutex, "eagain_per_kop"));
	mutex->kernel->sleeps = sleeps;
}
END_TEST

START_TEST(who_makes_no_call_is_said_to_make_none)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];

	mutex->kernel->calls->futex.waits = 0;
	mutex->kernel->calls->syscalls[0].count = 0;
	says(judged(FIXTURE_MUTEX), "; no system call");
}
END_TEST

START_TEST(rare_calls_are_counted_by_the_repeat)
{
	struct calls *mutex = session->results[FIXTURE_MUTEX].kernel->calls;
	struct calls *pipe = session->results[FIXTURE_PIPE].kernel->calls;

	mutex->futex.waits = 25;
	mutex->futex.eagain = 0;
	mutex->futex.slept = 20;
	mutex->ops = 100000000;
	figure_is(judged(FIXTURE_MUTEX), "futex_waits_per_repeat", 2.5);
	figure_is(&session->results[FIXTURE_MUTEX], "eagain_per_repeat", 0);
	figure_is(&session->results[FIXTURE_MUTEX], "futex_slept_per_repeat", 2);
	says(&session->results[FIXTURE_MUTEX],
	     ": 2.50 futex waits a repeat, 0 of them for nothing");
	pipe->syscalls[0].count = 30;
	pipe->ops = 100000000;
	figure_is(judged(FIXTURE_PIPE), "longest_call_per_repeat", 3);
	says(&session->results[FIXTURE_PIPE], ": 3.00 calls of write a repeat, ");
}
END_TEST

START_TEST(rare_sleeps_are_counted_by_the_repeat)
{
	struct sleeps *mutex = session->results[FIXTURE_MUTEX].kernel->sleeps;
	struct sleeps *turn = session->results[FIXTURE_TURN_FUTEX].kernel->sleeps;

	mutex->switches.voluntary = 20;
	turn->futex.slept = 30;
	turn->ops = 100000000;
	figure_is(judged(FIXTURE_MUTEX), "sleeps_per_repeat", 2);
	says(&session->results[FIXTURE_MUTEX], ", with only 2.00 sleeps (");
	says(&session->results[FIXTURE_MUTEX], " each) a repeat;");
	figure_is(judged(FIXTURE_TURN_FUTEX), "futex_sleeps_per_repeat", 3);
	says(&session->results[FIXTURE_TURN_FUTEX], ", with 3.00 futex sleeps (");
	/* Where it is not known how many repeats there were, as all others. */
	mutex->repeats = NO_INT;
	figure_is(judged(FIXTURE_MUTEX), "sleeps_per_kop",
		  per_kop(&session->results[FIXTURE_MUTEX], 20));
}
END_TEST

START_TEST(who_never_slept_is_said_to_never_have_slept)
{
	struct result *atomic = judged(FIXTURE_ATOMIC);

	says(atomic, "never asleep");
	ck_assert_ptr_null(find(atomic, "sleeps_per_kop"));
}
END_TEST

START_TEST(sleeps_on_a_futex_are_counted_as_such)
{
	struct result *turn = judged(FIXTURE_TURN_FUTEX);
	const struct futex_waits *futex = &turn->kernel->sleeps->futex;

	figure_is(turn, "futex_sleeps_per_kop", per_kop(turn, futex->slept));
	figure_is(turn, "mean_futex_sleep", (double)futex->wait_ns / (double)futex->slept);
	says(turn, "the price of blocking");
	says_not(turn, "only");
}
END_TEST

START_TEST(a_message_strategy_says_who_waited_and_how_to_carry_more)
{
	struct result *pipe = &session->results[FIXTURE_PIPE];
	struct task_view *owner = &pipe->kernel->sleeps->per_worker[2];

	ck_assert_str_eq(owner->role, "owner");
	owner->on_cpu_ns = 25;
	owner->run_queue_ns = 0;
	owner->blocked_ns = 75;
	judged(FIXTURE_PIPE);
	figure_is(pipe, "owner_blocked_percent", 75);
	says(pipe, "--batch=...");
	pipe->batch = 64;
	says_not(judged(FIXTURE_PIPE), "--batch");
}
END_TEST

START_TEST(waiting_for_a_cpu_says_so_and_where_tasks_share_one)
{
	struct result *atomic = &session->results[FIXTURE_ATOMIC];
	struct budget *budget = &atomic->kernel->sleeps->budget;

	budget->run_queue += budget->on_cpu - 1000;
	budget->on_cpu = 1000;
	judged(FIXTURE_ATOMIC);
	figure_is(atomic, "run_queue_percent", percent_of_wall(atomic, budget->run_queue));
	figure_is(atomic, "involuntary_per_kop",
		  per_kop(atomic, atomic->kernel->sleeps->switches.involuntary));
	says_not(atomic, "share a CPU");
	atomic->placement[1] = atomic->placement[0];
	says(judged(FIXTURE_ATOMIC), "share a CPU");
	set_text(&session->plan.pin, "none");
	says_not(judged(FIXTURE_ATOMIC), "share a CPU");
}
END_TEST

START_TEST(every_reason_has_a_name)
{
	struct result *turn = &session->results[FIXTURE_TURN_FUTEX];
	struct blocked *blocked = &turn->kernel->sleeps->budget.blocked;
	const struct {
		int64_t *ns;
		const char *figure;
	} all[] = {
		{ &blocked->futex, "futex_percent" },
		{ &blocked->pipe, "pipe_percent" },
		{ &blocked->eventfd, "eventfd_percent" },
		{ &blocked->socket, "socket_percent" },
		{ &blocked->mqueue, "mqueue_percent" },
		{ &blocked->sysv, "sysv_percent" },
		{ &blocked->io_uring, "io_uring_percent" },
		{ &blocked->kernel_lock, "kernel_lock_percent" },
		{ &blocked->sleep, "sleep_percent" },
		{ &blocked->page_fault, "page_fault_percent" },
		{ &blocked->other, "other_percent" },
	};
	size_t i;

	ck_assert_uint_eq(sizeof(all) / sizeof(all[0]), sizeof(*blocked) / sizeof(int64_t));
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		memset(blocked, 0, sizeof(*blocked));
		*all[i].ns = turn->kernel->sleeps->budget.wall / 2;
		judged(FIXTURE_TURN_FUTEX);
		figure_is(turn, all[i].figure, 50);
	}
}
END_TEST

START_TEST(counts_that_did_not_reconcile_are_said_first_and_not_used)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];

	mutex->kernel->sleeps->reconciled.ok = false;
	judged(FIXTURE_MUTEX);
	ck_assert_ptr_eq(strstr(mutex->verdict, "the kernel's counts did not reconcile"),
			 mutex->verdict);
	ck_assert_ptr_null(find(mutex, "on_cpu_percent"));
	ck_assert_ptr_nonnull(find(mutex, "untraced_switches_per_kop"));
}
END_TEST

START_TEST(without_the_kernels_view_it_says_what_getrusage_can)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];
	struct kernel_view *kernel = mutex->kernel;
	double ops = 0;
	size_t i;

	mutex->kernel = NULL;
	judged(FIXTURE_MUTEX);
	for (i = 0; i < mutex->time.wall_ns.n_samples; i++)
		ops += mutex->time.wall_ns.samples[i] / mutex->time.ns_per_op.samples[i];
	figure_is(mutex, "untraced_switches_per_kop",
		  1000 * (double)(mutex->rusage.voluntary + mutex->rusage.involuntary) / ops);
	figure_is(mutex, "cpus_busy",
		  mutex->time.cpu_ns_per_op.median / mutex->time.ns_per_op.median);
	says(mutex, "not traced");
	mutex->kernel = kernel;
}
END_TEST

START_TEST(nothing_measured_is_nothing_said)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];
	struct kernel_view *kernel = mutex->kernel;

	mutex->kernel = NULL;
	mutex->counter.lost = NO_INT;
	mutex->rusage.voluntary = NO_INT;
	mutex->time.ns_per_op.median = NAN;
	judged(FIXTURE_MUTEX);
	ck_assert_uint_eq(mutex->n_figures, 0);
	says(mutex, "not traced");
	mutex->kernel = kernel;
}
END_TEST

START_TEST(huge_counts_stay_figures)
{
	struct result *turn = &session->results[FIXTURE_TURN_FUTEX];

	turn->kernel->sleeps->futex.slept = 1000000000000000;
	turn->kernel->sleeps->ops = 1;
	judged(FIXTURE_TURN_FUTEX);
	session->results[FIXTURE_NONE].counter.expected = INT64_MAX;
	judged(FIXTURE_NONE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verdict");

	add_fixed(suite, a_result_that_was_not_raced_to_its_end_has_no_verdict);
	add_fixed(suite, every_number_of_every_result_is_a_figure);
	add_fixed(suite, lost_updates_are_counted_and_explained);
	add_fixed(suite, a_broken_promise_is_called_broken_and_no_cause_is_guessed);
	add_fixed(suite, a_loss_too_small_for_a_decimal_does_not_read_as_none);
	add_fixed(suite, permits_are_named_where_they_admit_the_race);
	add_fixed(suite, a_traced_mutex_says_its_parts_and_how_few_slept);
	add_fixed(suite, calls_on_a_futex_are_told_by_how_they_ended);
	add_fixed(suite, without_futexes_the_longest_call_is_told);
	add_fixed(suite, without_the_calls_level_the_time_on_the_cpu_is_said_not_to_be_split);
	add_fixed(suite, calls_that_were_traced_alone_are_told);
	add_fixed(suite, who_makes_no_call_is_said_to_make_none);
	add_fixed(suite, rare_calls_are_counted_by_the_repeat);
	add_fixed(suite, rare_sleeps_are_counted_by_the_repeat);
	add_fixed(suite, who_never_slept_is_said_to_never_have_slept);
	add_fixed(suite, sleeps_on_a_futex_are_counted_as_such);
	add_fixed(suite, a_message_strategy_says_who_waited_and_how_to_carry_more);
	add_fixed(suite, waiting_for_a_cpu_says_so_and_where_tasks_share_one);
	add_fixed(suite, every_reason_has_a_name);
	add_fixed(suite, counts_that_did_not_reconcile_are_said_first_and_not_used);
	add_fixed(suite, without_the_kernels_view_it_says_what_getrusage_can);
	add_fixed(suite, nothing_measured_is_nothing_said);
	add_fixed(suite, huge_counts_stay_figures);
	return run_suite(suite);
}
