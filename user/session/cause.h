/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What changed on the kernel's side when the time of a result did: two results of the same kind, and
 * the direction that the time went in. Only counts that reconciled on both sides are looked at.
 *
 * There are two kinds. A part of the time of all tasks, per increment, which is named when it makes up
 * a tenth or more of the change of the whole. And a count, per thousand increments, which is named when
 * it changed by a tenth or more and, at ten microseconds each, which a sleep may cost with all that
 * comes of it, would make up a tenth of that change; what is rarer cannot be why. Both only where they went the way of the time.
 *
 * Kernel counts are totals over the traced repeats, so there is no interval to a change of theirs, and
 * what moved together need not be cause and effect. docs/comparing.md.
 */
#ifndef SESSION_CAUSE_H
#define SESSION_CAUSE_H

#include <stdbool.h>
#include <stddef.h>

#include "session/session.h"

#define CAUSE_NAME 64
#define CAUSE_PARTS 2 /* of the time; the largest */
#define CAUSE_COUNTS 2 /* those that changed by the largest factor */

enum cause_state {
	CAUSE_NOT_ASKED, /* the time did not move */
	CAUSE_UNTRACED, /* a side was not traced */
	CAUSE_VOID, /* a side's counts did not reconcile */
	CAUSE_NONE, /* nothing moved with it */
	CAUSE_MOVED,
};

struct moved {
	char name[CAUSE_NAME]; /* "asleep on futexes", "voluntary switches", "calls of write" */
	bool is_time; /* nanoseconds of all tasks per increment; else per thousand increments */
	double base, now;
	double share; /* of a time: the part of the whole change that it is */
};

struct cause {
	enum cause_state state;
	struct moved moved[CAUSE_PARTS + CAUSE_COUNTS]; /* times first */
	size_t n_moved;
};

/* `slower`: the direction. Allocates nothing. */
void cause_find(const struct result *base, const struct result *now, bool slower,
		struct cause *cause);

/*
 * One sentence that says it, and the figures in it (session/sentence.h), both the caller's to free.
 * Returns 0 or -ENOMEM.
 */
int cause_write(const struct cause *cause, char **text, struct figure **figures, size_t *n_figures);

#endif
