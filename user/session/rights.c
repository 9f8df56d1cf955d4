/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/rights.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/sudo.h"

#define MAX_GROUPS 65536 /* NGROUPS_MAX of the kernel */

/* All groups of a user, or the one where the user has no entry. Returns how many, or -ENOMEM. */
static int groups_of(uid_t user, gid_t group, gid_t **groups)
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

static int remember(struct rights *rights)
{
	*rights = (struct rights){ .group = getegid() };
	rights->groups = calloc(MAX_GROUPS, sizeof(*rights->groups));
	if (!rights->groups)
		return -ENOMEM;
	rights->n_groups = getgroups(MAX_GROUPS, rights->groups);
	return rights->n_groups < 0 ? -errno : 0;
}

/* The user last: only root may change groups. */
static int become(uid_t user, gid_t group)
{
	gid_t *groups;
	int n = groups_of(user, group, &groups);
	int err = n;

	if (n > 0)
		err = setgroups((size_t)n, groups) || setegid(group) || seteuid(user) ? -errno : 0;
	free(groups);
	return err;
}

int rights_take_callers(struct rights *rights)
{
	uid_t user;
	gid_t group;
	const char *wrong;
	int called = sudo_caller(&user, &group, &wrong);
	int err;

	*rights = (struct rights){ .changed = false };
	if (called < 0)
		log_error("%s: '%s' is no id; run through sudo, or unset SUDO_UID and SUDO_GID",
			  wrong, getenv(wrong) ? getenv(wrong) : "");
	if (called <= 0)
		return called;
	err = remember(rights);
	if (!err) {
		rights->changed = true;
		err = become(user, group);
	}
	if (err)
		log_error("cannot take the rights of user %u, who called sudo: %s", user,
			  strerror(-err));
	return err;
}

void rights_give_back(struct rights *rights)
{
	if (rights->changed && (seteuid(0) || setegid(rights->group) ||
				setgroups((size_t)rights->n_groups, rights->groups)))
		log_warning("cannot take root's rights back: %s", strerror(errno));
	free(rights->groups);
}
