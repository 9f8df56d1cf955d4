/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every way into a futex comes out with its outcome. One task makes each call with each outcome
 * that it can have alone, as often as its line says; the counts must be those, for every way and
 * every outcome, and no other.
 */
#include <errno.h>
#include <linux/futex.h>
#include <liburing.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/traced_main.h"
#include "session/call_totals.h"
#include "strategy/registry.h"

#define FUTEX_LOCK_PI2_OP 13
#define FUTEX_WAITV_CALL 449
#define FUTEX_WAKE_CALL 454
#define FUTEX_WAIT_CALL 455
#define FUTEX_REQUEUE_CALL 456
#define FUTEX2_SIZE_U32 2
#define ANY_BIT 0xffffffffU

#define TIMEOUT_NS (5 * NS_PER_MS)

/* What calls have to play with, in memory that they share. */
struct words {
	uint32_t word; /* 0 */
	uint32_t other; /* 0 */
	uint32_t lock; /* of priority inheritance */
};

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct words);
}

static long futex(uint32_t *word, int operation, uint32_t value, uintptr_t timeout_or_count,
		  uint32_t *other, uint32_t third)
{
	return syscall(SYS_futex, word, operation, value, timeout_or_count, other, third) < 0 ?
		       -errno :
		       0;
}

static struct timespec from_now(uint64_t ns)
{
	return clock_timespec(ns);
}

static struct timespec deadline(void)
{
	return clock_timespec(clock_now_ns() + TIMEOUT_NS);
}

/* ---- The calls, by way and outcome. Each returns 0 or a negative errno. ---- */

static long wait_changed(struct words *w)
{
	return futex(&w->word, FUTEX_WAIT, 1, 0, NULL, 0);
}

static long wait_timeout(struct words *w)
{
	struct timespec timeout = from_now(TIMEOUT_NS);

	return futex(&w->word, FUTEX_WAIT, 0, (uintptr_t)&timeout, NULL, 0);
}

static long wait_unmapped(struct words *w)
{
	(void)w;
	return futex((uint32_t *)4096, FUTEX_WAIT, 0, 0, NULL, 0);
}

/* A timer keeps sending signals until one has found the call. */
static long wait_interrupted(struct words *w)
{
	const struct itimerspec often = { clock_timespec(TIMEOUT_NS), clock_timespec(TIMEOUT_NS) };
	const struct itimerspec never = { 0 };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM };
	long result;
	timer_t timer;

	event._sigev_un._tid = gettid();
	if (timer_create(CLOCK_MONOTONIC, &event, &timer))
		return -errno;
	timer_settime(timer, 0, &often, NULL);
	result = futex(&w->word, FUTEX_WAIT, 0, 0, NULL, 0);
	timer_settime(timer, 0, &never, NULL);
	timer_delete(timer);
	return result;
}

static long wake_nobody(struct words *w)
{
	return futex(&w->word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0, NULL, 0);
}

static long requeue_nobody(struct words *w)
{
	return futex(&w->word, FUTEX_REQUEUE, 1, 1, &w->other, 0);
}

static long cmp_requeue_nobody(struct words *w)
{
	return futex(&w->word, FUTEX_CMP_REQUEUE, 1, 1, &w->other, 0);
}

static long cmp_requeue_changed(struct words *w)
{
	return futex(&w->word, FUTEX_CMP_REQUEUE, 1, 1, &w->other, 1);
}

static long wake_op_nobody(struct words *w)
{
	return futex(&w->word, FUTEX_WAKE_OP, 1, 1, &w->other,
		     FUTEX_OP(FUTEX_OP_SET, 0, FUTEX_OP_CMP_EQ, 0));
}

static long lock_free(struct words *w)
{
	return futex(&w->lock, FUTEX_LOCK_PI, 0, 0, NULL, 0);
}

static long lock_own(struct words *w)
{
	return futex(&w->lock, FUTEX_LOCK_PI, 0, 0, NULL, 0);
}

static long trylock_own(struct words *w)
{
	return futex(&w->lock, FUTEX_TRYLOCK_PI, 0, 0, NULL, 0);
}

static long lock2_own(struct words *w)
{
	return futex(&w->lock, FUTEX_LOCK_PI2_OP, 0, 0, NULL, 0);
}

static long unlock_own(struct words *w)
{
	return futex(&w->lock, FUTEX_UNLOCK_PI, 0, 0, NULL, 0);
}

static long unlock_free(struct words *w)
{
	return futex(&w->lock, FUTEX_UNLOCK_PI, 0, 0, NULL, 0);
}

static long wait_bitset_changed(struct words *w)
{
	return futex(&w->word, FUTEX_WAIT_BITSET, 1, 0, NULL, ANY_BIT);
}

