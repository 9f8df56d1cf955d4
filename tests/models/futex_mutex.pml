/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Model of user/strategy/futex_mutex.h as of 10c66c87fc23
 *
 * At most one holds it, and nobody sleeps for ever. A spin is any number of tries, none included.
 * The bug: who was woken takes it as TAKEN, and so forgets those who still sleep.
 */
#define N 3
#define TURNS 2

#define FREE 0
#define TAKEN 1
#define SLEPT_ON 2

#include "futex.inc"

byte state = FREE;
byte inside;

/* __atomic_exchange_n(&mutex->state, value): `seen` is what was there. */
inline exchange(value)
{
	atomic {
		seen = state;
		state = value
	}
}

inline lock()
{
	do
	:: atomic {
		seen = state;
		if
		:: seen == FREE -> state = TAKEN
		:: else
		fi
	   }
	   if
	   :: seen == FREE -> break
	   :: else
	   fi
	:: sleep();
	   break
	od
}

inline sleep()
{
	mark = SLEPT_ON;
	do
	:: exchange(mark);
	   if
	   :: seen == FREE -> break
	   :: else -> futex_wait(state, SLEPT_ON)
	   fi;
#ifdef BUG
	   mark = TAKEN
#endif
	od
}

inline unlock()
{
	exchange(FREE);
	if
	:: seen == SLEPT_ON -> futex_wake()
	:: else
	fi
}

active [N] proctype task()
{
	byte turn, seen, mark;

	for (turn : 1 .. TURNS) {
		lock();
		inside++;
		assert(inside == 1);
		inside--;
		unlock()
	}
}
