/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "race/privilege.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/sudo.h"

#define NOBODY 65534

/* Of a program file with capabilities, which is not run by root. */
static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) ||
	    syscall(SYS_capset, &header, none))
		return -errno;
	return 0;
}

void privilege_target(bool keep_root, uid_t *user, gid_t *group)
{
	const char *wrong;

	if (geteuid() != 0 || keep_root) {
		*user = geteuid();
		*group = getegid();
	} else if (sudo_caller(user, group, &wrong) <= 0 || *group == 0) {
		*user = NOBODY;
		*group = NOBODY;
	}
}

int privilege_drop(void)
{
	uid_t uid;
	gid_t gid;

	if (geteuid() != 0)
		return drop_capabilities();
	privilege_target(false, &uid, &gid);
	if (setgroups(0, NULL) || setresgid(gid, gid, gid) || setresuid(uid, uid, uid))
		return -errno;
	/* Belt and braces: a kernel or container that did not do what it said. */
	return geteuid() == 0 || getegid() == 0 || setuid(0) == 0 ? -EPERM : 0;
}