static long wait_bitset_timeout(struct words *w)
{
	struct timespec until = deadline();

	return futex(&w->word, FUTEX_WAIT_BITSET, 0, (uintptr_t)&until, NULL, ANY_BIT);
}

static long wake_bitset_nobody(struct words *w)
{
	return futex(&w->word, FUTEX_WAKE_BITSET, 1, 0, NULL, ANY_BIT);
}

static long wake_bitset_without_bits(struct words *w)
{
	return futex(&w->word, FUTEX_WAKE_BITSET, 1, 0, NULL, 0);
}

static long wait_requeue_timeout(struct words *w)
{
	struct timespec until = deadline();

	return futex(&w->word, FUTEX_WAIT_REQUEUE_PI, 0, (uintptr_t)&until, &w->lock, 0);
}

static long wait_requeue_changed(struct words *w)
{
	return futex(&w->word, FUTEX_WAIT_REQUEUE_PI, 1, 0, &w->lock, 0);
}

static long cmp_requeue_pi_nobody(struct words *w)
{
	return futex(&w->word, FUTEX_CMP_REQUEUE_PI, 1, 1, &w->lock, 0);
}

static long no_operation(struct words *w)
{
	return futex(&w->word, 99, 0, 0, NULL, 0);
}

static long waitv(struct words *w, uint32_t value)
{
	struct futex_waitv wait = { .val = value,
				    .uaddr = (uintptr_t)&w->word,
				    .flags = FUTEX2_SIZE_U32 };
	struct timespec until = deadline();

	return syscall(FUTEX_WAITV_CALL, &wait, 1, 0, &until, CLOCK_MONOTONIC) < 0 ? -errno : 0;
}

static long waitv_changed(struct words *w)
{
	return waitv(w, 1);
}

static long waitv_timeout(struct words *w)
{
	return waitv(w, 0);
}

static long wake2_nobody(struct words *w)
{
	return syscall(FUTEX_WAKE_CALL, &w->word, ANY_BIT, 1, FUTEX2_SIZE_U32) < 0 ? -errno : 0;
}

static long wait2(struct words *w, uint32_t value)
{
	struct timespec until = deadline();

	return syscall(FUTEX_WAIT_CALL, &w->word, value, ANY_BIT, FUTEX2_SIZE_U32, &until,
		       CLOCK_MONOTONIC) < 0 ?
		       -errno :
		       0;
}

static long wait2_changed(struct words *w)
{
	return wait2(w, 1);
}

static long wait2_timeout(struct words *w)
{
	return wait2(w, 0);
}

static long requeue2_nobody(struct words *w)
{
	struct futex_waitv both[2] = {
		{ .uaddr = (uintptr_t)&w->word, .flags = FUTEX2_SIZE_U32 },
		{ .uaddr = (uintptr_t)&w->other, .flags = FUTEX2_SIZE_U32 },
	};

	return syscall(FUTEX_REQUEUE_CALL, both, 0, 1, 1) < 0 ? -errno : 0;
}

/* One request, made and waited for; liburing of Debian 12 does not know how to fill it. */
static long by_uring(struct words *w, int operation, uint64_t value)
{
	struct io_uring_cqe *completion = NULL;
	struct io_uring_sqe *request;
	struct io_uring ring;
	long result = io_uring_queue_init(2, &ring, 0);

	if (result)
		return result;
	request = io_uring_get_sqe(&ring);
	io_uring_prep_rw(operation, request, FUTEX2_SIZE_U32, &w->word, 0, value);
	request->addr3 = ANY_BIT;
	result = io_uring_submit_and_wait(&ring, 1);
	if (result == 1)
		result = io_uring_wait_cqe(&ring, &completion);
	if (result == 0)
		result = completion->res;
	io_uring_queue_exit(&ring);
	return result;
}

static long uring_wait_changed(struct words *w)
{
	return by_uring(w, 51, 1);
}

static long uring_wake_nobody(struct words *w)
{
	return by_uring(w, 52, 1);
}

/* ---- What they must come to ---- */

enum outcome { ZERO, AGAIN, TIMED_OUT, INTERRUPTED, OTHER_ERROR };

