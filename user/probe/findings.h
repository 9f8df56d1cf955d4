/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is not in the slots: which locks were waited for, who woke whom, who had the locks. */
#ifndef PROBE_FINDINGS_H
#define PROBE_FINDINGS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <tracebench/slot.h>

/* Tasks are known by their thread ids in their own namespace, as in struct tb_slot. */
struct found_edge {
	pid_t wakee;
	pid_t waker; /* 0: `who` says who it was */
	uint32_t who; /* TB_WAKER_... */
	uint64_t futex; /* see struct tb_edge_key */
	struct tb_edge sum;
};

struct found_owner {
	uint64_t futex;
	pid_t owner; /* 0: nobody */
	uint64_t count;
};

struct findings {
	struct tb_lock *locks; /* entries in use */
	size_t n_locks;
	struct found_edge *edges;
	size_t n_edges;
	struct found_owner *owners;
	size_t n_owners;
};

/* Where they come from: the maps, mapped or by their descriptors. */
struct finding_sources {
	const struct tb_slot *slots;
	unsigned int n_slots;
	const struct tb_lock *locks;
	unsigned int n_locks;
	int edges_fd;
	int owners_fd;
};

/* Copies all. Returns 0 or a negative errno; to be freed either way. */
int findings_take(const struct finding_sources *sources, struct findings *findings);
void findings_free(struct findings *findings);

/* Empties the maps that are not mapped. Returns 0 or a negative errno. */
int findings_clear(int edges_fd, int owners_fd);

#endif
