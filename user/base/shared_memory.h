/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of POSIX shared-memory objects and message queues that tell whose they are: "/tracebench.NAMESPACE.PID", with
 * the inode of the pid namespace that the pid is of. So what a killed run left can be told from
 * what a living one uses, and from everybody else's.
 */
#ifndef BASE_SHARED_MEMORY_H
#define BASE_SHARED_MEMORY_H

#include <stdbool.h>
#include <sys/types.h>

#define SHARED_MEMORY_NAME 64

/* The name for a process of this pid namespace. Returns 0 or a negative errno. */
int shared_memory_name(pid_t owner, char name[SHARED_MEMORY_NAME]);

/* Whether it is such a name, of a process of our pid namespace that is gone. */
bool shared_memory_is_orphan(const char *name);

/* Removes the objects that belong to `user` and whose process is gone. */
void shared_memory_sweep(uid_t user);

#endif