static const struct line {
	const char *name;
	enum tb_futex_way way;
	long (*call)(struct words *);
	unsigned int times;
	enum outcome outcome;
	int error; /* that an OTHER_ERROR is */
	bool sleeps;
} lines[] = {
	{ "wait, changed", FUTEX_WAIT, wait_changed, 5, AGAIN, 0, false },
	{ "wait, timeout", FUTEX_WAIT, wait_timeout, 3, TIMED_OUT, 0, true },
	{ "wait, interrupted", FUTEX_WAIT, wait_interrupted, 2, INTERRUPTED, 0, true },
	{ "wait, no such word", FUTEX_WAIT, wait_unmapped, 4, OTHER_ERROR, EFAULT, false },
	{ "wake, nobody", FUTEX_WAKE, wake_nobody, 7, ZERO, 0, false },
	{ "requeue, nobody", FUTEX_REQUEUE, requeue_nobody, 2, ZERO, 0, false },
	{ "compare and requeue, nobody", FUTEX_CMP_REQUEUE, cmp_requeue_nobody, 3, ZERO, 0, false },
	{ "compare and requeue, changed", FUTEX_CMP_REQUEUE, cmp_requeue_changed, 2, AGAIN, 0,
	  false },
	{ "wake with an operation, nobody", FUTEX_WAKE_OP, wake_op_nobody, 4, ZERO, 0, false },
	{ "lock, free", FUTEX_LOCK_PI, lock_free, 1, ZERO, 0, false },
	{ "lock, own", FUTEX_LOCK_PI, lock_own, 6, OTHER_ERROR, EDEADLK, false },
	{ "try to lock, own", FUTEX_TRYLOCK_PI, trylock_own, 2, OTHER_ERROR, EDEADLK, false },
	{ "lock by the monotonic clock, own", FUTEX_LOCK_PI2_OP, lock2_own, 3, OTHER_ERROR, EDEADLK,
	  false },
	{ "unlock, own", FUTEX_UNLOCK_PI, unlock_own, 1, ZERO, 0, false },
	{ "unlock, free", FUTEX_UNLOCK_PI, unlock_free, 5, OTHER_ERROR, EPERM, false },
	{ "wait for bits, changed", FUTEX_WAIT_BITSET, wait_bitset_changed, 6, AGAIN, 0, false },
	{ "wait for bits, timeout", FUTEX_WAIT_BITSET, wait_bitset_timeout, 2, TIMED_OUT, 0, true },
	{ "wake bits, nobody", FUTEX_WAKE_BITSET, wake_bitset_nobody, 3, ZERO, 0, false },
	{ "wake no bits", FUTEX_WAKE_BITSET, wake_bitset_without_bits, 4, OTHER_ERROR, EINVAL,
	  false },
	{ "wait to be requeued, timeout", FUTEX_WAIT_REQUEUE_PI, wait_requeue_timeout, 2, TIMED_OUT,
	  0, true },
	{ "wait to be requeued, changed", FUTEX_WAIT_REQUEUE_PI, wait_requeue_changed, 3, AGAIN, 0,
	  false },
	{ "requeue to a lock, nobody", FUTEX_CMP_REQUEUE_PI, cmp_requeue_pi_nobody, 2, ZERO, 0,
	  false },
	{ "no such operation", TB_FUTEX_UNKNOWN_OP, no_operation, 3, OTHER_ERROR, ENOSYS, false },
	{ "waitv, changed", TB_FUTEX_WAITV, waitv_changed, 4, AGAIN, 0, false },
	{ "waitv, timeout", TB_FUTEX_WAITV, waitv_timeout, 2, TIMED_OUT, 0, true },
	{ "futex_wake, nobody", TB_FUTEX2_WAKE, wake2_nobody, 5, ZERO, 0, false },
	{ "futex_wait, changed", TB_FUTEX2_WAIT, wait2_changed, 3, AGAIN, 0, false },
	{ "futex_wait, timeout", TB_FUTEX2_WAIT, wait2_timeout, 2, TIMED_OUT, 0, true },
	{ "futex_requeue, nobody", TB_FUTEX2_REQUEUE, requeue2_nobody, 3, ZERO, 0, false },
	{ "io_uring wait, changed", TB_URING_FUTEX_WAIT, uring_wait_changed, 2, AGAIN, 0, false },
	{ "io_uring wake, nobody", TB_URING_FUTEX_WAKE, uring_wake_nobody, 3, ZERO, 0, false },
};

#define N_LINES (sizeof(lines) / sizeof(lines[0]))

/* Of lines that this kernel has no call for; what is left is not expected either. */
static bool is_missing[N_LINES];

static int error_of(const struct line *line)
{
	static const int errors[] = {
		[ZERO] = 0,
		[AGAIN] = EAGAIN,
		[TIMED_OUT] = ETIMEDOUT,
		[INTERRUPTED] = EINTR,
	};

	return line->outcome == OTHER_ERROR ? line->error : errors[line->outcome];
}

static int make_calls(struct worker *worker)
{
	struct words *words = worker->race->object;

	for (size_t i = 0; i < N_LINES; i++) {
		for (unsigned int time = 0; !is_missing[i] && time < lines[i].times; time++) {
			long result = lines[i].call(words);

			if (result == -error_of(&lines[i]))
				continue;
			fprintf(stderr, "%s: %ld, not %d\n", lines[i].name, result,
				-error_of(&lines[i]));
			return -EPROTO;
		}
	}
	worker->done = 1;
	return 0;
}

