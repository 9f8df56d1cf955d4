/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "race/privilege.h"

#include <errno.h>
#include <grp.h>
#include <unistd.h>

#include "base/sudo.h"

#define NOBODY 65534

int privilege_drop(void)
{
	uid_t uid = NOBODY;
	gid_t gid = NOBODY;
	const char *wrong;

	if (geteuid() != 0)
		return 0;
	if (sudo_caller(&uid, &gid, &wrong) <= 0 || gid == 0) {
		uid = NOBODY;
		gid = NOBODY;
	}
	if (setgroups(0, NULL) || setresgid(gid, gid, gid) || setresuid(uid, uid, uid))
		return -errno;
	/* Belt and braces: a kernel or container that did not do what it said. */
	return geteuid() == 0 || getegid() == 0 || setuid(0) == 0 ? -EPERM : 0;
}
