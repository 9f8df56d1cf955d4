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

/* Sleeps at one place, or those that were ended from one. */
struct found_stack {
	struct tb_place place;
	enum tb_special_place special; /* TB_SPECIAL_PLACES: it is a place */
	size_t sample; /* index; NO_FOUND_SAMPLE: the stacks of the place are not known */
};

#define NO_FOUND_SAMPLE SIZE_MAX

struct findings {
	struct tb_lock *locks; /* entries in use */
	size_t n_locks;
	struct found_edge *edges;
	size_t n_edges;
	struct found_owner *owners;
	size_t n_owners;
	struct found_stack *stacks; /* those that anything was counted at */
	size_t n_stacks;
	struct tb_sample *samples;
	size_t n_samples;
};

/* Where they come from: the maps, mapped or by their descriptors. */
struct finding_sources {
	const struct tb_slot *slots;
	unsigned int n_slots;
	const struct tb_lock *locks;
	unsigned int n_locks;
	int edges_fd;
	int owners_fd;
	const struct tb_place *places; /* NULL: stacks were not looked for */
	unsigned int n_places;
	const struct tb_sample *samples;
	unsigned int n_samples;
};

/* Copies all. Returns 0 or a negative errno; to be freed either way. */
int findings_take(const struct finding_sources *sources, struct findings *findings);
void findings_free(struct findings *findings);

/* Empties the maps that are not mapped. Returns 0 or a negative errno. */
int findings_clear(int edges_fd, int owners_fd);

#endif
