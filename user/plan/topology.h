/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CPUs and cores as hwloc sees them. For machine.c; apart from it so that tests can make one up. */
#ifndef PLAN_TOPOLOGY_H
#define PLAN_TOPOLOGY_H

#include <hwloc.h>
#include <stddef.h>

/*
 * The CPUs of `allowed`, spread: the first allowed hardware thread of each core in topology
 * order, then the second of each, and so on. The caller frees *cpus. Returns 0, -ENOMEM, or
 * -ENODEV when none is left.
 */
int topology_spread(hwloc_topology_t topology, hwloc_const_bitmap_t allowed, int **cpus,
		    size_t *n_cpus);

/* "8 CPUs, 4 cores, 2 threads per core", to be freed; NULL without memory. */
char *topology_text(hwloc_topology_t topology);

#endif
