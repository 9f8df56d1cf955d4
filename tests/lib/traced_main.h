/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main of a kernel test that checks its promise with threads and with processes. */
#ifndef TRACEBENCH_TESTS_TRACED_MAIN_H
#define TRACEBENCH_TESTS_TRACED_MAIN_H

#include "lib/tap.h"
#include "lib/traced.h"

/* With a probe of its own, which has the faults of the options. */
static inline void traced_check(struct probe_options options,
				void (*check)(struct probe *probe, enum mode mode))
{
	const char *why;
	struct probe *probe = traced_probe(options, &why);

	if (!probe) {
		tap_skip("bpf: %s", why);
		return;
	}
	for (enum mode mode = 0; mode < MODES; mode++)
		check(probe, mode);
	probe_free(probe);
}

static inline int traced_main(void (*check)(struct probe *probe, enum mode mode))
{
	traced_check((struct probe_options){ 0 }, check);
	return tap_done();
}

#endif
