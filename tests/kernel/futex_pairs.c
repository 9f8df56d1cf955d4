/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls into futexes that take two: one worker waits so many times, the other wakes it as often,
 * by every way that there is. Each wait must come out as woken, each wake as one task.
 */
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lib/traced_main.h"
#include "session/call_totals.h"
#include "strategy/registry.h"

#define ROUNDS 50
#define ANY_BIT 0xffffffffU
#define FUTEX_WAITV_CALL 449

struct words {
	RACE_PADDED uint32_t word; /* always 0, so that nobody is turned away */
	RACE_PADDED uint32_t other;
	RACE_PADDED uint32_t lock; /* of priority inheritance */
	RACE_PADDED uint32_t locked; /* rounds in which the waker has it */
};

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct words);
}

static long futex(uint32_t *word, int operation, uint32_t value, uintptr_t timeout_or_count,
		  uint32_t *other, uint32_t third)
{
	long result = syscall(SYS_futex, word, operation, value, timeout_or_count, other, third);

	return result < 0 ? -errno : result;
}

static long wait_plainly(struct words *w, unsigned int round)
{
	(void)round;
	return futex(&w->word, FUTEX_WAIT, 0, 0, NULL, 0);
}

static long wake(struct words *w, unsigned int round)
{
	(void)round;
	return futex(&w->word, FUTEX_WAKE, 1, 0, NULL, 0);
}

static long wait_for_bits(struct words *w, unsigned int round)
{
	(void)round;
	return futex(&w->word, FUTEX_WAIT_BITSET, 0, 0, NULL, ANY_BIT);
}

static long wake_bits(struct words *w, unsigned int round)
{
	(void)round;
	return futex(&w->word, FUTEX_WAKE_BITSET, 1, 0, NULL, ANY_BIT);
}

static long wake_with_operation(struct words *w, unsigned int round)
{
	(void)round;
	return futex(&w->word, FUTEX_WAKE_OP, 1, 1, &w->other,
		     FUTEX_OP(FUTEX_OP_SET, 0, FUTEX_OP_CMP_EQ, 1));
}

static long wait_for_several(struct words *w, unsigned int round)
{
	struct futex_waitv wait = { .uaddr = (uintptr_t)&w->word, .flags = FUTEX_32 };
	long result = syscall(FUTEX_WAITV_CALL, &wait, 1, 0, NULL, 0);

	(void)round;
	return result < 0 ? -errno : result;
}

/* Moves the waiter first, and wakes it where it then is. */
static long requeue(struct words *w, unsigned int round)
{
	long moved = futex(&w->word, FUTEX_CMP_REQUEUE, 0, 1, &w->other, 0);

	(void)round;
	return moved == 1 ? futex(&w->other, FUTEX_WAKE, 1, 0, NULL, 0) : moved;
}

static long wait_to_be_requeued(struct words *w, unsigned int round)
{
	long result = futex(&w->word, FUTEX_WAIT_REQUEUE_PI, 0, 0, &w->lock, 0);

	(void)round;
	return result ? result : futex(&w->lock, FUTEX_UNLOCK_PI, 0, 0, NULL, 0);
}

static long requeue_to_lock(struct words *w, unsigned int round)
{
	(void)round;
	return futex(&w->word, FUTEX_CMP_REQUEUE_PI, 1, 0, &w->lock, 0);
}

/* Only when the other one has it. */
static long lock(struct words *w, unsigned int round)
{
	long result;

	while (__atomic_load_n(&w->locked, __ATOMIC_ACQUIRE) <= round)
		;
	result = futex(&w->lock, FUTEX_LOCK_PI, 0, 0, NULL, 0);
	return result ? result : futex(&w->lock, FUTEX_UNLOCK_PI, 0, 0, NULL, 0);
}

/* Has it until somebody waits, and a little longer: who waits marks the word, then goes to sleep. */
static long hand_over(struct words *w, unsigned int round)
{
	const struct timespec a_little = { .tv_nsec = 200000 };
	long result;

	do
		result = futex(&w->lock, FUTEX_TRYLOCK_PI, 0, 0, NULL, 0);
	while (result == -EAGAIN || result == -EDEADLK);
	__atomic_store_n(&w->locked, round + 1, __ATOMIC_RELEASE);
	while (!(__atomic_load_n(&w->lock, __ATOMIC_RELAXED) & FUTEX_WAITERS))
		;
	nanosleep(&a_little, NULL);
	result = futex(&w->lock, FUTEX_UNLOCK_PI, 0, 0, NULL, 0);
	return result ? result : 1;
}

