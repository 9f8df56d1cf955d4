/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The view of locks, in user space and inside the kernel. */
#include "unit/viewed.h"

START_TEST(locks_look_as_they_did)
{
	looks_as_it_did(report_locks, "locks");
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

int main(void)
{
	Suite *suite = suite_create("view of locks");

	add_fixed(suite, locks_look_as_they_did);
	add_fixed(suite, a_lock_says_who_ended_its_waits_and_who_had_it);
	add_fixed(suite, five_locks_have_a_row_and_a_thousand_others_one);
	add_fixed(suite, futex_calls_say_what_they_came_to);
	add_fixed(suite, locks_of_the_kernel_are_told_apart_from_those_of_programs);
	return run_suite(suite);
}
