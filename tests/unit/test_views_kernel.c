/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The view of the scheduler, and what it has in common with those of locks and of the budget. */
#include <math.h>

#include "session/fields.h"
#include "unit/viewed.h"

START_TEST(the_scheduler_looks_as_it_did)
{
	looks_as_it_did(report_kernel, "kernel");
}
END_TEST

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

int main(void)
{
	Suite *suite = suite_create("views of the kernel's side");

	add_fixed(suite, the_scheduler_looks_as_it_did);
	add_fixed(suite, switches_stand_beside_what_each_level_cost);
	add_fixed(suite, a_task_has_delays_of_its_own_where_it_differs);
	add_fixed(suite, five_who_woke_have_a_row_and_the_others_one);
	add_fixed(suite, wakers_that_were_not_looked_for_are_not_nobody);
	add_fixed(suite, who_took_the_cpu_is_named_and_what_has_no_name_is_counted);
	add_fixed(suite, untraced_they_say_so_in_one_line_and_show_no_zero);
	add_fixed(suite, extreme_values_do_not_widen_a_line);
	add_fixed(suite, no_name_moves_the_cursor);
	return run_suite(suite);
}
