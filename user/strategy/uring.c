/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "strategy/uring.h"

#include "base/sysctl.h"

const char *uring_obstacle(void)
{
	struct io_uring uring;
	int err;

	/* Asked as well as tried: 1 shuts out ordinary users, and who tries may be root. */
	if (sysctl_read("/proc/sys/kernel/io_uring_disabled", 0))
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
