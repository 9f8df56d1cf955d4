/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/start_at.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hint.h"
#include "base/log.h"

/* The moment that there is still time for; now itself, where there is none. */
static uint64_t settle_due(const struct start_wait *wait, uint64_t now_ns)
{
	bool again = wait->moment->period_ns != 0;
	char due[MOMENT_TEXT];

	if (wait->due_ns > now_ns)
		return wait->due_ns;
	moment_text(wait->due_ns, due);
	if (!wait->quiet)
		log_warning("--start-at: set-up was over %.3f s after %s: %s",
			    (double)(now_ns - wait->due_ns) / NS_PER_S, due,
			    again ? "the next multiple is waited for, give a longer period" :
				    "it starts late, give a later moment");
	return again ? moment_next(wait->moment, now_ns) : wait->due_ns;
}

/*
 * Not clock_nanosleep(): interruptions are held back to be polled for. The timer is of the same kind,
 * absolute on CLOCK_REALTIME, so it follows that clock where it is set.
 */
static int open_timer(uint64_t due_ns)
{
	struct itimerspec at = { .it_value = clock_timespec(due_ns) };
	int timer = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC), err;

	if (timer < 0)
		return -errno;
	if (!timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL))
		return timer;
	err = -errno;
	close(timer);
	return err;
}

/* An interruption wins over a moment that has come as well. */
static int sleep_until(uint64_t due_ns, int interrupt_fd)
{
	struct pollfd polled[] = { { .fd = open_timer(due_ns), .events = POLLIN },
				   { .fd = interrupt_fd, .events = POLLIN } };
	int err = polled[0].fd < 0 ? polled[0].fd : 0;

	while (!err && !polled[0].revents && !polled[1].revents)
		if (poll(polled, 2, -1) < 0 && errno != EINTR)
			err = -errno;
	if (polled[0].fd >= 0)
		close(polled[0].fd);
	if (!err && polled[1].revents)
		return -EINTR;
	if (err)
		log_error("--start-at: cannot wait: %s%s", strerror(-err), limit_hint(-err));
	return err;
}

static void tell(uint64_t due_ns, uint64_t now_ns)
{
	char due[MOMENT_TEXT];

	moment_text(due_ns, due);
	log_error("waits for %s, %.1f s from now; Ctrl-C ends it", due,
		  (double)(due_ns - now_ns) / NS_PER_S);
}

int start_await(const struct start_wait *wait, struct start_record *start)
{
	uint64_t now_ns = clock_read_ns(CLOCK_REALTIME);
	uint64_t due_ns = settle_due(wait, now_ns);
	int err;

	if (wait->tell && due_ns > now_ns)
		tell(due_ns, now_ns);
	err = sleep_until(due_ns, wait->interrupt_fd);
	*start = (struct start_record){
		.period_ns = wait->moment->period_ns ? (int64_t)wait->moment->period_ns : NO_INT,
		.due_ns = (int64_t)due_ns,
		.began_ns = (int64_t)clock_read_ns(CLOCK_REALTIME),
	};
	return err;
}
