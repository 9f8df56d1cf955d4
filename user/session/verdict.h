/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The verdict: one sentence in plain text that says where a result's time went.
 *
 * Every number in the sentence is a figure of the result, with the value exactly as it is printed,
 * and there is no other digit in it: what cannot be recomputed from the result is not said. In
 * terms of the result's keys in the session file, where sleeps is kernel.sleeps, budget is
 * sleeps.budget_ns, and blocked is the sum over budget.blocked:
 *
 *	lost_percent               100 * counter.lost / counter.expected
 *	lost                       |counter.lost|
 *	expected                   counter.expected
 *	on_cpu_percent             100 * budget.on_cpu / budget.wall
 *	run_queue_percent          100 * budget.run_queue / budget.wall
 *	<reason>_percent           100 * budget.blocked.<reason> / budget.wall
 *	sleeps_per_kop             1000 * sleeps.switches.voluntary / sleeps.ops
 *	mean_sleep                 blocked / sleeps.switches.voluntary
 *	futex_sleeps_per_kop       1000 * sleeps.futex.slept / sleeps.ops
 *	mean_futex_sleep           sleeps.futex.wait_ns / sleeps.futex.slept
 *	involuntary_per_kop        1000 * sleeps.switches.involuntary / sleeps.ops
 *	owner_blocked_percent      100 * blocked_ns / (on_cpu_ns + run_queue_ns + blocked_ns), each
 *	                           summed over the rows of sleeps.per_worker with that role
 *	workers_blocked_percent    the same of the rows with the other role
 *	times_sequential           1 / time.speedup
 *	system_percent             100 * (system + crossing) / (system + crossing + user) of
 *	                           calls.on_cpu_ns, where calls is kernel.calls
 *	futex_waits_per_kop        1000 * calls.futex.waits / calls.ops
 *	eagain_per_kop             1000 * calls.futex.eagain / calls.ops
 *	futex_slept_per_kop        1000 * calls.futex.slept / calls.ops
 *	longest_call_per_kop       1000 * calls.syscalls[0].count / calls.ops
 *	longest_call               calls.syscalls[0].time_ns / calls.syscalls[0].count
 *	untraced_switches_per_kop  1000 * (rusage.voluntary + rusage.involuntary) / the sum over
 *	                           repeats of time.wall_ns.samples / time.ns_per_op.samples
 *	cpus_busy                  time.cpu_ns_per_op.median / time.ns_per_op.median
 *
 * What is rarer than 0.001 per thousand increments is told by the repeat: its figure ends in
 * _per_repeat then, and is the same count / the repeats of its level.
 *
 * A mean sleep and the longest call are in their figure's unit; the quotient is nanoseconds. Rounding: session/number.h.
 */
#ifndef SESSION_VERDICT_H
#define SESSION_VERDICT_H

#include "session/session.h"

/*
 * Sets verdict and figures, in place of what was there. A result that was not raced to its end has
 * none: its reason says it. `session` may be the one that the result is part of. Returns 0 or
 * -ENOMEM, and then there is no verdict.
 */
int verdict_write(struct result *result, const struct session *session);

#endif
