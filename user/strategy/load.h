/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the workers of a race have to do, whichever strategy they do it by. */
#ifndef STRATEGY_LOAD_H
#define STRATEGY_LOAD_H

#include <stdint.h>

/* Zero is no load: a batch, a message and a permit have to be given. */
struct load {
	uint64_t batch; /* increments per critical section, message or turn, or RACE_BATCH_ALL */
	uint64_t message; /* bytes, of strategies that take it */
	uint64_t permits; /* of a semaphore */
	uint64_t read_share; /* percent, of strategies that take one */
	uint64_t critical_ns; /* work inside of each section, or by whoever receives a message */
	uint64_t think_ns; /* work before each section or message */
	uint64_t pace; /* sections or messages a second, of all workers; 0: one after another */
};

#endif