static const struct pair {
	const char *name;
	long (*wait)(struct words *, unsigned int round); /* 0 when it was woken */
	long (*wake)(struct words *, unsigned int round); /* 1 when it woke, 0: try again */
	enum tb_futex_way waits, wakes;
	bool tells; /* the wake returns how many */
} pairs[] = {
	{ "wait, wake", wait_plainly, wake, FUTEX_WAIT, FUTEX_WAKE, true },
	{ "wait, wake bits", wait_for_bits, wake_bits, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET, true },
	{ "wait, wake with an operation", wait_plainly, wake_with_operation, FUTEX_WAIT,
	  FUTEX_WAKE_OP, true },
	{ "wait for several, wake", wait_for_several, wake, TB_FUTEX_WAITV, FUTEX_WAKE, true },
	{ "wait, requeue", wait_plainly, requeue, FUTEX_WAIT, FUTEX_CMP_REQUEUE, true },
	{ "wait to be requeued, requeue to a lock", wait_to_be_requeued, requeue_to_lock,
	  FUTEX_WAIT_REQUEUE_PI, FUTEX_CMP_REQUEUE_PI, true },
	{ "lock, hand over", lock, hand_over, FUTEX_LOCK_PI, FUTEX_UNLOCK_PI, false },
};

static const struct pair *raced; /* in the arena, which inherits it */

static int work(struct worker *worker)
{
	struct words *words = worker->race->object;
	long result = 0;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		if (worker->index == 0)
			result = raced->wait(words, round);
		else
			while ((result = raced->wake(words, round)) == 0)
				;
		if (result != (worker->index == 0 ? 0 : 1))
			return result < 0 ? (int)result : -EPROTO;
	}
	worker->done = ROUNDS;
	return 0;
}

static const struct strategy strategy = {
	.name = "futex pairs",
	.modes = IN_BOTH,
	.object_size = object_size,
	.work = work,
};

static void check_pair(struct probe *probe, enum mode mode, const struct pair *pair)
{
	struct race_spec spec = traced_spec(&strategy, mode, false);
	struct call_totals waiter = { 0 }, waker = { 0 };
	const struct tb_futex_calls *waits = &waiter.futex[pair->waits];
	const struct tb_futex_calls *wakes = &waker.futex[pair->wakes];
	struct race_outcome outcome;

	raced = pair;
	spec.duration_ns = 0;
	spec.iterations = ROUNDS;
	traced_run_at(probe, LEVEL_CALLS, &spec, &outcome);
	call_totals_add(&waiter, &outcome.tasks[0].start.slot.calls,
			&outcome.tasks[0].end.slot.calls, 0);
	call_totals_add(&waker, &outcome.tasks[1].start.slot.calls,
			&outcome.tasks[1].end.slot.calls, 0);
	tap_equal(waits->calls, ROUNDS, "%s, %s: as many waits as rounds", pair->name,
		  mode_name(mode));
	tap_equal(waits->zero, ROUNDS, "%s, %s: all ended by being woken", pair->name,
		  mode_name(mode));
	tap_ok(waits->slept > 0 && waits->slept <= ROUNDS, "%s, %s: and slept (%llu did)",
	       pair->name, mode_name(mode), waits->slept);
	if (pair->tells)
		tap_equal(wakes->sum, ROUNDS, "%s, %s: as many tasks woken or moved", pair->name,
			  mode_name(mode));
	else
		tap_ok(wakes->zero >= ROUNDS && wakes->sum == 0, "%s, %s: as many wakes",
		       pair->name, mode_name(mode));
	tap_ok(traced_switches_agree(&outcome) && traced_nothing_lost(&outcome),
	       "%s, %s: switches equal getrusage's, nothing is lost", pair->name, mode_name(mode));
	race_outcome_free(&outcome);
}

static void check(struct probe *probe, enum mode mode)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		check_pair(probe, mode, &pairs[i]);
}

int main(void)
{
	return traced_main(check);
}
