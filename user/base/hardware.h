/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The processor's own counters: which are counted, and whether a worker may. */
#ifndef BASE_HARDWARE_H
#define BASE_HARDWARE_H

#include <stdbool.h>

#include "base/perf_group.h"

/* The order is that of hardware_events; cycles lead. */
enum hardware_event {
	HARDWARE_CYCLES,
	HARDWARE_INSTRUCTIONS,
	HARDWARE_CACHE_REFERENCES,
	HARDWARE_CACHE_MISSES,
	HARDWARE_BRANCH_MISSES,
	HARDWARE_EVENTS,
};

extern const struct perf_kind hardware_events[HARDWARE_EVENTS];

#define HARDWARE_REASON_BYTES 192

struct hardware_support {
	bool works;
	bool with_kernel; /* what the kernel does for a worker is counted, too */
	char reason[HARDWARE_REASON_BYTES]; /* why it does not work; else empty */
};

/*
 * Tries, in a child process with the rights that a worker has: it counts its own cycles for a moment.
 * `keep_root`: workers of root stay root.
 */
void hardware_find(bool keep_root, struct hardware_support *support);

/* All of hardware_events, as they may be counted. */
struct perf_choice hardware_choice(const struct hardware_support *support);

/* The reason for a negative errno that opening ended with. `paranoid`: kernel.perf_event_paranoid. */
void hardware_explain(int err, int paranoid, char reason[HARDWARE_REASON_BYTES]);

#endif
