/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing in a race needs root. */
#ifndef RACE_PRIVILEGE_H
#define RACE_PRIVILEGE_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * As root: becomes the user who called sudo, else nobody, for good. Otherwise gives up
 * what capabilities it has.
 * Returns 0 or a negative errno.
 */
int privilege_drop(void);

/* Who the arena is then. */
void privilege_target(bool keep_root, uid_t *user, gid_t *group);

#endif
