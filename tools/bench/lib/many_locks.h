/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two threads that hand over to each other through one futex after the other, as a program with
 * many locks would sleep: a strategy of the benchmarks' own, which nobody else needs.
 */
#ifndef BENCH_MANY_LOCKS_H
#define BENCH_MANY_LOCKS_H

#include "strategy/strategy.h"

/* For two workers and fixed work. Every hand-over is through the next of so many words. */
extern const struct strategy strategy_many_locks;
void many_locks_choose(unsigned int n);

#endif
