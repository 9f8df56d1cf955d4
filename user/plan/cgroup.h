/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control groups that this process's CPU time is counted and limited in. */
#ifndef PLAN_CGROUP_H
#define PLAN_CGROUP_H

#include <stdbool.h>

/*
 * Visits this process's own group and all above it, on every mount that shows them: of cgroup v2,
 * and of v1's cpu controller. A group may be visited more than once, and need not be there. What
 * `visit` keeps of `path` it copies.
 */
void cgroup_each(void (*visit)(void *context, const char *path, bool v2), void *context);

#endif
