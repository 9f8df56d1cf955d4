/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How closely a repeat is watched. */
#ifndef BASE_LEVEL_H
#define BASE_LEVEL_H

enum level {
	LEVEL_WARMUP, /* untraced, and not counted */
	LEVEL_UNTRACED,
	LEVEL_SLEEPS, /* switches, wake-ups, the reason of every sleep */
	LEVEL_CALLS, /* and every system call */
	LEVEL_LATENCY, /* untraced, and some passes timed (strategy/shape.h) */
	LEVEL_WAKERS, /* as sleeps, and who ends each sleep, and who has the locks */
	LEVEL_COUNTERS, /* untraced; the processor's own counters are read */
	LEVEL_TIMELINE, /* as sleeps, and every event is recorded */
	LEVEL_STACKS, /* as sleeps, and the stacks of sleepers and of who wakes them */
	LEVELS,
};

#endif
