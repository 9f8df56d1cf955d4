/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tasks of one plan entry waited for, who had it and who woke them, by names that are the
 * same in every race, summed over the races of one level.
 */
#ifndef SESSION_WAITS_H
#define SESSION_WAITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/symbols.h"
#include "probe/findings.h"
#include "race/engine.h"

#define WAIT_NAME 96
#define PARTY_NAME 24

/* Sleeps on one futex word, by all tasks. */
struct futex_sum {
	char name[WAIT_NAME]; /* "object+0x80", or as symbols.h names it */
	uint64_t slept;
	uint64_t wait_ns;
	uint64_t max_ns;
};

/* Waits for kernel locks of one name and type. */
struct kernel_lock_sum {
	char name[WAIT_NAME];
	uint32_t type; /* enum tb_lock_type */
	uint64_t addresses; /* of that name, in the race that had most */
	uint64_t count;
	uint64_t wait_ns;
	uint64_t max_ns;
	uint64_t not_acquired;
};

/* Wake-ups of one task by another. */
struct edge_sum {
	char waker[PARTY_NAME]; /* "worker 0", "owner", "interrupt", "arena", "others" or "unseen" */
	char wakee[PARTY_NAME];
	char futex[WAIT_NAME]; /* where the waker's call named the word that was slept on; else empty */
	struct tb_edge sum;
};

/* Who had a lock when somebody went to sleep for it. */
struct owner_sum {
	char futex[WAIT_NAME];
	char owner[PARTY_NAME]; /* empty: nobody */
	uint64_t count;
};

struct waits {
	struct futex_sum *futexes;
	size_t n_futexes;
	struct kernel_lock_sum *kernel_locks;
	size_t n_kernel_locks;
	struct edge_sum *edges;
	size_t n_edges;
	struct owner_sum *owners;
	size_t n_owners;
};

/* What the probe found in one race, and what addresses are called. */
struct found {
	struct findings findings;
	struct symbols *symbols; /* NULL: numbers do */
};

/* Adds a race that ended well; `workers` of its tasks are some. Returns 0 or -ENOMEM. */
int waits_add(struct waits *waits, const struct race_outcome *outcome, unsigned int workers,
	      const struct found *found);
void waits_free(struct waits *waits);

/* What a futex word is called, the same in every run. */
void waits_name_futex(const struct race_outcome *outcome, unsigned int workers,
		      const struct found *found, uint64_t address, char name[WAIT_NAME]);

/* The part of it that is about the kernel's own locks. */
int waits_add_kernel_locks(struct waits *waits, const struct found *found);

#endif
