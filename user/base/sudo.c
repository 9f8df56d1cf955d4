/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sudo.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/parse.h"

#define MAX_GROUPS 65536 /* NGROUPS_MAX of the kernel */

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
	if (geteuid() != 0)
		return 0;
	/* Not by sudo, but by a set-user-ID bit: its caller may put anything into the environment. */
	if (getuid() != 0) {
		*user = getuid();
		*group = getgid();
		return 1;
	}
	if (!getenv("SUDO_UID") && !getenv("SUDO_GID"))
		return 0;
	*wrong = "SUDO_UID";
	if (parse_id(*wrong, user))
		return -EINVAL;
	*wrong = "SUDO_GID";
	if (parse_id(*wrong, group))
		return -EINVAL;
	return *user != 0;
}

int sudo_groups(uid_t user, gid_t group, gid_t **groups)
{
	const struct passwd *entry = getpwuid(user);
	int n = MAX_GROUPS;

	*groups = calloc(MAX_GROUPS, sizeof(**groups));
	if (!*groups)
		return -ENOMEM;
	if (entry && getgrouplist(entry->pw_name, group, *groups, &n) >= 0)
		return n;
	(*groups)[0] = group;
	return 1;
}

char *sudo_home(void)
{
	const struct passwd *entry = NULL;
	const char *wrong;
	uid_t user;
	gid_t group;

	if (sudo_caller(&user, &group, &wrong) > 0)
		entry = getpwuid(user);
	return entry ? strdup(entry->pw_dir) : NULL;
}
