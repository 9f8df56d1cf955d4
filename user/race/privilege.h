/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing in a race needs root. */
#ifndef RACE_PRIVILEGE_H
#define RACE_PRIVILEGE_H

/*
 * As root: becomes the user who called sudo, else nobody, for good. Otherwise gives up
 * what capabilities it has.
 * Returns 0 or a negative errno.
 */
int privilege_drop(void);

#endif
