/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving up rights for good. No other thread may be at work meanwhile. */
#ifndef BASE_PRIVILEGE_H
#define BASE_PRIVILEGE_H

#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Sets of capabilities have a bit for each, as in /proc/PID/status. */
#define PRIVILEGE_NONE 0
/* To attach programs that are loaded, and to detach them. */
#define PRIVILEGE_TRACING (1ULL << CAP_BPF | 1ULL << CAP_PERFMON)
/* For root, to write a file wherever root may. */
#define PRIVILEGE_FILES (1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_FOWNER)

/*
 * Gives up all capabilities but those of `kept` that the process has, in every set of the kernel's,
 * and the way to get any by executing a program. Root stays root, in name.
 * Returns 0 or a negative errno.
 */
int privilege_limit(uint64_t kept);

/*
 * The same, and root becomes the user who called sudo, else nobody. Returns 0, or a negative errno,
 * and then may have given up some and not others.
 */
int privilege_narrow(uint64_t kept);

/* Whom root would become. The user who asks, where that is not root or root is to be kept. */
void privilege_target(bool keep_root, uid_t *user, gid_t *group);

#endif
