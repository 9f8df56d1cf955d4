/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/topology.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* The nth CPU (from 0) of `core` that is allowed, or -1. */
static int nth_allowed(hwloc_const_bitmap_t core, hwloc_const_bitmap_t allowed, unsigned int nth)
{
	int cpu = -1;

	do {
		do
			cpu = hwloc_bitmap_next(core, cpu);
		while (cpu >= 0 && !hwloc_bitmap_isset(allowed, (unsigned int)cpu));
	} while (cpu >= 0 && nth--);
	return cpu;
}

int topology_spread(hwloc_topology_t topology, hwloc_const_bitmap_t allowed, int **cpus,
		    size_t *n_cpus)
{
	/* Where cores are not known, every CPU is taken for one. */
	int depth = hwloc_get_type_or_below_depth(topology, HWLOC_OBJ_CORE);
	int n_threads = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
	int *list = calloc(n_threads > 0 ? (size_t)n_threads : 1, sizeof(*list));
	size_t n = 0, before;
	unsigned int nth = 0;

	if (!list)
		return -ENOMEM;
	do {
		hwloc_obj_t core = NULL;

		before = n;
		while ((core = hwloc_get_next_obj_by_depth(topology, depth, core))) {
			int cpu = nth_allowed(core->cpuset, allowed, nth);

			if (cpu >= 0)
				list[n++] = cpu;
		}
		nth++;
	} while (n > before);
	if (!n) {
		free(list);
		return -ENODEV;
	}
	*cpus = list;
	*n_cpus = n;
	return 0;
}

/* The first object of a type that has two allowed CPUs, and which of its CPUs are: to be freed. */
static hwloc_bitmap_t first_shared(hwloc_topology_t topology, hwloc_obj_type_t type,
				   hwloc_const_bitmap_t allowed)
{
	hwloc_bitmap_t shared = hwloc_bitmap_alloc();
	hwloc_obj_t object = NULL;

	while (shared && (object = hwloc_get_next_obj_by_type(topology, type, object))) {
		hwloc_bitmap_and(shared, object->cpuset, allowed);
		if (hwloc_bitmap_weight(shared) > 1)
			return shared;
	}
	if (shared)
		hwloc_bitmap_zero(shared);
	return shared;
}

static int list_of(hwloc_const_bitmap_t set, int **cpus, size_t *n_cpus)
{
	size_t n = 0;
	int *list = calloc((size_t)hwloc_bitmap_weight(set), sizeof(*list));

	if (!list)
		return -ENOMEM;
	for (int cpu = hwloc_bitmap_first(set); cpu >= 0; cpu = hwloc_bitmap_next(set, cpu))
		list[n++] = cpu;
	*cpus = list;
	*n_cpus = n;
	return 0;
}

int topology_siblings(hwloc_topology_t topology, hwloc_const_bitmap_t allowed, int **cpus,
		      size_t *n_cpus)
{
	hwloc_bitmap_t core = first_shared(topology, HWLOC_OBJ_CORE, allowed);
	int err = core ? 0 : -ENOMEM;

	*cpus = NULL;
	*n_cpus = 0;
	if (!err && !hwloc_bitmap_iszero(core))
		err = list_of(core, cpus, n_cpus);
	hwloc_bitmap_free(core);
	return err;
}

int topology_l3(hwloc_topology_t topology, hwloc_const_bitmap_t allowed, int **cpus, size_t *n_cpus,
		size_t *n_caches)
{
	hwloc_bitmap_t cache = first_shared(topology, HWLOC_OBJ_L3CACHE, allowed);
	int err = cache ? 0 : -ENOMEM;
	int n = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_L3CACHE);

	*cpus = NULL;
	*n_cpus = 0;
	*n_caches = n > 0 ? (size_t)n : 0;
	if (!err && !hwloc_bitmap_iszero(cache))
		err = topology_spread(topology, cache, cpus, n_cpus);
	hwloc_bitmap_free(cache);
	return err;
}

static unsigned int most_threads(hwloc_topology_t topology)
{
	unsigned int most = 1;
	hwloc_obj_t core = NULL;

	while ((core = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_CORE, core))) {
		int threads = hwloc_bitmap_weight(core->cpuset);

		if (threads > (int)most)
			most = (unsigned int)threads;
	}
	return most;
}

static void count(FILE *out, int n, const char *what)
{
	fprintf(out, "%s%d %s%s", ftell(out) ? ", " : "", n, what, n == 1 ? "" : "s");
}

char *topology_text(hwloc_topology_t topology)
{
	int cores = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE);
	int packages = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PACKAGE);
	int nodes = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE);
	unsigned int threads = most_threads(topology);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	count(out, hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU), "CPU");
	if (cores > 0)
		count(out, cores, "core");
	if (cores > 0 && threads > 1)
		fprintf(out, ", %u threads per core", threads);
	else if (cores > 0)
		fputs(", no SMT", out);
	if (packages > 1)
		count(out, packages, "package");
	if (nodes > 1)
		count(out, nodes, "NUMA node");
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}
