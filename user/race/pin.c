/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "race/pin.h"

#include <errno.h>

/* The kernel refuses to tell in a set that is shorter than its own. */
#define MOST_CPUS 65536

int pin_to(int cpu)
{
	size_t bytes = CPU_ALLOC_SIZE((size_t)cpu + 1);
	cpu_set_t *set;
	int err;

	if (cpu < 0)
		return 0;
	/* Not the fixed kind, which ends at CPU 1023. */
	set = CPU_ALLOC((size_t)cpu + 1);
	if (!set)
		return -ENOMEM;
	CPU_ZERO_S(bytes, set);
	CPU_SET_S((size_t)cpu, bytes, set);
	err = sched_setaffinity(0, bytes, set) ? -errno : 0;
	CPU_FREE(set);
	return err;
}

int pin_save(struct pinning *pinning)
{
	pinning->bytes = CPU_ALLOC_SIZE(MOST_CPUS);
	pinning->set = CPU_ALLOC(MOST_CPUS);
	if (!pinning->set)
		return -ENOMEM;
	if (sched_getaffinity(0, pinning->bytes, pinning->set) == 0)
		return 0;
	CPU_FREE(pinning->set);
	pinning->set = NULL;
	return -errno;
}

void pin_restore(struct pinning *pinning)
{
	if (!pinning->set)
		return;
	/* What was allowed a moment ago; if it is no more, the kernel has seen to where we are. */
	sched_setaffinity(0, pinning->bytes, pinning->set);
	CPU_FREE(pinning->set);
	pinning->set = NULL;
}
