/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On whose behalf root acts: who called sudo, as sudo tells in the environment. */
#ifndef BASE_SUDO_H
#define BASE_SUDO_H

#include <sys/types.h>

/*
 * Returns 1 and that user's ids, 0 when the process is not root by way of sudo or root itself
 * called it, or -EINVAL when what sudo tells is no pair of ids; *wrong is the variable at fault.
 * Where the program file has a set-user-ID bit, its caller is the one asked for.
 */
int sudo_caller(uid_t *user, gid_t *group, const char **wrong);

/*
 * All groups of a user, to be freed, or `group` alone where the user has no entry. Returns how
 * many, or -ENOMEM.
 */
int sudo_groups(uid_t user, gid_t group, gid_t **groups);

/* That user's home, to be freed; NULL where nobody called sudo, or has none. */
char *sudo_home(void);

#endif
