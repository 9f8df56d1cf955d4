/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sleeps whose reason has no name of its own, by system call, summed over tasks and races. */
#ifndef SESSION_OTHER_SUM_H
#define SESSION_OTHER_SUM_H

#include <stddef.h>
#include <stdint.h>
#include <tracebench/slot.h>

struct other_sum {
	uint32_t call; /* a system call's number, TB_OTHER_STOPPED or TB_OTHER_REST */
	uint64_t slept;
	uint64_t wait_ns;
};

struct other_sums {
	struct other_sum *calls;
	size_t n;
};

/* Adds one window, from the tables of two snapshots of one task. Returns 0 or -ENOMEM. */
int other_sums_add(struct other_sums *sums, const struct tb_other from[TB_OTHERS],
		   const struct tb_other to[TB_OTHERS]);
void other_sums_free(struct other_sums *sums);

/* "wait4", "stopped" or "unnamed". To be freed; NULL: no memory. */
char *other_name(uint32_t call);

#endif
