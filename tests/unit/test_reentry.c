/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is concluded of a thread that takes a lock twice, by /proc alone. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/futex.h"
#include "experiment/reentry.h"
#include "lib/check_main.h"

#define TIMEOUT_NS (50 * NS_PER_MS)

static struct reentry_finding found_with(const struct lock_kind *kind)
{
	const struct reentry_options options = { .timeout_ns = TIMEOUT_NS, .interrupt_fd = -1 };
	struct reentry_finding finding;

	ck_assert_int_eq(reentry_try(&options, kind, &finding), 0);
	ck_assert(!finding.counted);
	return finding;
}

static const struct lock_kind *kind_of(const char *name)
{
	for (size_t i = 0; i < n_lock_kinds; i++)
		if (!strcmp(lock_kinds[i].name, name))
			return &lock_kinds[i];
	ck_abort_msg("no lock %s", name);
}

START_TEST(every_kind_of_lock_does_what_it_is_known_for)
{
	static const struct {
		const char *name;
		enum reentry_outcome outcome;
	} wants[] = {
		{ "mutex", REENTRY_SELF_DEADLOCK },
		{ "errorcheck", REENTRY_REFUSED },
		{ "recursive", REENTRY_TAKEN },
		{ "adaptive", REENTRY_SELF_DEADLOCK },
		{ "robust", REENTRY_SELF_DEADLOCK },
		{ "pi", REENTRY_HANGS },
		{ "pi-errorcheck", REENTRY_REFUSED },
		{ "futex-pi", REENTRY_REFUSED },
		{ "rwlock-ww", REENTRY_REFUSED },
		{ "rwlock-wr", REENTRY_REFUSED },
		{ "rwlock-rw", REENTRY_HANGS },
		{ "rwlock-rr", REENTRY_TAKEN },
		{ "spin", REENTRY_SPINS },
		{ "sem", REENTRY_HANGS },
		{ "sem-futex", REENTRY_HANGS },
	};

	ck_assert_uint_eq(n_lock_kinds, sizeof(wants) / sizeof(wants[0]));
	for (size_t i = 0; i < n_lock_kinds; i++) {
		struct reentry_finding finding = found_with(kind_of(wants[i].name));

		ck_assert_msg(finding.outcome == wants[i].outcome, "%s: %s: %s", wants[i].name,
			      reentry_outcome_name(finding.outcome), finding.reason);
		if (finding.outcome == REENTRY_REFUSED)
			ck_assert_int_eq(finding.error, EDEADLK);
		ck_assert_ptr_null(reentry_refused_by(&finding));
	}
}
END_TEST

/* ---- Locks that are made up ---- */

static int succeed(void *lock)
{
	(void)lock;
	return 0;
}

static pid_t held_by_caller(const void *lock)
{
	return ((const pid_t *)lock)[1];
}

static int hold(void *lock)
{
	((pid_t *)lock)[1] = gettid();
	return 0;
}

static int sleep_on_third_word(void *lock)
{
	return futex_wait((uint32_t *)lock + 2, 0, false);
}

static const struct lock_kind third_word = {
	.name = "third-word",
	.bytes = 3 * sizeof(uint32_t),
	.take = hold,
	.again = sleep_on_third_word,
	.release = succeed,
	.owner = held_by_caller,
};

START_TEST(a_self_deadlock_is_named_by_the_word_it_sleeps_on_and_the_owner)
{
	struct reentry_finding finding = found_with(&third_word);

	ck_assert_int_eq(finding.outcome, REENTRY_SELF_DEADLOCK);
	ck_assert(finding.by_proc);
	ck_assert_int_eq(finding.place, PLACE_LOCK);
	ck_assert_uint_eq(finding.offset, 8);
	ck_assert_int_gt(finding.tid, 0);
	ck_assert_int_eq(finding.owner, finding.tid);
	ck_assert_uint_ge(finding.waited_ns, TIMEOUT_NS);
}
END_TEST

START_TEST(a_word_outside_of_the_lock_is_no_self_deadlock)
{
	struct lock_kind kind = third_word;
	struct reentry_finding finding;

	kind.bytes = 2 * sizeof(uint32_t);
	finding = found_with(&kind);
	ck_assert_int_eq(finding.outcome, REENTRY_HANGS);
	ck_assert_int_eq(finding.place, PLACE_ELSEWHERE);
}
END_TEST

static pid_t held_by_another(const void *lock)
{
	return held_by_caller(lock) + 1;
}

START_TEST(a_lock_that_another_one_holds_is_no_self_deadlock)
{
	struct lock_kind kind = third_word;
	struct reentry_finding finding;

	kind.owner = held_by_another;
	finding = found_with(&kind);
	ck_assert_int_eq(finding.outcome, REENTRY_HANGS);
	ck_assert_int_ne(finding.owner, finding.tid);
}
END_TEST

static int sleep_on_nothing(void *lock)
{
	(void)lock;
	return pause();
}

START_TEST(who_sleeps_on_no_futex_is_not_said_to)
{
	struct lock_kind kind = third_word;
	struct reentry_finding finding;

	kind.again = sleep_on_nothing;
	finding = found_with(&kind);
	ck_assert_int_eq(finding.outcome, REENTRY_HANGS);
	ck_assert_int_eq(finding.where.kind, WHERE_ELSEWHERE);
}
END_TEST

static int hold_late(void *lock)
{
	const struct timespec late = clock_timespec(4 * TIMEOUT_NS);

	nanosleep(&late, NULL);
	return hold(lock);
}

START_TEST(the_timeout_counts_from_the_second_lock)
{
	struct lock_kind kind = third_word;

	kind.take = hold_late;
	kind.again = succeed;
	ck_assert_int_eq(found_with(&kind).outcome, REENTRY_TAKEN);
}
END_TEST

static int refuse_at_once(void *lock)
{
	(void)lock;
	return -EAGAIN;
}

static int die(void *lock)
{
	(void)lock;
	raise(SIGKILL);
	return 0;
}

START_TEST(a_lock_that_cannot_be_tried_is_a_failure_with_its_reason)
{
	struct lock_kind kind = third_word;
	struct reentry_finding finding;

	kind.take = refuse_at_once;
	finding = found_with(&kind);
	ck_assert_int_eq(finding.outcome, REENTRY_FAILED);
	ck_assert_ptr_nonnull(strstr(finding.reason, strerror(EAGAIN)));

	kind.take = hold;
	kind.again = die;
	finding = found_with(&kind);
	ck_assert_int_eq(finding.outcome, REENTRY_FAILED);
	ck_assert_ptr_nonnull(strstr(finding.reason, "SIGKILL"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reentry");

	add_test(suite, every_kind_of_lock_does_what_it_is_known_for);
	add_test(suite, a_self_deadlock_is_named_by_the_word_it_sleeps_on_and_the_owner);
	add_test(suite, a_word_outside_of_the_lock_is_no_self_deadlock);
	add_test(suite, a_lock_that_another_one_holds_is_no_self_deadlock);
	add_test(suite, who_sleeps_on_no_futex_is_not_said_to);
	add_test(suite, the_timeout_counts_from_the_second_lock);
	add_test(suite, a_lock_that_cannot_be_tried_is_a_failure_with_its_reason);
	return run_suite(suite);
}
