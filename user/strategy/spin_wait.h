/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the spin locks here wait: by looking again for about as long as a switch takes, and from
 * then on by yielding the CPU between two looks. So a wait costs at most about twice what knowing
 * beforehand would (A. Karlin et al., Empirical Studies of Competitive Spinning for a Shared-Memory
 * Multiprocessor, 1991), and no race hangs: with more workers than CPUs the one that is waited for
 * gets its turn after at most one switch per worker, and not at the end of a time slice.
 */
#ifndef STRATEGY_SPIN_WAIT_H
#define STRATEGY_SPIN_WAIT_H

#include <sched.h>

#include "strategy/race.h"

/* A pause takes 10 to 140 cycles, a switch some thousands. */
#define SPIN_WAIT_LOOKS 100

/* Between two looks. `looks`: how many there were in this wait; the caller starts it at 0. */
RACE_INLINE void spin_wait(unsigned int *looks)
{
	if (*looks < SPIN_WAIT_LOOKS) {
		(*looks)++;
		race_pause();
	} else {
		sched_yield();
	}
}

#endif
