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

/*
 * The hardware threads of the first core of which two or more are allowed, in topology order. The
 * caller frees *cpus. Returns 0, also where there is no such core and *n_cpus is 0, or -ENOMEM.
 */
int topology_siblings(hwloc_topology_t topology, hwloc_const_bitmap_t allowed, int **cpus,
		      size_t *n_cpus);

/*
 * The same of the first L3 cache that two or more allowed CPUs share, spread as above. *n_caches
 * is how many such caches the machine has, whoever may use them.
 */
int topology_l3(hwloc_topology_t topology, hwloc_const_bitmap_t allowed, int **cpus, size_t *n_cpus,
		size_t *n_caches);

/* "8 CPUs, 4 cores, 2 threads per core", to be freed; NULL without memory. */
char *topology_text(hwloc_topology_t topology);

#endif
