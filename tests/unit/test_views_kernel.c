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
		{ "80", 80, false, true },	  { "100", 100, false, true },
		{ "120", 120, false, true },	  { "100-ascii", 100, false, false },
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

static struct sleeps *sleeps_of(enum fixture_result which)
{
	return session->results[which].kernel->sleeps;
}

/* From these words on. */
static const char *from(const char *text, const char *words)
{
	const char *at = strstr(text, words);

	ck_assert_msg(at != NULL, "no '%s' in:\n%s", words, text);
	return at;
}

static struct distribution all_at(int64_t ns, int64_t n)
{
	struct distribution made = { ns, ns, ns, calloc(1, sizeof(struct bin)), 1 };

	ck_assert_ptr_nonnull(made.bins);
	made.bins[0] = (struct bin){ ns, ns + 1, n };
	return made;
}

static void set_delay(struct distribution *distribution, int64_t ns, int64_t n)
{
	free(distribution->bins);
	*distribution = all_at(ns, n);
}

START_TEST(switches_stand_beside_what_each_level_cost)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];
	struct sleeps *sleeps = mutex->kernel->sleeps;
	char *text;

	sleeps->ops = 1000000;
	sleeps->switches = (struct switches){ 1100, 220 };
	sleeps->wakeups = 1090;
	sleeps->migrations = 30;
	sleeps->slowdown = (struct estimate){ 1.125, { 1.0625, 1.25 }, NULL, 0 };
	mutex->kernel->calls->slowdown = (struct estimate){ 2, { 1.5, 3 }, NULL, 0 };
	sleeps->wakers->slowdown = (struct estimate){ 1.5, { NAN, NAN }, NULL, 0 };
	text = render(report_kernel, 160, false, false);
	row_is(text, "  mutex  ",
	       "mutex threads 1.10 0.22 1.09 0.030 1.12x 1.06-1.25 2.00x 1.50-3.00 1.50x");
	free(text);
	sleeps->reconciled.ok = false;
	text = render(report_kernel, 160, false, false);
	row_is(text, "  mutex  ",
	       "mutex threads void void void void 1.12x 1.06-1.25 2.00x 1.50-3.00 1.50x");
	has(text, "NOT RECONCILED");
	free(text);
}
END_TEST

/* Below turn-futex's delays. */
static bool has_tasks(const char *text)
{
	const char *row = from(from(text, "Delays:"), "  turn-futex");

	return strncmp(strchr(row, '\n') + 1, "    ", 4) == 0;
}

START_TEST(a_task_has_delays_of_its_own_where_it_differs)
{
	struct sleeps *sleeps = sleeps_of(FIXTURE_TURN_FUTEX);
	struct distribution *run_queue = &sleeps->per_worker[1].run_queue_delay_ns;
	char *text, *row;

	set_delay(run_queue, sleeps->per_worker[0].run_queue_delay_ns.p50 * 2 - 1, 100);
	text = render(report_kernel, 160, false, true);
	row = line_with(from(text, "Delays:"), "  turn-futex");
	has(row, "█  █           ▁");
	ck_assert(!has_tasks(text));
	free(row);
	free(text);
	set_delay(run_queue, sleeps->per_worker[0].run_queue_delay_ns.p50 * 2, 99);
	text = render(report_kernel, 160, false, false);
	ck_assert(!has_tasks(text));
	free(text);
	set_delay(run_queue, 5000000, 100);
	text = render(report_kernel, 100, false, false);
	row_is(from(from(text, "Delays:"), "  turn-futex"), "worker 1",
	       "worker 1 5.00 ms 5.00 ms 5.00 ms @ 2.06 us 30.7 us 32.8 us");
	free(text);
}
END_TEST

