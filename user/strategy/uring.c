/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "strategy/uring.h"

#include <stdio.h>

#define SWITCH "/proc/sys/kernel/io_uring_disabled"

/* The switch is asked as well: 1 shuts out ordinary users, and who asks may be root. */
static bool is_switched_off(void)
{
	FILE *file = fopen(SWITCH, "re");
	int disabled = 0;

	if (!file)
		return false;
	if (fscanf(file, "%d", &disabled) != 1)
		disabled = 0;
	fclose(file);
	return disabled != 0;
}

const char *uring_obstacle(void)
{
	struct io_uring uring;
	int err;

	if (is_switched_off())
		return "io_uring is switched off (sysctl kernel.io_uring_disabled)";
	err = io_uring_queue_init(1, &uring, 0);
	if (err == -EMFILE)
		return "no descriptor is left for an io_uring (ulimit -n)";
	if (err == -ENOMEM)
		return "no memory may be locked for an io_uring (ulimit -l)";
	if (err < 0)
		return "this kernel has no io_uring, or does not let us use it";
	io_uring_queue_exit(&uring);
	return NULL;
}

bool uring_knows(int operation)
{
	struct io_uring_probe *probe = io_uring_get_probe();
	bool known = probe && io_uring_opcode_supported(probe, operation);

	io_uring_free_probe(probe);
	return known;
}
