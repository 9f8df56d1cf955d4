/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The C library's readers-writer lock: many may read at a time, or one may write. --read-share says
 * how many percent of the critical sections only read the counter, under the read lock; all others
 * increment it under the write lock. What a section does, a read or an increment for each of the
 * batch, counts as done either way; `reads` says how many of those were reads, which the counter
 * cannot show. Who holds the read lock writes to the lock's own word, too, so readers that are done
 * at once contend for that instead.
 *
 * It is the default kind, which lets readers pass waiting writers: these may wait for as long as
 * readers keep coming, but no longer than the race. Order: POSIX has locking and unlocking
 * synchronise memory (4.12).
 */
#include <pthread.h>

#include "strategy/strategy.h"

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(pthread_rwlock_t);
}

static int setup(struct race *race)
{
	pthread_rwlockattr_t attributes;
	int err = -pthread_rwlockattr_init(&attributes);

	if (err)
		return err;
	if (race->processes)
		err = -pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	if (!err)
		err = -pthread_rwlock_init(race->object, &attributes);
	pthread_rwlockattr_destroy(&attributes);
	return err;
}

/* Whether the next section only reads. `due`: hundredths of a read, kept from section to section,
 * so that of any hundred in a row exactly the share does, evenly spread. */
RACE_INLINE bool next_reads(const struct race *race, unsigned int *due)
{
	*due += race->read_share;
	if (*due < 100)
		return false;
	*due -= 100;
	return true;
}

RACE_INLINE uint64_t read_batch(const struct race *race, uint64_t done)
{
	uint64_t limit = race->batch == RACE_BATCH_ALL ? RACE_NO_LIMIT : done + race->batch;

	do {
		uint64_t value = __atomic_load_n(&race->counter, __ATOMIC_RELAXED);

		/* Somebody has to want it, or it would not be read. */
		__asm__ volatile("" : : "r"(value));
		done++;
	} while (done < limit && race_goes_on(race, done));
	return done;
}

/* One critical section; *done grows by what was done in it. Returns 0 or a negative errno. */
RACE_INLINE int pass(struct worker *worker, bool reads, bool shaped, uint64_t *done)
{
	struct race *race = worker->race;
	pthread_rwlock_t *lock = race->object;
	int err = reads ? pthread_rwlock_rdlock(lock) : pthread_rwlock_wrlock(lock);

	if (err)
		return -err;
	*done = reads ? read_batch(race, *done) : race_batch(race, &race->counter, *done);
	if (shaped)
		shape_inside(worker);
	return -pthread_rwlock_unlock(lock);
}

RACE_INLINE int read_and_write(struct worker *worker, bool shaped)
{
	const struct race *race = worker->race;
	uint64_t done = 0, read = 0, start_ns = 0;
	unsigned int due = 0;
	int err = 0;

	while (!err && loop_goes_on(worker, race, done, shaped, &start_ns)) {
		bool reads = next_reads(race, &due);
		uint64_t before = done;

		err = pass(worker, reads, shaped, &done);
		if (shaped)
			shape_end(worker, start_ns);
		if (reads)
			read += done - before;
	}
	worker->done = done;
	worker->reads = read;
	return err;
}

static int work(struct worker *worker)
{
	return worker->race->shapes ? read_and_write(worker, true) : read_and_write(worker, false);
}

static void teardown(struct race *race)
{
	pthread_rwlock_destroy(race->object);
}

const struct strategy strategy_rwlock = {
	.name = "rwlock",
	.summary = "pthread_rwlock_t; --read-share=90 has 90 % of the sections only read",
	.family = FAMILY_LOCK,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.takes_read_share = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
	.teardown = teardown,
};
