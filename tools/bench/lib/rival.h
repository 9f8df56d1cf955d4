/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Other programs that watch, used as their users use them: run beside the race, on the whole
 * machine, or with the race for a command. All are packaged by Debian.
 */
#ifndef BENCH_RIVAL_H
#define BENCH_RIVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/one_race.h"

struct rival {
	const char *name;
	const char *package;
	const char *argv[ONE_RACE_AROUND_MAX + 1];
	/*
	 * Run beside the race, it is ready once so many BPF programs of it are attached. 0: the
	 * race is its command, and it starts that when it is ready.
	 */
	unsigned int programs;
	unsigned int slow; /* races of so many times fewer increments will do */
};

#define N_RIVALS 8
extern const struct rival rivals[N_RIVALS];

/* Whether PATH has it, to which /usr/sbin is added: that is where Debian has most of them. */
bool rival_is_installed(const struct rival *rival);

/*
 * A race that it watches, of `iterations` or as many fewer: nanoseconds an increment. NaN when that
 * went wrong, and then `why` says so. The rival has ended when this returns.
 */
double rival_race_ns(const struct rival *rival, uint64_t iterations, const char *folder, char *why,
		     size_t why_size);

#endif
