/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Model of user/strategy/shm_ring.h as of 9c4914cd4da9
 *
 * Every message arrives, and nobody sleeps for ever. What a side stores is its own until it has been
 * shown to the other, which may happen at any time and to each word by itself: that is weaker than
 * any processor is, and a load may so come before an earlier store. membarrier(2) shows all that
 * either side has stored. What one side stores and the other exchanges is exchanged as shown. Looks
 * that are repeated, the spins, add no order of steps. The bug: a fence of the caller alone in the
 * barrier's place.
 */
#define MESSAGES 4
#define SLOTS 2

typedef word {
	byte shown;
	byte stored;
	bool kept /* stored, and not yet shown */
}

word last, waits; /* the worker's */
word first, sleeps; /* the owner's */
bool worker_asleep, owner_asleep;
byte ended;

inline store(to, value)
{
	atomic {
		to.stored = value;
		to.kept = true
	}
}

inline reveal(what)
{
	atomic {
		if
		:: what.kept -> what.shown = what.stored; what.kept = false
		:: else
		fi
	}
}

inline workers_fence()
{
	reveal(last);
	reveal(waits)
}

inline owners_fence()
{
	reveal(first);
	reveal(sleeps)
}

/* A full fence of the caller, then one of the other side, at some point of its doing. */
#ifndef BUG
#define MEMBARRIER(mine, others) mine(); others()
#else
#define MEMBARRIER(mine, others) mine()
#endif

/* Comparing and going to sleep are one step, under the kernel's lock, which a waker takes as well. */
inline futex_wait(what, asleep)
{
	atomic {
		if
		:: what.shown == 1 -> asleep = true
		:: else
		fi
	}
	!asleep
}

/* __atomic_load_n(), __atomic_exchange_n() and futex_wake(). */
inline wake(what, asleep)
{
	if
	:: what.shown == 1 ->
	   atomic {
		seen = what.shown;
		what.shown = 0
	   }
	   if
	   :: seen == 1 -> asleep = false
	   :: else
	   fi
	:: else
	fi
}

/* An index that wrapped would look like a ring that is fuller than it can be. */
inline reserve()
{
	do
	:: put - first_seen < SLOTS -> break
	:: else ->
	   first_seen = first.shown;
	   if
	   :: put - first_seen < SLOTS
	   :: else ->
	      store(waits, 1);
	      MEMBARRIER(workers_fence, owners_fence);
	      first_seen = first.shown;
	      if
	      :: put - first_seen < SLOTS
	      :: else -> futex_wait(waits, worker_asleep)
	      fi;
	      store(waits, 0)
	   fi
	od
}

active proctype worker()
{
	byte put, first_seen, seen;

	for (put : 0 .. MESSAGES - 1) {
		reserve();
		store(last, put + 1);
		wake(sleeps, owner_asleep)
	}
	ended++
}

inline wait()
{
	last_seen = last.shown;
	if
	:: got < last_seen
	:: else ->
	   store(sleeps, 1);
	   MEMBARRIER(owners_fence, workers_fence);
	   last_seen = last.shown;
	   if
	   :: got < last_seen
	   :: else -> futex_wait(sleeps, owner_asleep)
	   fi;
	   store(sleeps, 0)
	fi
}

active proctype owner()
{
	byte got, last_seen, seen;

	do
	:: got == MESSAGES -> break
	:: else ->
	   wait();
	   assert(last_seen - got <= SLOTS);
	   if
	   :: got < last_seen ->
	      /* A part of them, as where a ring has several. */
	      got++;
	      store(first, got);
	      wake(waits, worker_asleep)
	   :: else
	   fi
	od;
	ended++
}

/* Whatever makes stores visible in the end. */
active proctype processors()
{
	do
	:: last.kept -> reveal(last)
	:: waits.kept -> reveal(waits)
	:: first.kept -> reveal(first)
	:: sleeps.kept -> reveal(sleeps)
	:: ended == 2 -> break
	od
}
