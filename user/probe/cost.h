/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What BPF objects take of the machine, as the kernel itself tells: memory, and time of each run. */
#ifndef PROBE_COST_H
#define PROBE_COST_H

#include <stddef.h>
#include <stdint.h>

struct bpf_object;
struct bpf_object_skeleton;

struct map_cost {
	const char *name; /* lives as long as the object */
	uint64_t bytes;
};

struct program_cost {
	const char *name; /* its section, "tp_btf/sched_switch"; lives as long as the object */
	uint64_t runs; /* while statistics were kept, by whoever wished for them ... */
	uint64_t run_ns; /* ... and what these took, one reading of the clock included */
};

/*
 * The memory of each map, in a list for the caller to free. It is read from /proc/self/fdinfo, which
 * a process that has given up rights may not read any more. Returns 0 or a negative errno.
 */
int cost_of_maps(const struct bpf_object *object, struct map_cost **maps, size_t *n);

/*
 * What every program that is attached has run for so far, in a list for the caller to free. Returns 0
 * or a negative errno.
 */
int cost_of_programs(const struct bpf_object_skeleton *skeleton, struct program_cost **programs,
		     size_t *n);

/*
 * Has the kernel keep statistics of every BPF program's runs, which makes each run some 20 ns longer,
 * until the descriptor that is returned is closed: by its last copy, so nobody may inherit it for
 * longer than that. It takes CAP_SYS_ADMIN (-EPERM) and a kernel that can (-EINVAL).
 */
int cost_statistics_open(void);

#endif
