/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sudo.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/parse.h"

/* The highest id means "none" to the kernel. */
static int parse_id(const char *variable, uint32_t *id)
{
	const char *text = getenv(variable);
	uint64_t value = 0;

	if (!text || strspn(text, "0123456789") != strlen(text) ||
	    parse_count(text, 0, UINT32_MAX - 1, &value))
		return -EINVAL;
	*id = (uint32_t)value;
	return 0;
}

int sudo_caller(uid_t *user, gid_t *group, const char **wrong)
{
	if (geteuid() != 0 || (!getenv("SUDO_UID") && !getenv("SUDO_GID")))
		return 0;
	*wrong = "SUDO_UID";
	if (parse_id(*wrong, user))
		return -EINVAL;
	*wrong = "SUDO_GID";
	if (parse_id(*wrong, group))
		return -EINVAL;
	return *user != 0;
}
