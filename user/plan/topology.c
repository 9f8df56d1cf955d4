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
