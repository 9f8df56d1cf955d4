/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Model of user/strategy/eventfd_queue.c as of df48a42baa21
 *
 * Two workers with a ring each, one owner, one doorbell: every count arrives, and nobody sleeps for
 * ever. Accesses that the algorithm needs in order are sequentially consistent there, and so are
 * all of them here. The bug: the owner does not look once more after it said that it sleeps.
 */
#define WORKERS 2
#define COUNTS 2
#define LENGTH 1

byte last[WORKERS], first[WORKERS];
bool waits[WORKERS], asleep[WORKERS];
bool sleeps;
byte doorbell; /* the eventfd's counter */

/* Comparing and going to sleep are one step, under the kernel's lock, which a waker takes as well. */
inline futex_wait(i)
{
	atomic {
		if
		:: waits[i] -> asleep[i] = true
		:: else
		fi
	}
	!asleep[i]
}

inline wait_for_room(i)
{
	waits[i] = true;
	do
	:: waits[i] ->
	   first_seen = first[i];
	   if
	   :: put - first_seen < LENGTH -> break
	   :: else -> futex_wait(i)
	   fi
	:: else -> break
	od;
	waits[i] = false;
	first_seen = first[i]
}

inline ring_doorbell()
{
	if
	:: sleeps ->
	   atomic {
		rings = sleeps;
		sleeps = false
	   }
	   if
	   :: rings -> doorbell++
	   :: else
	   fi
	:: else
	fi
}

active [WORKERS] proctype worker()
{
	byte put, first_seen;
	bool rings;

	for (put : 0 .. COUNTS - 1) {
		do
		:: put - first_seen < LENGTH -> break
		:: else -> wait_for_room(_pid)
		od;
		last[_pid] = put + 1;
		ring_doorbell()
	}
}

inline drain(i)
{
	seen = last[i];
	if
	:: seen == first[i]
	:: else ->
	   assert(seen - first[i] <= LENGTH);
	   taken = taken + seen - first[i];
	   first[i] = seen;
	   if
	   :: waits[i] ->
	      waits[i] = false;
	      asleep[i] = false
	   :: else
	   fi
	fi
}

inline drain_all()
{
	before = taken;
	drain(0);
	drain(1)
}

active proctype owner()
{
	byte taken, before, seen;

	do
	:: taken == WORKERS * COUNTS -> break
	:: else ->
	   drain_all();
	   if
	   :: taken > before
	   :: else ->
	      sleeps = true;
#ifndef BUG
	      drain_all();
#endif
	      if
	      :: taken > before -> sleeps = false
	      :: else -> atomic { doorbell > 0 -> doorbell = 0 }
	      fi
	   fi
	od
}
