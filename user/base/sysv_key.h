/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys of System V objects that say who made them, from the moment that they exist: the kernel does
 * not tell, and whoever makes one may be killed before it can sign it.
 */
#ifndef BASE_SYSV_KEY_H
#define BASE_SYSV_KEY_H

#include <stdbool.h>
#include <sys/ipc.h>
#include <sys/types.h>

/*
 * A pid, and ten bits of the pid namespace that it is of. IPC_PRIVATE, which says nothing, where the
 * namespace is not known. Somebody else's program may have chosen the same number.
 */
key_t sysv_key_of(pid_t owner);

/* Whether the key is such a one, of this pid namespace and of a process that is gone. */
bool sysv_key_is_of_the_dead(key_t key);

#endif
