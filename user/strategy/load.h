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
};

#endif
