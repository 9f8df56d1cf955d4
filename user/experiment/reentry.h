/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happens when a thread takes a lock that it already holds. Each kind of lock is tried in a
 * process of its own, by one thread. When that thread is not back in time, it is looked at where it
 * is, and only then ended.
 */
#ifndef EXPERIMENT_REENTRY_H
#define EXPERIMENT_REENTRY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "experiment/lock_kind.h"
#include "experiment/whereabouts.h"
#include "probe/probe.h"
#include "race/engine.h"
#include "session/counts.h"

enum reentry_outcome {
	REENTRY_TAKEN, /* the second lock returned 0 */
	REENTRY_REFUSED, /* it returned an error */
	REENTRY_SELF_DEADLOCK, /* asleep on the lock's own word, and the lock says that this very
				* thread holds it */
	REENTRY_HANGS, /* not back, and that cannot be said of it */
	REENTRY_SPINS, /* not back, and on a CPU */
	REENTRY_FAILED, /* it could not be tried */
	REENTRY_OUTCOMES,
};

/* Whose memory a futex word is. */
enum reentry_place { PLACE_LOCK, PLACE_STACK, PLACE_ELSEWHERE, REENTRY_PLACES };

struct reentry_finding {
	const struct lock_kind *kind;
	enum reentry_outcome outcome;
	char reason[RACE_REASON_BYTES]; /* of REENTRY_FAILED */
	int error; /* errno that the second lock returned */

	pid_t tid; /* of the thread, as the lock knows it */
	bool has_owner;
	pid_t owner; /* by the lock itself while the thread was blocked; 0: nobody */
	uint64_t waited_ns; /* in the second lock, until it returned or was looked at */

	/* Of one that was not back. */
	struct whereabouts where; /* WHERE_UNKNOWN: neither source tells */
	bool by_slot, by_proc; /* the sources that told */
	bool sources_differ;
	int proc_error; /* why /proc did not */
	enum reentry_place place; /* of where.futex */
	uint64_t offset; /* in the lock */
	uint64_t cpu_ns; /* used meanwhile */

	/* The second lock as the kernel saw it. Nothing is counted when not traced. */
	bool counted;
	struct counts counts; /* an open stretch included */
	uint64_t futex_sleeps;
	bool calls_counted; /* the next two, where the kernel shows system calls */
	uint64_t futex_calls; /* the one that has not returned included */
	uint64_t futex_failed; /* those that returned an error of the kernel's own */
	bool reconciled; /* the switches are those that getrusage or /proc shows */
};

struct reentry_options {
	uint64_t timeout_ns; /* in the second lock */
	bool keep_root;
	struct probe *probe; /* loaded with `calls`; NULL: not traced */
	int interrupt_fd; /* readable: stop now. -1: none */
};

/* Slots that the probe must have. */
#define REENTRY_TASKS 1

/* Returns 0 with the finding; -EINTR: interrupted, there is none; or -ENOMEM. */
int reentry_try(const struct reentry_options *options, const struct lock_kind *kind,
		struct reentry_finding *finding);

/* "self-deadlock". */
const char *reentry_outcome_name(enum reentry_outcome outcome);

/*
 * Who found out that the thread holds the lock already: "the kernel" when a futex call failed, "the
 * C library" when there was none. NULL: nobody did, or that cannot be told.
 */
const char *reentry_refused_by(const struct reentry_finding *finding);

/* "lock", "stack" or "elsewhere". */
const char *reentry_place_name(enum reentry_place place);

/* What was seen, as a sentence without its full stop. */
void reentry_describe(const struct reentry_finding *finding, FILE *out);

#endif
