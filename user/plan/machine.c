/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/machine.h"

#include <errno.h>
#include <hwloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/log.h"
#include "plan/host.h"
#include "plan/topology.h"

/*
 * The whole machine, CPUs outside our cpuset included: they are part of what the topology text
 * describes. Which of them may be used is asked for separately.
 */
static int load_topology(hwloc_topology_t *topology)
{
	if (hwloc_topology_init(topology))
		return -ENOMEM;
	if (hwloc_topology_set_flags(*topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) ||
	    hwloc_topology_load(*topology)) {
		hwloc_topology_destroy(*topology);
		return -EIO;
	}
	return 0;
}

/* What cpusets allow and sched_getaffinity() does not take away again. */
static int read_cpus(hwloc_topology_t topology, struct machine *machine)
{
	hwloc_bitmap_t allowed = hwloc_bitmap_dup(hwloc_topology_get_allowed_cpuset(topology));
	hwloc_bitmap_t bound = hwloc_bitmap_alloc();
	int err = allowed && bound ? 0 : -ENOMEM;

	if (!err && !hwloc_get_cpubind(topology, bound, HWLOC_CPUBIND_THREAD))
		hwloc_bitmap_and(allowed, allowed, bound);
	if (!err)
		err = topology_spread(topology, allowed, &machine->cpus, &machine->n_cpus);
	if (!err)
		err = topology_siblings(topology, allowed, &machine->siblings,
					&machine->n_siblings);
	if (!err)
		err = topology_l3(topology, allowed, &machine->l3_cpus, &machine->n_l3_cpus,
				  &machine->n_l3_caches);
	hwloc_bitmap_free(bound);
	hwloc_bitmap_free(allowed);
	return err;
}

/* The kernel's name for it; hwloc knows more architectures but asks CPUID on x86. */
static void read_cpu_model(hwloc_topology_t topology, struct machine *machine)
{
	hwloc_obj_t package = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PACKAGE, 0);
	const char *model = package ? hwloc_obj_get_info_by_name(package, "CPUModel") : NULL;

	machine->cpu_model = host_cpu_model();
	if (!machine->cpu_model && model)
		machine->cpu_model = strdup(model);
}

static void read_names(struct machine *machine)
{
	struct utsname names;

	if (uname(&names))
		return;
	machine->hostname = strdup(names.nodename);
	machine->kernel = strdup(names.release);
	machine->arch = strdup(names.machine);
	machine->preemption = host_preemption(names.version);
}

int machine_read(struct machine *machine)
{
	hwloc_topology_t topology;
	int err;

	*machine = (struct machine){ 0 };
	err = load_topology(&topology);
	if (!err) {
		err = read_cpus(topology, machine);
		read_cpu_model(topology, machine);
		machine->topology = topology_text(topology);
		hwloc_topology_destroy(topology);
	}
	if (err) {
		machine_free(machine);
		log_error("CPU topology: hwloc cannot read it: %s (try lstopo)", strerror(-err));
		return err;
	}
	machine->cpus_online = sysconf(_SC_NPROCESSORS_ONLN);
	read_names(machine);
	machine->governor = host_governor(machine->cpus[0]);
	machine->virtualized = host_virtualized();
	machine->clocksource = host_clocksource();
	machine->timer_cost_ns = host_timer_cost_ns();
	machine->clock_step_ns = host_clock_step_ns();
	machine->boost = host_boost();
	machine->cpu_quota = host_cpu_quota();
	return 0;
}

void machine_free(struct machine *machine)
{
	free(machine->cpus);
	free(machine->siblings);
	free(machine->l3_cpus);
	free(machine->hostname);
	free(machine->kernel);
	free(machine->arch);
	free(machine->cpu_model);
	free(machine->topology);
	free(machine->governor);
	free(machine->boost);
	free(machine->clocksource);
	free(machine->preemption);
	*machine = (struct machine){ 0 };
}
