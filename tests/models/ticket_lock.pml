/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Model of user/strategy/ticket_lock.h as of 94accab0b287
 *
 * At most one is served, in the order drawn, and nobody waits for ever; numbers wrap round, here at
 * as few as tell those who wait apart. The bug: a number is drawn in two steps.
 */
#define N 3
#define TURNS 3
#define NUMBERS 4

byte drawn, served;
byte inside;

inline take()
{
#ifdef BUG
	mine = drawn;
	drawn = (mine + 1) % NUMBERS;
#else
	atomic {
		mine = drawn;
		drawn = (drawn + 1) % NUMBERS
	}
#endif
	served == mine
}

inline give()
{
	seen = served;
	assert(seen == mine);
	served = (seen + 1) % NUMBERS
}

active [N] proctype task()
{
	byte turn, mine, seen;

	for (turn : 1 .. TURNS) {
		take();
		inside++;
		assert(inside == 1);
		inside--;
		give()
	}
}
