/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "race/start.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/eventfd.h>

#include "base/clock.h"
#include "base/futex.h"

/* Time for everybody to be woken, and to go to sleep again until shortly before the start. */
#define LEAD_NS (500 * NS_PER_US)
#define LEAD_PER_TASK_NS (20 * NS_PER_US)
/* A timer wakes up late by less than this; the rest is spent spinning. */
#define SPIN_NS (60 * NS_PER_US)

static int appoint(struct start *start, unsigned int n_tasks, int bell)
{
	int err;

	start->at_ns = clock_now_ns() + LEAD_NS + n_tasks * LEAD_PER_TASK_NS;
	/* Release: who sees `appointed` sees at_ns. */
	__atomic_store_n(&start->appointed, 1, __ATOMIC_RELEASE);
	err = futex_wake(&start->appointed, INT_MAX, true);
	if (err < 0)
		return err;
	return eventfd_write(bell, 1) ? -errno : 0;
}

static int await_appointment(struct start *start)
{
	int err = 0;

	while (!err && !__atomic_load_n(&start->appointed, __ATOMIC_ACQUIRE))
		err = futex_wait(&start->appointed, 0, true);
	return err;
}

static void sleep_then_spin_until(uint64_t at_ns)
{
	struct timespec wake_up = clock_timespec(at_ns - SPIN_NS);

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake_up, NULL) == EINTR)
		;
	while (clock_now_ns() < at_ns)
		;
}

int start_line_up(struct start *start, unsigned int n_tasks, int bell)
{
	unsigned int arrived = __atomic_add_fetch(&start->arrived, 1, __ATOMIC_ACQ_REL);
	int err = arrived == n_tasks ? appoint(start, n_tasks, bell) : await_appointment(start);

	if (!err)
		sleep_then_spin_until(start->at_ns);
	return err;
}

uint64_t start_appointed_ns(const struct start *start)
{
	/* Pairs with the release in appoint(): the bell orders it too, but only in the kernel. */
	return __atomic_load_n(&start->appointed, __ATOMIC_ACQUIRE) ? start->at_ns : 0;
}
