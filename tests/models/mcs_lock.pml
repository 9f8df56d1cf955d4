/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Model of user/strategy/mcs_lock.h as of ece107f65095
 *
 * At most one holds it, nobody waits for ever, and a node is used again for the next turn. Nodes
 * are their task's number and one; 0 is NULL. The bug: who has seen no successor frees the lock
 * without looking whether one has come meanwhile.
 */
#define N 3
#define TURNS 2

byte last;
byte next[N];
bool waits[N];
byte inside;

inline take()
{
	next[_pid] = 0;
	waits[_pid] = true;
	atomic {
		before = last;
		last = _pid + 1
	}
	if
	:: before == 0
	:: else ->
	   next[before - 1] = _pid + 1;
	   !waits[_pid]
	fi
}

inline give()
{
	successor = next[_pid];
	freed = false;
	if
	:: successor == 0 ->
#ifdef BUG
	   last = 0;
	   freed = true
#else
	   atomic {
		if
		:: last == _pid + 1 -> last = 0; freed = true
		:: else
		fi
	   }
#endif
	:: else
	fi;
	if
	:: freed
	:: else ->
	   next[_pid] != 0;
	   successor = next[_pid];
	   waits[successor - 1] = false
	fi
}

active [N] proctype task()
{
	byte turn, before, successor;
	bool freed;

	for (turn : 1 .. TURNS) {
		take();
		inside++;
		assert(inside == 1);
		inside--;
		give()
	}
}
