/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sysv_key.h"

#include <errno.h>
#include <signal.h>

#include "base/pid_namespace.h"

/* PID_MAX_LIMIT of the kernel is 2^22. */
#define PID_BITS 22
#define PID_MASK ((1U << PID_BITS) - 1)

key_t sysv_key_of(pid_t owner)
{
	unsigned long inode = pid_namespace();

	return inode ? (key_t)((inode % 1023 + 1) << PID_BITS | (unsigned int)owner) : IPC_PRIVATE;
}

/* A process that we may not signal is alive all the same. */
bool sysv_key_is_of_the_dead(key_t key)
{
	pid_t owner = (pid_t)((unsigned int)key & PID_MASK);

	return owner > 0 && key == sysv_key_of(owner) && kill(owner, 0) != 0 && errno == ESRCH;
}