START_TEST(five_who_woke_have_a_row_and_the_others_one)
{
	struct sleeps *sleeps = sleeps_of(FIXTURE_PIPE);
	const char *woken;
	char *text;

	sleeps->wakers->ops = 1000000;
	for (size_t i = 0; i < sleeps->n_wake_edges; i++) {
		sleeps->wake_edges[i].count = i == 0 ? 4000 : 1000;
		sleeps->wake_edges[i].latency_ns = i == 6 ? 3000 : 1000;
		sleeps->wake_edges[i].max_ns = 10000 * (int64_t)(i + 1);
	}
	text = render(report_kernel, 100, false, false);
	woken = from(from(text, "Wake-ups:"), "message");
	row_is(woken, "  pipe  ", "pipe threads 10.0 100% 1.20 us 70.0 us");
	row_is(woken, "    worker 1 ", "worker 1 owner 1.00 10.0% 1.00 us 20.0 us");
	row_is(woken, "    interrupt ", "interrupt owner 1.00 10.0% 1.00 us 50.0 us");
	row_is(woken, "    and 2 more", "and 2 more 2.00 20.0% 2.00 us 70.0 us");
	has_not(woken, "    others");
	has_not(woken, "  atomic  ");
	free(text);
	/* For one there would be no use. */
	free(sleeps->wake_edges[6].waker);
	free(sleeps->wake_edges[6].wakee);
	sleeps->n_wake_edges = 6;
	text = render(report_kernel, 100, false, false);
	has(from(text, "Wake-ups:"), "    arena ");
	has_not(text, " more");
	free(text);
	sleeps->wakers->reconciled.ok = false;
	text = render(report_kernel, 100, false, false);
	row_is(from(text, "Wake-ups:"), "    arena ", "arena owner void void void void");
	free(text);
}
END_TEST

static void forget_wakers(struct sleeps *sleeps)
{
	fields_free(&wakers_shape, sleeps->wakers);
	free(sleeps->wakers);
	sleeps->wakers = NULL;
	for (size_t i = 0; i < sleeps->n_wake_edges; i++) {
		free(sleeps->wake_edges[i].waker);
		free(sleeps->wake_edges[i].wakee);
	}
	free(sleeps->wake_edges);
	sleeps->wake_edges = NULL;
	sleeps->n_wake_edges = 0;
}

START_TEST(wakers_that_were_not_looked_for_are_not_nobody)
{
	char *text;

	for (int i = 0; i < FIXTURE_RESULTS; i++)
		if (session->results[i].kernel)
			forget_wakers(sleeps_of((enum fixture_result)i));
	text = render(report_kernel, 160, false, false);
	has(text, "\nWake-ups: who woke whom was not looked for: --wakers=3 does");
	has_not(text, "WAKERS SLOWDOWN");
	has_not(text, "WOKE");
	free(text);
	text = render(report_locks, 100, false, false);
	row_is(from(text, "  mutex  "), "    object+0x0",
	       "object+0x0 0.45 402 ms 34.1 us 131 us - -");
	free(text);
}
END_TEST

START_TEST(who_took_the_cpu_is_named_and_what_has_no_name_is_counted)
{
	struct sleeps *sleeps = sleeps_of(FIXTURE_MUTEX);
	char *text;

	sleeps->preemptions =
		(struct preemptions){ .neighbours = 40, .unnamed = 4, .race = 1234, .idle = 2 };
	sleeps->preempted_by[0].count = 30;
	sleeps->preempted_by[0].pid = 77;
	replace(&sleeps->preempted_by[0].comm, "hog");
	text = render(report_kernel, 240, false, false);
	row_is(from(text, "Preempted:"), "mutex threads",
	       "mutex threads 40 times by neighbours: 30x hog[77], 10x others; 1,234 by tasks of its "
	       "own race; 2 by nobody: the CPU idled");
	has_not(from(text, "Preempted:"), "sequential threads  ");
	free(text);
	for (int i = 0; i < FIXTURE_RESULTS; i++)
		if (session->results[i].kernel)
			sleeps_of((enum fixture_result)i)->preemptions =
				(struct preemptions){ 0, 0, 0, 0 };
	text = render(report_kernel, 240, false, false);
	has_not(text, "Preempted:");
	free(text);
}
END_TEST

