/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the caller of a program with rights of its own may tell it through the environment. */
#ifndef BASE_ENVIRONMENT_H
#define BASE_ENVIRONMENT_H

/*
 * Where the program file gives rights that its caller lacks (file capabilities, a set-user-ID bit),
 * keeps only the variables that we read ourselves. Libraries take more from there than is theirs
 * to take: hwloc loads shared objects from HWLOC_PLUGINS_PATH. To be called before any of them is.
 */
void environment_restrict(void);

#endif
