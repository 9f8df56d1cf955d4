/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pair of connected stream sockets for each worker, and the owner who polls its ends of them. A
 * stream keeps no borders between messages and POSIX promises nothing to several writers of one, so
 * no two workers share one.
 */
#ifndef STRATEGY_PAIRS_H
#define STRATEGY_PAIRS_H

#include "strategy/message.h"
#include "strategy/race.h"

enum { OWNERS_END, WORKERS_END };

struct pair {
	int ends[2];
	struct message_stream stream; /* the owner's: what has come from this worker */
} RACE_PADDED;

/* Its object: race->workers pairs, then the memory that is sent from and received into. */
size_t pairs_size(const struct race *race);
int pairs_setup(struct race *race);
void pairs_teardown(struct race *race);

/* The memory that is sent from. */
void *pairs_messages(const struct race *race);

/*
 * The owner's loop: receives until every worker has sent its sentinel, and stores the sum. After
 * each message, `answer` is called with the descriptor it came from and the total so far; NULL:
 * nobody is answered. A worker has one message on its way at most where there are answers. Returns
 * 0 or a negative errno.
 */
int pairs_own(struct worker *owner, int (*answer)(int fd, uint64_t total));

#endif
