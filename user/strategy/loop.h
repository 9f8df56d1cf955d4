/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The loops that strategies are made of (that of turns is in turn.h). They are inlined into each
 * strategy with what is its own, so that an increment costs no indirect call.
 *
 * Each is there twice, bare and shaped (shape.h): `shaped` is a constant in either, and a bare loop
 * has nothing of the other's in it.
 */
#ifndef STRATEGY_LOOP_H
#define STRATEGY_LOOP_H

#include "strategy/race.h"
#include "strategy/shape.h"

/*
 * Whether there is another pass; see shape_next(). `race` is the worker's, which the caller has at
 * hand: read anew for each increment it made 0.44 ns of the 0.32 that one takes.
 */
RACE_INLINE bool loop_goes_on(struct worker *worker, const struct race *race, uint64_t done,
			      bool shaped, uint64_t *start_ns)
{
	return shaped ? shape_next(worker, done, start_ns) : race_goes_on(race, done);
}

RACE_INLINE int loop_one_by_one(struct worker *worker, void *counter, int (*add)(void *),
				bool shaped)
{
	const struct race *race = worker->race;
	uint64_t done = 0, start_ns = 0;
	int err = 0;

	while (loop_goes_on(worker, race, done, shaped, &start_ns)) {
		err = add(counter);
		if (err)
			break;
		done++;
		if (shaped) {
			shape_inside(worker);
			shape_end(worker, start_ns);
		}
	}
	worker->done = done;
	return err;
}

/*
 * The loop of every strategy whose increments stand alone, with no section around them. `add` is
 * given `counter` and returns 0 or a negative errno.
 */
RACE_INLINE int race_one_by_one(struct worker *worker, void *counter, int (*add)(void *))
{
	if (worker->race->shapes)
		return loop_one_by_one(worker, counter, add, true);
	return loop_one_by_one(worker, counter, add, false);
}

RACE_INLINE int race_add(void *counter)
{
	race_increment(counter);
	return 0;
}

/* Increments with nothing to keep others out, until the race is over. */
RACE_INLINE int race_without_lock(struct worker *worker)
{
	return race_one_by_one(worker, &worker->race->counter, race_add);
}

RACE_INLINE int loop_under_lock(struct worker *worker, void *lock, int (*acquire)(void *),
				int (*release)(void *), bool shaped)
{
	struct race *race = worker->race;
	uint64_t done = 0, start_ns = 0;
	int err = 0;

	while (!err && loop_goes_on(worker, race, done, shaped, &start_ns)) {
		err = acquire(lock);
		if (err)
			break;
		done = race_batch(race, &race->counter, done);
		if (shaped)
			shape_inside(worker);
		err = release(lock);
		if (shaped)
			shape_end(worker, start_ns);
	}
	worker->done = done;
	return err;
}

/*
 * The loop of every lock strategy. `acquire` and `release` are given `lock` and return 0 or a
 * negative errno. For locks to which each worker brings something of its own, a queue node or a
 * descriptor, `lock` is what holds that; for all others there is race_under_lock().
 */
RACE_INLINE int race_under_lock_with(struct worker *worker, void *lock, int (*acquire)(void *),
				     int (*release)(void *))
{
	if (worker->race->shapes)
		return loop_under_lock(worker, lock, acquire, release, true);
	return loop_under_lock(worker, lock, acquire, release, false);
}

/* The same with the strategy's object for a lock. */
RACE_INLINE int race_under_lock(struct worker *worker, int (*acquire)(void *),
				int (*release)(void *))
{
	return race_under_lock_with(worker, worker->race->object, acquire, release);
}

RACE_INLINE int loop_in_messages(struct worker *worker, int (*send)(struct worker *, uint64_t),
				 bool shaped)
{
	struct race *race = worker->race;
	uint64_t counted = 0, start_ns = 0;
	int err = 0;

	while (!err && loop_goes_on(worker, race, worker->done, shaped, &start_ns)) {
		uint64_t before = worker->done;
		uint64_t count;

		worker->done = race_batch(race, &counted, before);
		count = worker->done - before;
		err = send(worker, shaped ? shape_label(worker, count, start_ns) : count);
	}
	return err ? err : send(worker, 0);
}

/*
 * The loop of a worker that sends what it counts to the counter's owner: a batch at a time, and at
 * the end a zero, its sentinel. `send` is given the first word of the message and returns 0 or a
 * negative errno.
 */
RACE_INLINE int race_in_messages(struct worker *worker, int (*send)(struct worker *, uint64_t))
{
	if (worker->race->shapes)
		return loop_in_messages(worker, send, true);
	return loop_in_messages(worker, send, false);
}

#endif
