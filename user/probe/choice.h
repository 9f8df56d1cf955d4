/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the programs are loaded, on this kernel and for these options, and which a level attaches. */
#ifndef PROBE_CHOICE_H
#define PROBE_CHOICE_H

#include <stdbool.h>

#include "base/level.h"

struct btf;
struct probe_bpf;
struct probe_options;

struct choice {
	bool calls; /* system calls are seen */
	bool uring; /* and io_uring's futex operations */
	unsigned int ways; /* base/way.h, one of each pair */
};

/*
 * Before the skeleton is loaded. `kernel`: its types. Returns 0 or a negative errno: -ENOTSUP where
 * this kernel does not have what is asked for.
 */
int choose_loaded(struct choice *choice, struct probe_bpf *skeleton, const struct btf *kernel,
		  const struct probe_options *options);

/* Before it is attached. `by_account`: wake-ups are left to the scheduler's account. */
void choose_attached(struct probe_bpf *skeleton, enum level level, bool by_account);

#endif
