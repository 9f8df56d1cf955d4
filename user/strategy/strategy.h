/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A strategy: one way for workers to add to one counter. Each is a file of this folder that
 * defines one const struct strategy, and a line in list.h.
 *
 * A strategy never creates threads or processes, reads clocks, prints or exits: the race engine
 * does. setup, work, own and teardown run in the arena, a child process made for this one race,
 * without root.
 */
#ifndef STRATEGY_STRATEGY_H
#define STRATEGY_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strategy/load.h"
#include "strategy/loop.h"
#include "strategy/race.h"

enum family {
	FAMILY_PLAIN, /* no lock */
	FAMILY_LOCK, /* the primitive guards the shared counter */
	FAMILY_MESSAGE, /* increments travel to the counter's owner, who sums them */
	FAMILY_LOCAL, /* count locally, merge once */
	FAMILY_TURN, /* strict hand-off */
	FAMILIES,
};

enum mode {
	MODE_THREADS,
	MODE_PROCESSES,
	MODES,
};

#define IN_THREADS (1U << MODE_THREADS)
#define IN_PROCESSES (1U << MODE_PROCESSES)
#define IN_BOTH (IN_THREADS | IN_PROCESSES)

/* Where its object has pthread mutexes, which say who has them. */
struct mutex_places {
	size_t first; /* offset of the first; the others lie behind it, to the end of the object */
	size_t stride; /* bytes from one to the next; 0: it has none */
};

struct strategy {
	const char *name;
	const char *summary; /* one line, for `tracebench list` */
	enum family family;
	unsigned int modes; /* IN_THREADS, IN_PROCESSES or both */
	bool promises_exact; /* a lost update is an error */
	bool one_worker; /* always raced by a single worker, who does the work of all */
	bool batches; /* --batch changes what it does */
	bool in_default; /* raced when nothing is named: one of each kind, a dozen in all */
	bool takes_message; /* --message does: its messages are that long */
	bool takes_permits; /* --permits does; more than one admits a race on purpose */
	struct mutex_places mutexes;
	bool takes_read_share; /* --read-share does; for all others it is 0 */

	/*
	 * Bytes of shared memory for its own object (zeroed, 128-byte aligned). Optional. Called
	 * outside the arena, as is the next.
	 */
	size_t (*object_size)(const struct race *race);

	/* Why it cannot run here, as one line; NULL when it can. Optional. */
	const char *(*unsupported)(void);

	/* The same of messages of so many bytes. Optional, with takes_message. */
	const char *(*message_obstacle)(uint64_t bytes);

	/* Once in the arena, before any worker exists. Returns 0 or a negative errno. Optional. */
	int (*setup)(struct race *race);

	/*
	 * The timed loop of one worker: increments until race_goes_on() says no, and leaves in
	 * worker->done how many it did, and in worker->reads how many of these only read. Returns 0
	 * or a negative errno, which fails the race.
	 */
	int (*work)(struct worker *worker);

	/*
	 * The timed loop of the counter's owner, one more task besides the workers: receives until
	 * every worker has sent its sentinel. Message family only.
	 */
	int (*own)(struct worker *owner);

	/* Once in the arena after all tasks have ended; not called when a race fails. Optional. */
	void (*teardown)(struct race *race);
};

/* Whether a lost update is an error with that many permits. */
static inline bool strategy_promises_exact(const struct strategy *strategy, uint64_t permits)
{
	return strategy->promises_exact && !(strategy->takes_permits && permits > 1);
}

/* Whether one worker at a time is in its section: a lock does, unless it admits several at once. */
static inline bool strategy_excludes(const struct strategy *strategy, const struct load *load)
{
	return strategy->family == FAMILY_LOCK && !(strategy->takes_permits && load->permits > 1) &&
	       !(strategy->takes_read_share && load->read_share > 0);
}

/* Percent of its critical sections that only read, where so many are asked for. */
static inline unsigned int strategy_read_share(const struct strategy *strategy, uint64_t percent)
{
	return strategy->takes_read_share ? (unsigned int)percent : 0;
}

/* Whether the race has an owner besides its workers. */
static inline bool strategy_has_owner(const struct strategy *strategy)
{
	return strategy->own != NULL;
}

#endif