START_TEST(a_lock_says_who_ended_its_waits_and_who_had_it)
{
	struct lock_wait *lock = &sleeps_of(FIXTURE_MUTEX)->futex.locks[0];
	char *text;

	sleeps_of(FIXTURE_MUTEX)->ops = 1000000;
	lock->slept = 2000;
	lock->wait_ns = 6000000;
	lock->max_ns = 41000;
	lock->wakers[0].count = 900;
	lock->wakers[1].count = 100;
	lock->owners[0].count = 970;
	lock->owners[1].count = 10;
	lock->no_owner = 20;
	text = render(report_locks, 120, false, false);
	row_is(text, "    object+0x0",
	       "object+0x0 2.00 6.00 ms 3.00 us 41.0 us worker 1 90% worker 1 97%, between 2%");
	row_is(from(text, "  turn-futex "), "    object+0x80",
	       "object+0x80 500 484 ms 9.57 us 92.0 us worker 0 100% no owner shows");
	/* Measured, and nothing. */
	row_is(text, "  pipe  ", "pipe threads 0 0 - -");
	free(text);
	for (size_t i = 0; i < 2; i++) {
		free(lock->owners[i].who);
		free(lock->wakers[i].who);
	}
	lock->n_owners = lock->n_wakers = 0;
	text = render(report_locks, 120, false, false);
	row_is(text, "    object+0x0",
	       "object+0x0 2.00 6.00 ms 3.00 us 41.0 us nobody between 100%");
	free(text);
	lock->no_owner = NO_INT;
	text = render(report_locks, 120, false, false);
	row_is(text, "    object+0x0", "object+0x0 2.00 6.00 ms 3.00 us 41.0 us nobody -");
	free(text);
}
END_TEST

START_TEST(five_locks_have_a_row_and_a_thousand_others_one)
{
	struct futex_waits *futex = &sleeps_of(FIXTURE_MUTEX)->futex;
	char *text;

	sleeps_of(FIXTURE_MUTEX)->ops = 1000000;
	futex->locks = realloc(futex->locks, 1005 * sizeof(*futex->locks));
	ck_assert_ptr_nonnull(futex->locks);
	futex->n_locks = 1005;
	for (size_t i = 1; i < 1005; i++)
		futex->locks[i] = (struct lock_wait){
			.name = strdup("object+0x77"), .slept = 3, .wait_ns = 6000, .max_ns = 4000
		};
	/* All sleeps, the seven that no row has included. */
	futex->slept += 1004 * 3 + 7;
	futex->wait_ns += 1004 * 6000;
	text = render(report_locks, 120, false, false);
	row_is(text, "    and 1,000 more", "and 1,000 more 3.00 6.00 ms 2.00 us 4.00 us");
	row_is(text, "  mutex  ", "mutex threads 14.8 408 ms 27.5 us 131 us");
	free(text);
}
END_TEST

START_TEST(futex_calls_say_what_they_came_to)
{
	struct calls *calls = session->results[FIXTURE_MUTEX].kernel->calls;
	char *text;

	calls->ops = 1000000;
	calls->futex = (struct futex_calls){ .waits = 1000,
					     .slept = 40,
					     .eagain = 950,
					     .timedout = 0,
					     .interrupted = 10,
					     .wakes = 500,
					     .woke_nobody = 400,
					     .requeues = 0,
					     .ways = calls->futex.ways,
					     .n_ways = calls->futex.n_ways };
	text = render(report_locks, 120, false, false);
	row_is(from(text, "Futex calls:"), "  mutex  ",
	       "mutex threads 1.00 4.0% 95.0% 1.0% 0.50 80.0%");
	has(text, " INTERRUPTED ");
	has_not(text, "TIMED OUT");
	has_not(text, "REQUEUES");
	free(text);
	calls->reconciled.ok = false;
	text = render(report_locks, 120, false, false);
	row_is(from(text, "Futex calls:"), "  mutex  ",
	       "mutex threads void void void void void void");
	free(text);
}
END_TEST

