/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The timeline's side of the probe: a ring for each CPU, and what stands beside them (timeline.h). */
#ifndef PROBE_TIMELINE_H
#define PROBE_TIMELINE_H

#include <stddef.h>
#include <stdint.h>
#include <tracebench/timeline.h>

#include "probe/ring.h"

struct probe_bpf;
struct probe_options;

/* All zero where no timeline is asked for. */
struct timeline {
	unsigned int n_cpus; /* that there can be */
	struct ring *rings;
	struct tb_timeline_cpu *cpus; /* mapped, as are the next two */
	struct tb_identity *identities;
	uint64_t *named;
	unsigned int
		n_identities; /* as many as there are slots, those of the kernel's threads included */
};

/*
 * Bytes of a ring where nobody says: a third of a second of the densest race there is, but not more
 * than a quarter of a gigabyte in all.
 */
size_t timeline_ring_bytes(unsigned int n_cpus);

/*
 * Before and after the skeleton is loaded, whether or not there is to be a timeline. Return 0 or a
 * negative errno; timeline_free() either way.
 */
int timeline_size(struct timeline *timeline, struct probe_bpf *skeleton,
		  const struct probe_options *options);
int timeline_open(struct timeline *timeline, const struct probe_bpf *skeleton,
		  const struct probe_options *options);
void timeline_free(struct timeline *timeline);

/* As before the first race. Nothing is attached. */
void timeline_clear(struct timeline *timeline);

/* Events that found their ring full since then. */
uint64_t timeline_lost(const struct timeline *timeline);

#endif
