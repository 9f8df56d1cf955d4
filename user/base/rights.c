/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rights.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/sudo.h"

static int remember(struct rights *rights)
{
	int n = getgroups(0, NULL);

	*rights = (struct rights){ .group = getegid() };
	rights->groups = calloc(n > 0 ? (size_t)n : 1, sizeof(*rights->groups));
	if (!rights->groups)
		return -ENOMEM;
	rights->n_groups = getgroups(n, rights->groups);
	return rights->n_groups < 0 ? -errno : 0;
}

/* The user last: only root may change groups. */
static int become(uid_t user, gid_t group)
{
	gid_t *groups;
	int n = sudo_groups(user, group, &groups);
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

int rights_open(const char *path, FILE **file)
{
	struct rights rights;
	int err = rights_take_callers(&rights);

	*file = NULL;
	if (!err) {
		*file = fopen(path, "re");
		err = *file ? 0 : errno;
	}
	rights_give_back(&rights);
	return err;
}