START_TEST(locks_of_the_kernel_are_told_apart_from_those_of_programs)
{
	struct sleeps *pipe = sleeps_of(FIXTURE_PIPE);
	char *text;

	text = render(report_locks, 240, false, false);
	has(text,
	    "\nLocks in user space: futex words that tasks slept on. Waits that only spin are not "
	    "seen");
	has(text,
	    "\nLocks inside the kernel: such as a pipe's mutex. A mutex of the program's that is "
	    "fought over shows above, and may show nothing here; what spins in user space shows in "
	    "neither");
	has(text, "a spin in an interrupt is charged to the task it interrupted");
	row_is(from(text, "Locks inside"), "    in write, read",
	       "in write, read mutex 2.01 9.12 ms 4.26 us 81.0 us 1 0");
	row_is(text, "    tasklist_lock", "tasklist_lock spinlock 0.013 11.2 us 800 ns - 1 2");
	ck_assert_ptr_null(strstr(from(text, "Locks inside"), "\n  mutex "));
	free(text);
	pipe->n_contention = 0;
	text = render(report_locks, 160, false, false);
	has(text, "\nLocks inside the kernel: no task waited for one.");
	free(text);
	pipe->n_contention = 2;
	replace(&session->tracing.how.contention, NULL);
	text = render(report_locks, 160, false, false);
	has(text, "\nLocks inside the kernel: waits for them were not measured\n");
	has_not(text, "tasklist_lock");
	free(text);
}
END_TEST

START_TEST(the_parts_of_a_budget_add_up)
{
	struct result *mutex = &session->results[FIXTURE_MUTEX];
	struct sleeps *sleeps = mutex->kernel->sleeps;
	char *text, *row;

	sleeps->ops = 1000;
	sleeps->budget = (struct budget){ .wall = 100000,
					  .on_cpu = 50000,
					  .run_queue = 20000,
					  .blocked = { .futex = 20000, .page_fault = 5000 },
					  .unaccounted = 5000 };
	mutex->kernel->calls->on_cpu_ns = (struct cpu_split){ 600, 300, 100 };
	text = render(report_budget, 160, false, false);
	row_is(text, "  mutex  ",
	       "mutex threads 100 50.0 30.0 15.0 5.00 20.0 25.0 futex 80% 20.0 0 5.00 5.00 "
	       "||||||ssssrrrr.....?");
	row_is(text, "STRATEGY ",
	       "STRATEGY MODE TOTAL ON CPU USER SYSTEM CROSSING RUNQ BLOCKED MOSTLY ON FUTEX PIPE PAGE "
	       "FAULT REST WHERE TIME WENT");
	has_not(text, "no room for");
	free(text);
	text = render(report_budget, 80, false, false);
	has(text, "no room for USER, SYSTEM,");
	free(text);
	mutex->kernel->calls->reconciled.ok = false;
	text = render(report_budget, 160, false, false);
	row_is(text, "  mutex  ",
	       "mutex threads 100 50.0 - - - 20.0 25.0 futex 80% 20.0 0 5.00 5.00 "
	       "||||||||||rrrr.....?");
	free(text);
	sleeps->reconciled.ok = false;
	text = render(report_budget, 240, false, false);
	row = line_with(text, "  mutex  ");
	has(row, "void");
	has_not(row, "50.0");
	has_not(row, "|||");
	free(row);
	free(text);
}
END_TEST

START_TEST(where_one_thing_is_slept_on_it_has_one_column)
{
	char *text;

	session->results[FIXTURE_PIPE].kernel->sleeps->budget.blocked.pipe = 0;
	text = render(report_budget, 160, false, false);
	has(text, " FUTEX ");
	has_not(text, "MOSTLY ON");
	has_not(text, "PIPE");
	free(text);
}
END_TEST

