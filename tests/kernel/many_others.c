/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * More system calls than a slot tells apart among the sleeps for `other`: the last have no name and
 * are counted as lost, and the table adds up all the same.
 */
#include <errno.h>
#include <linux/aio_abi.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/traced_main.h"
#include "session/other_sum.h"
#include "strategy/registry.h"

#define ROUNDS 2
#define CALLS 8

static struct timespec length = { .tv_nsec = 1000000 };
static int epoll, timer;
static aio_context_t context;

static int arm_timer(void)
{
	const struct itimerspec once = { .it_value = length };

	return timerfd_settime(timer, 0, &once, NULL);
}

/* Each sleeps for some time in a call of its own, in which nothing else is waited for. */
static int sleep_in(int call)
{
	struct epoll_event event;
	struct io_event completion;
	uint64_t expirations;
	struct iovec place = { &expirations, sizeof(expirations) };
	uint64_t no_signals = 0;
	struct timespec left = length;

	switch (call) {
	case 0:
		return (int)syscall(SYS_epoll_pwait, epoll, &event, 1, 1, NULL, 8);
	case 1:
		return (int)syscall(SYS_epoll_pwait2, epoll, &event, 1, &left, NULL, 8);
	case 2:
		return (int)syscall(SYS_ppoll, NULL, 0, &left, NULL, 8);
	case 3:
		return (int)syscall(SYS_pselect6, 0, NULL, NULL, NULL, &left, NULL);
	case 4:
		return syscall(SYS_rt_sigtimedwait, &no_signals, NULL, &left, 8) < 0 &&
				       errno == EAGAIN ?
			       0 :
			       -1;
	case 5:
		return arm_timer() ? -1 : read(timer, &expirations, 8) == 8 ? 0 : -1;
	case 6:
		return arm_timer() ? -1 : readv(timer, &place, 1) == 8 ? 0 : -1;
	default:
		return (int)syscall(SYS_io_getevents, context, 1L, 1L, &completion, &left);
	}
}

static int open_all(void)
{
	epoll = epoll_create1(EPOLL_CLOEXEC);
	timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	return epoll < 0 || timer < 0 || syscall(SYS_io_setup, 1, &context) ? -errno : 0;
}

static int work(struct worker *worker)
{
	int err = open_all();

	for (unsigned int round = 0; round < ROUNDS && !err; round++)
		for (int call = 0; call < CALLS && !err; call++)
			err = sleep_in(call) ? -errno : 0;
	worker->done = ROUNDS;
	return err;
}

static const struct strategy strategy = { .name = "others", .modes = IN_BOTH, .work = work };

/* Being pinned, before the window, may have been a sleep, too. */
static unsigned int room_for(const struct tb_slot *slot)
{
	unsigned int room = 0;

	for (int i = 0; i < TB_OTHERS - 1; i++)
		room += !slot->others[i].taken;
	return room;
}

static void check_sums(const struct race_outcome *outcome, const struct counts *counts,
		       const char *mode)
{
	const struct task_report *task = &outcome->tasks[0];
	struct other_sums sums = { 0 };
	uint64_t slept = 0, wait_ns = 0, unnamed = 0;
	unsigned int room = room_for(&task->start.slot);

	other_sums_add(&sums, task->start.slot.others, task->end.slot.others);
	for (size_t i = 0; i < sums.n; i++) {
		slept += sums.calls[i].slept;
		wait_ns += sums.calls[i].wait_ns;
		if (sums.calls[i].call == TB_OTHER_REST)
			unnamed += sums.calls[i].slept;
	}
	tap_ok(room < CALLS && sums.n == room + 1, "%s: the table is full", mode);
	tap_equal(unnamed, ROUNDS * (CALLS - room), "%s: what it has no room for has no name",
		  mode);
	tap_equal(counts->lost[TB_LOST_OTHERS], unnamed, "%s: and is counted as lost", mode);
	tap_equal(slept, counts->slept[TB_OTHER], "%s: all sleeps for `other` are in it", mode);
	tap_equal(wait_ns, counts->blocked_ns[TB_OTHER], "%s: to the nanosecond", mode);
	other_sums_free(&sums);
}

static void check(struct probe *probe, enum mode mode)
{
	struct race_spec spec = traced_spec(&strategy, mode, false);
	struct race_outcome outcome;
	struct counts counts;

	spec.workers = 1;
	spec.duration_ns = 0;
	spec.iterations = ROUNDS;
	traced_run(probe, &spec, &outcome);
	counts_of_window(&counts, &outcome.tasks[0]);
	tap_equal(counts.slept[TB_OTHER], ROUNDS * CALLS, "%s: each call sleeps", mode_name(mode));
	check_sums(&outcome, &counts, mode_name(mode));
	race_outcome_free(&outcome);
}

int main(void)
{
	return traced_main(check);
}
