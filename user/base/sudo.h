/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who called sudo, as sudo tells in the environment. */
#ifndef BASE_SUDO_H
#define BASE_SUDO_H

#include <sys/types.h>

/*
 * Returns 1 and that user's ids, 0 when the process is not root by way of sudo or root itself
 * called it, or -EINVAL when what sudo tells is no pair of ids; *wrong is the variable at fault.
 */
int sudo_caller(uid_t *user, gid_t *group, const char **wrong);

#endif