static void interrupt(int signal)
{
	(void)signal;
}

static int setup(struct race *race)
{
	const struct sigaction action = { .sa_handler = interrupt };

	(void)race;
	return sigaction(SIGALRM, &action, NULL) ? -errno : 0;
}

static const struct strategy strategy = {
	.name = "futex calls",
	.modes = IN_BOTH,
	.object_size = object_size,
	.setup = setup,
	.work = make_calls,
};

static bool is_way_missing(enum tb_futex_way way)
{
	for (size_t i = 0; i < N_LINES; i++)
		if (lines[i].way == way && is_missing[i])
			return true;
	return false;
}

/*
 * Calls by number are there or not, io_uring's operations as well. One that takes time to fail is as
 * the others of its way.
 */
static void find_missing(void)
{
	struct words words = { 0 };

	for (size_t i = 0; i < N_LINES; i++) {
		long result = 0;

		if (lines[i].way >= TB_FUTEX_WAITV && lines[i].outcome != TIMED_OUT)
			result = lines[i].call(&words);
		is_missing[i] = result == -ENOSYS ||
				(lines[i].way >= TB_URING_FUTEX_WAIT && result == -EINVAL);
		if (is_missing[i])
			tap_skip("this kernel does not know %s", lines[i].name);
	}
	for (size_t i = 0; i < N_LINES; i++)
		is_missing[i] = is_missing[i] || is_way_missing(lines[i].way);
}

static void expect(struct tb_futex_calls wanted[TB_FUTEX_WAYS])
{
	for (size_t i = 0; i < N_LINES; i++) {
		struct tb_futex_calls *calls = &wanted[lines[i].way];
		unsigned int times = is_missing[i] ? 0 : lines[i].times;

		calls->calls += times;
		calls->slept += lines[i].sleeps ? times : 0;
		calls->zero += lines[i].outcome == ZERO ? times : 0;
		calls->eagain += lines[i].outcome == AGAIN ? times : 0;
		calls->timedout += lines[i].outcome == TIMED_OUT ? times : 0;
		calls->interrupted += lines[i].outcome == INTERRUPTED ? times : 0;
		calls->failed += lines[i].outcome == OTHER_ERROR ? times : 0;
	}
}

static const char *way_name(int way)
{
	for (size_t i = 0; i < N_LINES; i++)
		if ((int)lines[i].way == way)
			return lines[i].name;
	return "a way that nobody went";
}

static bool same(const struct tb_futex_calls *got, const struct tb_futex_calls *wanted)
{
	const uint64_t pairs[][2] = {
		{ got->calls, wanted->calls },
		{ got->slept, wanted->slept },
		{ got->eagain, wanted->eagain },
		{ got->timedout, wanted->timedout },
		{ got->interrupted, wanted->interrupted },
		{ got->failed, wanted->failed },
		{ got->zero, wanted->zero },
		{ got->sum, wanted->sum },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (pairs[i][0] != pairs[i][1])
			return false;
	return true;
}

static void note(const char *what, const struct tb_futex_calls *calls)
{
	tap_note("%s: calls %llu slept %llu eagain %llu timedout %llu interrupted %llu failed %llu "
		 "zero %llu sum %llu",
		 what, calls->calls, calls->slept, calls->eagain, calls->timedout,
		 calls->interrupted, calls->failed, calls->zero, calls->sum);
}

static void check(struct probe *probe, enum mode mode)
{
	struct race_spec spec = traced_spec(&strategy, mode, false);
	struct tb_futex_calls wanted[TB_FUTEX_WAYS] = { 0 };
	struct call_totals totals = { 0 };
	struct race_outcome outcome;

	if (mode == MODE_THREADS)
		find_missing();
	spec.workers = 1;
	spec.duration_ns = 0;
	spec.iterations = 1;
	traced_run_at(probe, LEVEL_CALLS, &spec, &outcome);
	call_totals_add(&totals, &outcome.tasks[0].start.slot.calls,
			&outcome.tasks[0].end.slot.calls, 0);
	expect(wanted);
	for (int way = 0; way < TB_FUTEX_WAYS; way++) {
		if (!tap_ok(same(&totals.futex[way], &wanted[way]), "%s: %s, and the rest of it",
			    mode_name(mode), way_name(way))) {
			note("got", &totals.futex[way]);
			note("want", &wanted[way]);
		}
	}
	tap_equal(totals.returned, totals.entered, "%s: what was entered has returned",
		  mode_name(mode));
	tap_ok(traced_switches_agree(&outcome) && traced_nothing_lost(&outcome),
	       "%s: switches equal getrusage's, nothing is lost", mode_name(mode));
	race_outcome_free(&outcome);
}

int main(void)
{
	return traced_main(check);
}
