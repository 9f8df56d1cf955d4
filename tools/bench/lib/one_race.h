/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One race in a process of its own: the program starts itself for it, so that other programs can be
 * wrapped around it, and all races are measured alike, whoever watches.
 */
#ifndef BENCH_ONE_RACE_H
#define BENCH_ONE_RACE_H

#include "lib/watched.h"

#define ONE_RACE_AROUND_MAX 8 /* words of a program around it */

struct one_race {
	enum watch watch;
	uint64_t iterations; /* per worker */
	const char *const *around; /* the words of a program to run it in, ended by NULL, or NULL */
	const char *folder; /* for what is written besides: see child_start() */
	const char *log;
};

/* To be called first in main(): runs the race and exits, if that is what we were started for. */
void one_race_if_asked(int argc, char **argv);

/*
 * `turn-futex`, two workers on the first CPU: nanoseconds an increment. NaN when there was no race,
 * or when what is around it failed; the log may say why.
 */
double one_race_ns(const struct one_race *race);

#endif
