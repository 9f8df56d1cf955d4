/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/placement.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/parse.h"

static bool allowed(const struct machine *machine, int cpu)
{
	for (size_t i = 0; i < machine->n_cpus; i++)
		if (machine->cpus[i] == cpu)
			return true;
	return false;
}

/* The machine's CPUs as people write them, "0-3,8"; cut short where there are very many. */
static void list_allowed(const struct machine *machine, char *text, size_t size)
{
	size_t used = 0;

	for (int first = 0; first < PARSE_CPUS && used < size; first++) {
		int last = first;

		if (!allowed(machine, first))
			continue;
		while (allowed(machine, last + 1))
			last++;
		used += (size_t)snprintf(text + used, size - used,
					 last > first ? "%s%d-%d" : "%s%d", used ? "," : "", first,
					 last);
		first = last;
	}
}

static int check_list(const char *pin, const struct machine *machine,
		      const struct placement *placement)
{
	char cpus[256] = "";

	for (size_t i = 0; i < placement->n_cpus; i++) {
		if (allowed(machine, placement->cpus[i]))
			continue;
		list_allowed(machine, cpus, sizeof(cpus));
		log_error(
			"--pin: '%s' names CPU %d, which this process may not use: choose from %s",
			pin, placement->cpus[i], cpus);
		return -EINVAL;
	}
	return 0;
}

static int refuse_siblings(const struct machine *machine)
{
	log_error("--pin: 'smt' needs a core with two hardware threads that this process may use, "
		  "and there is none (%s): choose spread, pack or CPUs",
		  machine->topology);
	return -EINVAL;
}

static int refuse_l3(const struct machine *machine)
{
	if (machine->n_l3_caches)
		log_error(
			"--pin: 'l3' needs an L3 cache that two CPUs share which this process may "
			"use, and each of the %zu here has at most one of them: choose spread, "
			"pack or CPUs",
			machine->n_l3_caches);
	else
		log_error("--pin: 'l3' needs an L3 cache, and this machine shows none (lstopo): "
			  "choose spread, pack or CPUs");
	return -EINVAL;
}

static int copy_cpus(const int *cpus, size_t n_cpus, struct placement *placement)
{
	placement->cpus = calloc(n_cpus, sizeof(*placement->cpus));
	if (!placement->cpus)
		return -ENOMEM;
	memcpy(placement->cpus, cpus, n_cpus * sizeof(*placement->cpus));
	placement->n_cpus = n_cpus;
	return 0;
}

int placement_make(const char *pin, const struct machine *machine, struct placement *placement)
{
	int err;

	*placement = (struct placement){ 0 };
	if (!strcmp(pin, "none"))
		return 0;
	if (!strcmp(pin, "spread"))
		return copy_cpus(machine->cpus, machine->n_cpus, placement);
	if (!strcmp(pin, "pack"))
		return copy_cpus(machine->cpus, 1, placement);
	if (!strcmp(pin, "smt"))
		return machine->n_siblings ?
			       copy_cpus(machine->siblings, machine->n_siblings, placement) :
			       refuse_siblings(machine);
	if (!strcmp(pin, "l3"))
		return machine->n_l3_cpus ?
			       copy_cpus(machine->l3_cpus, machine->n_l3_cpus, placement) :
			       refuse_l3(machine);
	err = parse_cpu_list(pin, &placement->cpus, &placement->n_cpus);
	if (!err)
		err = check_list(pin, machine, placement);
	if (err)
		placement_free(placement);
	return err;
}

void placement_free(struct placement *placement)
{
	free(placement->cpus);
	*placement = (struct placement){ 0 };
}

int placement_cpu(const struct placement *placement, size_t task)
{
	return placement->n_cpus ? placement->cpus[task % placement->n_cpus] : -1;
}
