/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Model of user/strategy/semaphore.h as of f8db66a6a526
 *
 * No more are inside than there are permits, and nobody sleeps for ever. A spin is any number of
 * tries, none included. The bug: a processor that is not told otherwise looks at `waiters` before
 * others see the permit, which is what sequentially consistent order is there to forbid.
 *
 * Variants: -DPERMITS=2
 */
#define N 3
#define TURNS 2
#ifndef PERMITS
#define PERMITS 1
#endif

#include "futex.inc"

byte permits = PERMITS;
byte waiters;
byte inside;

/* A failed exchange has read the permits anew. */
inline try()
{
	seen = permits;
	taken = false;
	do
	:: seen == 0 -> break
	:: else ->
	   atomic {
		if
		:: permits == seen -> permits--; taken = true
		:: else -> seen = permits
		fi
	   }
	   if
	   :: taken -> break
	   :: else
	   fi
	od
}

inline wait()
{
	do
	:: try();
	   if
	   :: taken -> break
	   :: else
	   fi
	:: sleep();
	   break
	od
}

inline sleep()
{
	waiters++;
	do
	:: try();
	   if
	   :: taken -> break
	   :: else -> futex_wait(permits, 0)
	   fi
	od;
	waiters--
}

inline post()
{
#ifdef BUG
	seen = waiters;
	permits++;
#else
	permits++;
	seen = waiters;
#endif
	if
	:: seen > 0 -> futex_wake()
	:: else
	fi
}

active [N] proctype task()
{
	byte turn, seen;
	bool taken;

	for (turn : 1 .. TURNS) {
		wait();
		inside++;
		assert(inside <= PERMITS);
		inside--;
		post()
	}
}
