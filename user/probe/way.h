/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ways into the kernel the probe takes: the better of each pair that this kernel has. */
#ifndef PROBE_WAY_H
#define PROBE_WAY_H

#include <stdbool.h>

#include "base/way.h"

/* What there is of the ways that a kernel may lack. The others are everywhere. */
struct ways_found {
	bool fexit;
	bool switch_argument;
	bool task_storage;
};

/*
 * By trying, and by the kernel's BTF. `calls`: fexit is of use; where it is not, it is not tried and
 * not found.
 */
struct btf;
struct ways_found ways_find(const struct btf *kernel, bool calls);

/*
 * One of each pair: that which is wished, else the better one of those found. Returns 0 if all that
 * is wished is found, else the first way (one bit) that is not.
 */
unsigned int ways_choose(unsigned int wished, const struct ways_found *found, unsigned int *chosen);

/*
 * Of a wish that this kernel or these rights do not grant: one line that says what is refused, why
 * and what to do. False where all is granted.
 */
#define WAY_REFUSED 256
bool way_refused(unsigned int wished, char line[static WAY_REFUSED]);

#endif
