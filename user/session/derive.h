/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What follows from a result's counters. Nothing here is measured and nothing is saved: whoever
 * has the file can compute it again. NaN where an operand is null.
 */
#ifndef SESSION_DERIVE_H
#define SESSION_DERIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "session/session.h"

/* The number as a real; NaN for null. */
double derive_real(int64_t number);

/* 100 * part / whole. */
double derive_percent(double part, double whole);

/* 1000 * count / ops. */
double derive_per_kop(double count, double ops);

/* The wider half of the confidence interval, in percent of the median. */
double derive_half_width_percent(const struct estimate *estimate);

/* The sum over all reasons. */
double derive_blocked_ns(const struct blocked *blocked);

/* |unaccounted| in percent of wall. */
double derive_unaccounted_percent(const struct budget *budget);

/*
 * Increments of the untraced repeats: the sum of wall_ns / ns_per_op over their samples. The
 * counter cannot tell: its increments are those of the traced repeats as well.
 */
double derive_untraced_ops(const struct result *result);

/* Voluntary and involuntary switches by getrusage per 1,000 increments of untraced repeats. */
double derive_untraced_switches_per_kop(const struct result *result);

/* What the kernel's side saw of a result that was raced, whether or not it reconciled; or NULL. */
const struct sleeps *derive_sleeps(const struct result *result);
const struct calls *derive_calls(const struct result *result);
const struct timeline_view *derive_timeline(const struct result *result);

/* The same when it reconciled; else NULL. */
const struct sleeps *derive_believed(const struct result *result);
const struct calls *derive_believed_calls(const struct result *result);

/* What all levels of tracing have in common, of one of them. */
struct watched {
	const char *level; /* "sleeps", "calls", "wakers", "stacks" or "timeline" */
	const struct losses *lost;
	const struct reconciled *reconciled;
	const struct estimate *slowdown;
	const struct budget *budget; /* NULL: none at this level */
};

#define WATCHED_LEVELS 5

/* Fills one for each level that the result was traced at; returns how many. */
size_t derive_watched(const struct result *result, struct watched watched[WATCHED_LEVELS]);

/* Whether it was traced, and what was counted agrees at every level. */
bool derive_is_believed(const struct result *result);

/* Whether stacks were taken of any of its results. */
bool derive_has_stacks(const struct session *session);

/* All system calls, whatever their name. */
int64_t derive_syscalls(const struct calls *calls);

/* Shares of on-CPU time, of 1; see struct cpu_split. */
struct cpu_shares {
	double user, system, crossing;
};

/* NaN: not known, or void. */
struct cpu_shares derive_cpu_shares(const struct result *result);

/* The share of on-CPU time that goes to system calls, in percent; NaN: not known, or void. */
double derive_system_percent(const struct result *result);

/* NaN where nothing was counted, or not both; NULL is fine. Any other rate: derive_per_kop(). */
double derive_instructions_per_cycle(const struct hardware *hardware);

#endif
