/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/privilege.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/sudo.h"

#define NOBODY 65534

static int read_permitted(uint64_t *permitted)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data))
		return -errno;
	*permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
	return 0;
}

/* Effective and permitted; none to be inherited. */
static int write_capabilities(uint64_t set)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {
		{ .effective = (uint32_t)set, .permitted = (uint32_t)set },
		{ .effective = (uint32_t)(set >> 32), .permitted = (uint32_t)(set >> 32) },
	};

	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

/*
 * No program that is executed from now on gives any right. The bounding set says so a second time;
 * who may not change it (it takes CAP_SETPCAP) has to do with the first.
 */
static int forbid_gains(void)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
	     capability++)
		prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
	return 0;
}

void privilege_target(bool keep_root, uid_t *user, gid_t *group)
{
	const char *wrong;

	if (geteuid() != 0 || keep_root) {
		*user = geteuid();
		*group = getegid();
	} else if (sudo_caller(user, group, &wrong) <= 0) {
		*user = NOBODY;
		*group = NOBODY;
	}
}

/* The user last: only root may change groups. */
static int become(uid_t user, gid_t group)
{
	gid_t *groups = NULL;
	int n = user == NOBODY ? 0 : sudo_groups(user, group, &groups);
	int err = n < 0 ? n : 0;

	if (!err && (setgroups((size_t)n, groups) || setresgid(group, group, group) ||
		     setresuid(user, user, user)))
		err = -errno;
	free(groups);
	/* Belt and braces: a kernel or container that did not do what it said. */
	return err ? err : geteuid() == 0 || getuid() == 0 ? -EPERM : 0;
}

/* A change of user takes all capabilities, unless the kernel is told to let the process choose. */
static int stop_being_root(void)
{
	uid_t user;
	gid_t group;
	int err;

	privilege_target(false, &user, &group);
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
		return -errno;
	err = become(user, group);
	prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
	return err;
}

/* Says no where the kernel agreed and did not do it, or where root could be had back. */
static int keep_of(uint64_t kept, uint64_t had)
{
	uint64_t have = 0;
	int err = write_capabilities(kept & had);

	if (!err)
		err = read_permitted(&have);
	if (err)
		return err;
	return have == (kept & had) && (geteuid() == 0 || setuid(0) != 0) ? 0 : -EPERM;
}

static int give_up_all_but(uint64_t kept, bool root)
{
	uint64_t had = 0;
	int err = read_permitted(&had);

	if (!err)
		err = forbid_gains();
	if (!err && root && geteuid() == 0)
		err = stop_being_root();
	return err ? err : keep_of(kept, had);
}

int privilege_limit(uint64_t kept)
{
	return give_up_all_but(kept, false);
}

int privilege_narrow(uint64_t kept)
{
	return give_up_all_but(kept, true);
}
