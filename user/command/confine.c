/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/confine.h"

#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/privilege.h"
#include "base/shared_memory.h"

void confine_objects(void)
{
	/* Races sweep after whom they are run as, which root is not. */
	shared_memory_sweep(geteuid());
	/* Only root may, and it is a second net: whoever makes such an object removes it as well. */
	(void)unshare(CLONE_NEWIPC);
}

int confine(bool keep_root, bool traced)
{
	int err = 0;

	if (!keep_root || geteuid() != 0)
		err = privilege_narrow(traced ? PRIVILEGE_TRACING : PRIVILEGE_NONE);
	if (err)
		log_error("rights cannot be given up: %s (--keep-root?)", strerror(-err));
	return err;
}

void confine_reader(void)
{
	if (privilege_narrow(PRIVILEGE_NONE))
		privilege_limit(PRIVILEGE_NONE);
}
