/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What makes the numbers of a session say less than they seem to: each with its figures and what to
 * do about it. A warning decides nothing: neither a verdict nor the exit code depends on it.
 *
 *	groups     the repeats of a result fall into two groups (groups.h)
 *	drift      they rise or fall with their order (rank.h)
 *	few        too few for a 95 % interval, or for telling the two best apart (settle.h)
 *	placement  unpinned tasks started on other CPUs in other repeats, or shared one
 *	overlap    workers raced partly alone
 *	neighbour  something else ran on the CPUs of tasks that had one each
 *	pace       fewer passes a second were made than asked for
 *	missed     messages that were to be timed were not
 *	steal      the hypervisor took CPU time
 *	throttled  a CPU quota held tasks back
 *	clock      reading the clock is slow, or it moves in coarse steps
 *	governor   the CPUs' rate follows their load
 *	turbo      the CPUs' rate follows their heat, and the repeats differ
 *
 * Each stands for a function and a line of the table in warnings.c; the thresholds are beside the
 * functions, in warn_*.c.
 */
#ifndef SESSION_WARNINGS_H
#define SESSION_WARNINGS_H

#include "session/session.h"

/* Sets the session's warnings, in place of those that were there, from all else that is in it.
 * Returns 0 or -ENOMEM, and then there are none. */
int warnings_write(struct session *session);

#endif
