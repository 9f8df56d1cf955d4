/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One lock around all that a worker does, as CPython's global interpreter lock (Python/ceval_gil.c
 * since 3.2, after A. Pitrou's design): the holder keeps it from increment to increment, and looks
 * before each whether somebody has asked for it. Who waits asks every 5 ms. A holder that gives it
 * up on request then waits until another one has taken it, or it would get it back at once. So two
 * threads are no faster than one.
 */
#include <errno.h>
#include <pthread.h>

#include "base/clock.h"
#include "strategy/strategy.h"

#define SWITCH_INTERVAL_NS (5 * NS_PER_MS)

struct gil {
	pthread_mutex_t mutex; /* guards all below but `asked` */
	pthread_cond_t released;
	pthread_cond_t taken;
	bool held;
	uint64_t takes; /* how often it was taken, by anybody */
	unsigned int waiters;
	RACE_PADDED bool asked; /* the holder reads it before every increment */
};

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct gil);
}

/* Timed waits are by a clock that nobody sets. */
static int init_condition(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;
	int err = pthread_condattr_init(&attributes);

	if (err)
		return -err;
	err = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	if (!err)
		err = pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
	return -err;
}

static int setup(struct race *race)
{
	struct gil *gil = race->object;
	int err = -pthread_mutex_init(&gil->mutex, NULL);

	if (!err)
		err = init_condition(&gil->released);
	return err ? err : init_condition(&gil->taken);
}

/* Asks for it whenever 5 ms have gone by in which nobody took it. */
static int wait_until_released(struct gil *gil)
{
	while (gil->held) {
		struct timespec until = clock_timespec(clock_now_ns() + SWITCH_INTERVAL_NS);
		uint64_t takes = gil->takes;
		int err = pthread_cond_timedwait(&gil->released, &gil->mutex, &until);

		if (err == ETIMEDOUT && gil->held && gil->takes == takes)
			__atomic_store_n(&gil->asked, true, __ATOMIC_RELAXED);
		else if (err && err != ETIMEDOUT)
			return -err;
	}
	return 0;
}

static int take(struct gil *gil)
{
	int err = -pthread_mutex_lock(&gil->mutex);

	if (err)
		return err;
	gil->waiters++;
	err = wait_until_released(gil);
	gil->waiters--;
	gil->held = true;
	gil->takes++;
	__atomic_store_n(&gil->asked, false, __ATOMIC_RELAXED);
	pthread_cond_broadcast(&gil->taken);
	pthread_mutex_unlock(&gil->mutex);
	return err;
}

/* `forced`: somebody asked, and has it when this returns. */
static int drop(struct gil *gil, bool forced)
{
	int err = -pthread_mutex_lock(&gil->mutex);
	uint64_t takes;

	if (err)
		return err;
	takes = gil->takes;
	gil->held = false;
	pthread_cond_signal(&gil->released);
	while (!err && forced && gil->takes == takes && gil->waiters > 0)
		err = -pthread_cond_wait(&gil->taken, &gil->mutex);
	pthread_mutex_unlock(&gil->mutex);
	return err;
}

/* Holds it all the while, but for when somebody asks. */
RACE_INLINE int add(void *object)
{
	struct race *race = object;
	struct gil *gil = race->object;
	int err = 0;

	if (__atomic_load_n(&gil->asked, __ATOMIC_RELAXED)) {
		err = drop(gil, true);
		if (!err)
			err = take(gil);
	}
	if (!err)
		race_increment(&race->counter);
	return err;
}

RACE_INLINE int acquire(void *gil)
{
	return take(gil);
}

RACE_INLINE int release(void *gil)
{
	return drop(gil, false);
}

static int work(struct worker *worker)
{
	struct gil *gil = worker->race->object;
	int err;

	/* Who waits or is busy elsewhere gives it back meanwhile, as CPython does around such calls. */
	if (shape_leaves_section(worker))
		return race_under_lock(worker, acquire, release);
	err = take(gil);

	if (!err)
		err = race_one_by_one(worker, worker->race, add);
	return err ? err : drop(gil, false);
}

const struct strategy strategy_gil = {
	.name = "gil",
	.summary = "one lock around everything, handed over every 5 ms on request, as CPython's",
	.family = FAMILY_LOCK,
	.modes = IN_THREADS,
	.promises_exact = true,
	.in_default = true,
	.object_size = object_size,
	.mutexes = { offsetof(struct gil, mutex), sizeof(struct gil) },
	.setup = setup,
	.work = work,
};
