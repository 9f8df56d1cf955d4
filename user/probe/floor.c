/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/floor.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>

#include "empty.skel.h"

struct floor {
	struct empty_bpf *skeleton;
};

int floor_load(struct floor **floor)
{
	int err;

	/* As for the probe: the feature probes explain what fails. */
	libbpf_set_print(NULL);
	*floor = calloc(1, sizeof(**floor));
	if (!*floor)
		return -ENOMEM;
	(*floor)->skeleton = empty_bpf__open();
	err = (*floor)->skeleton ? empty_bpf__load((*floor)->skeleton) : -errno;
	if (err) {
		floor_free(*floor);
		*floor = NULL;
	}
	return err;
}

void floor_free(struct floor *floor)
{
	if (!floor)
		return;
	empty_bpf__destroy(floor->skeleton);
	free(floor);
}

/* On one CPU the probe watches no wake-ups either. */
int floor_attach(struct floor *floor, enum level level, bool one_cpu)
{
	struct empty_bpf *skeleton = floor->skeleton;
	bool calls = level == LEVEL_CALLS;
	int err;

	bpf_program__set_autoattach(skeleton->progs.empty_wakeup, !one_cpu);
	bpf_program__set_autoattach(skeleton->progs.empty_sys_enter, calls);
	bpf_program__set_autoattach(skeleton->progs.empty_sys_exit, calls);
	err = empty_bpf__attach(skeleton);
	if (err)
		empty_bpf__detach(skeleton);
	return err;
}

void floor_detach(struct floor *floor)
{
	empty_bpf__detach(floor->skeleton);
}
