/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A task that is about to sleep when a signal (or io_uring's task work, which looks like one) is
 * pending goes on running; the kernel counts the switch as voluntary all the same, and so does the
 * probe. One worker goes to sleep on a futex again and again, another sends it signals as fast as it
 * can, so that many arrive between its call and its sleep. A third never sleeps and shares its CPU:
 * without anybody else to run there would be no switch.
 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/futex.h"
#include "lib/traced_main.h"
#include "strategy/registry.h"

struct target {
	pid_t process;
	pid_t thread; /* 0 until the sleeper is there */
	uint32_t over;
};

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct target);
}

static void interrupt(int signal)
{
	(void)signal;
}

static int setup(struct race *race)
{
	const struct sigaction action = { .sa_handler = interrupt };

	(void)race;
	return sigaction(SIGUSR1, &action, NULL) ? -errno : 0;
}

static int sleep_until_over(struct target *target, bool shared)
{
	int err = 0;

	target->process = getpid();
	__atomic_store_n(&target->thread, gettid(), __ATOMIC_RELEASE);
	while (!err && !__atomic_load_n(&target->over, __ATOMIC_RELAXED))
		err = futex_wait(&target->over, 0, shared);
	return err;
}

static int send_signals(struct worker *worker, struct target *target)
{
	pid_t thread;
	int woken;

	for (; race_goes_on(worker->race, worker->done); worker->done++) {
		thread = __atomic_load_n(&target->thread, __ATOMIC_ACQUIRE);
		if (thread && tgkill(target->process, thread, SIGUSR1))
			return -errno;
	}
	__atomic_store_n(&target->over, 1, __ATOMIC_RELAXED);
	woken = futex_wake(&target->over, 1, worker->race->processes);
	return woken < 0 ? woken : 0;
}

static int work(struct worker *worker)
{
	struct target *target = worker->race->object;

	switch (worker->index) {
	case 0:
		return sleep_until_over(target, worker->race->processes);
	case 1:
		return send_signals(worker, target);
	default:
		while (race_goes_on(worker->race, worker->done))
			worker->done++;
		return 0;
	}
}

static const struct strategy strategy = {
	.name = "pending",
	.modes = IN_BOTH,
	.object_size = object_size,
	.setup = setup,
	.work = work,
};

static void check(struct probe *probe, enum mode mode)
{
	struct race_spec spec = traced_spec(&strategy, mode, false);
	struct race_outcome outcome;
	struct counts total;

	spec.workers = 3;
	spec.duration_ns = 500 * NS_PER_MS;
	traced_run(probe, &spec, &outcome);
	total = traced_total(&outcome);
	tap_equal(total.voluntary, total.rusage_voluntary,
		  "%s: voluntary switches equal getrusage's", mode_name(mode));
	tap_equal(total.involuntary, total.rusage_involuntary, "%s: involuntary ones, too",
		  mode_name(mode));
	tap_ok(traced_nothing_lost(&outcome), "%s: nothing is lost", mode_name(mode));
	race_outcome_free(&outcome);
}

int main(void)
{
	return traced_main(check);
}