static void forget_kernel(struct result *result)
{
	if (!result->kernel)
		return;
	fields_free(&sleeps_shape, result->kernel->sleeps);
	free(result->kernel->sleeps);
	fields_free(&calls_shape, result->kernel->calls);
	free(result->kernel->calls);
	result->kernel->sleeps = NULL;
	result->kernel->calls = NULL;
}

START_TEST(what_has_no_column_is_told_below)
{
	struct sleeps *sleeps = sleeps_of(FIXTURE_MUTEX);
	char *text = render(report_budget, 100, false, false);

	has_not(text, "OTHER:");
	has_not(text, "Kernel threads:");
	free(text);
	sleeps->other = calloc(2, sizeof(*sleeps->other));
	ck_assert_ptr_nonnull(sleeps->other);
	sleeps->n_other = 2;
	sleeps->other[0] = (struct other_wait){ strdup("wait4"), 1200, 3100000 };
	sleeps->other[1] = (struct other_wait){ strdup("stopped"), 1, 20000 };
	sleeps->kernel_threads = calloc(1, sizeof(*sleeps->kernel_threads));
	ck_assert_ptr_nonnull(sleeps->kernel_threads);
	*sleeps->kernel_threads = (struct kernel_threads){ 2, 4200000, { 17, 3 } };
	text = render(report_budget, 100, false, false);
	has(from(text, "OTHER:"), "wait4 3.10 ms in 1,200, stopped 20.0 us in 1");
	has(from(text, "Kernel threads:"),
	    "2 threads, 4.20 ms on CPU, 17 sleeps, 3 times preempted");
	free(text);
}
END_TEST

START_TEST(untraced_they_say_so_in_one_line_and_show_no_zero)
{
	static report *const views[] = { report_kernel, report_locks, report_budget };
	static const char *const rows[] = { "mutex threads 0.40 0.0011", "mutex threads -",
					    "mutex threads - -" };

	session->tracing.status = TRACING_UNAVAILABLE;
	replace(&session->tracing.reason, "BPF needs CAP_BPF");
	for (size_t i = 0; i < session->n_results; i++)
		forget_kernel(&session->results[i]);
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		char *text = render(views[i], 160, false, false);

		row_is(text, "  mutex  ", rows[i]);
		has(text, "\nnot traced: BPF needs CAP_BPF. Timings");
		has_not(text, "Delays");
		has_not(text, "Wake-ups");
		has_not(text, "inside the kernel");
		has_not(text, "\n\n\n");
		free(text);
	}
}
END_TEST

/* Every number that is drawn; the reals that go with it are the same for all. */
static void set_all(struct sleeps *sleeps, int64_t count, double real)
{
	const struct estimate estimate = { real, { real, real }, NULL, 0 };
	size_t i, j;

	sleeps->switches = (struct switches){ count, count };
	sleeps->wakeups = sleeps->migrations = count;
	sleeps->budget = (struct budget){ count, count, count, { 0 }, count };
	sleeps->budget.blocked.futex = sleeps->budget.blocked.other = count;
	sleeps->preemptions = (struct preemptions){ count, count, count, count };
	sleeps->preempted_by[0].count = sleeps->preempted_by[0].pid = count;
	sleeps->slowdown = sleeps->wakers->slowdown = estimate;
	sleeps->wakers->ops = count;
	for (i = 0; i < sleeps->n_wake_edges; i++)
		sleeps->wake_edges[i].count = sleeps->wake_edges[i].latency_ns =
			sleeps->wake_edges[i].max_ns = count;
	for (i = 0; i < sleeps->futex.n_locks; i++) {
		struct lock_wait *lock = &sleeps->futex.locks[i];

		lock->slept = lock->wait_ns = lock->max_ns = lock->no_owner = count;
		for (j = 0; j < lock->n_owners; j++)
			lock->owners[j].count = count;
		for (j = 0; j < lock->n_wakers; j++)
			lock->wakers[j].count = count;
	}
	for (i = 0; i < sleeps->n_contention; i++) {
		struct contention *lock = &sleeps->contention[i];

		lock->locks = lock->count = lock->wait_ns = lock->max_ns = count;
		lock->not_acquired = count;
	}
	for (i = 0; i < sleeps->n_per_worker; i++) {
		set_delay(&sleeps->per_worker[i].run_queue_delay_ns, count, i ? count : 1000);
		set_delay(&sleeps->per_worker[i].off_cpu_ns, i ? count : 17, 1000);
	}
	set_delay(&sleeps->run_queue_ns, count, count);
	set_delay(&sleeps->off_cpu_ns, count, count);
}

START_TEST(extreme_values_do_not_widen_a_line)
{
	static const int64_t counts[] = { 1000000000000000, INT64_MAX - 1, NO_INT, 0, -5 };
	static const double reals[] = { 1e300, INFINITY, NAN, 0, -5 };

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		for (size_t j = 0; j < session->n_results; j++) {
			struct result *result = &session->results[j];

			if (result->status != RESULT_OK)
				continue;
			set_all(result->kernel->sleeps, counts[i], reals[i]);
			result->kernel->calls->slowdown.median = reals[i];
			result->kernel->calls->futex.waits = counts[i];
			result->kernel->calls->futex.timedout = counts[i];
			result->kernel->calls->on_cpu_ns =
				(struct cpu_split){ counts[i], 1, counts[i] };
		}
		fits_everywhere(report_kernel, session);
		fits_everywhere(report_locks, session);
		fits_everywhere(report_budget, session);
	}
}
END_TEST

START_TEST(no_name_moves_the_cursor)
{
	static report *const views[] = { report_kernel, report_locks };
	struct sleeps *pipe = sleeps_of(FIXTURE_PIPE);

	replace(&sleeps_of(FIXTURE_MUTEX)->futex.locks[0].name, "\033[2Jlock\r\n");
	replace(&sleeps_of(FIXTURE_MUTEX)->futex.locks[0].owners[0].who, "\033[2J");
	replace(&sleeps_of(FIXTURE_MUTEX)->futex.locks[0].wakers[0].who, "\x9b");
	replace(&sleeps_of(FIXTURE_MUTEX)->preempted_by[0].comm, "\033]0;title\007");
	replace(&pipe->contention[0].lock, "\033c");
	replace(&pipe->contention[1].type, "\033c");
	replace(&pipe->wake_edges[0].waker, "\033c");
	replace(&pipe->wake_edges[0].wakee, "\033c");
	replace(&pipe->per_worker[0].role, "\033c");
	for (size_t i = 0; i < 2; i++) {
		char *text = render(views[i], 160, false, false);

		for (const char *at = text; *at; at++)
			ck_assert(*at == '\n' || (*at >= ' ' && *at < 0x7f));
		free(text);
	}
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
	add_fixed(suite, switches_stand_beside_what_each_level_cost);
	add_fixed(suite, a_task_has_delays_of_its_own_where_it_differs);
	add_fixed(suite, five_who_woke_have_a_row_and_the_others_one);
	add_fixed(suite, wakers_that_were_not_looked_for_are_not_nobody);
	add_fixed(suite, who_took_the_cpu_is_named_and_what_has_no_name_is_counted);
	add_fixed(suite, a_lock_says_who_ended_its_waits_and_who_had_it);
	add_fixed(suite, five_locks_have_a_row_and_a_thousand_others_one);
	add_fixed(suite, futex_calls_say_what_they_came_to);
	add_fixed(suite, locks_of_the_kernel_are_told_apart_from_those_of_programs);
	add_fixed(suite, the_parts_of_a_budget_add_up);
	add_fixed(suite, where_one_thing_is_slept_on_it_has_one_column);
	add_fixed(suite, what_has_no_column_is_told_below);
	add_fixed(suite, untraced_they_say_so_in_one_line_and_show_no_zero);
	add_fixed(suite, extreme_values_do_not_widen_a_line);
	add_fixed(suite, no_name_moves_the_cursor);
	return run_suite(suite);
}
