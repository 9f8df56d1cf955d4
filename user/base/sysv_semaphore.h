/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * System V semaphores that tell whose they are. They outlive their process, have no name, and the
 * kernel does not say who made them. So ours come in sets: the semaphore itself, and behind it one
 * for each letter of "tracebench", which nobody touches again. They are set by one call, of which
 * the kernel keeps the caller's pid (GETPID) and tells it in the pid namespace of whoever asks. So
 * what a killed run left can be told from what a living one uses, and from everybody else's. For the
 * time before that call, the set's key says the same of its maker.
 */
#ifndef BASE_SYSV_SEMAPHORE_H
#define BASE_SYSV_SEMAPHORE_H

#include <stdint.h>
#include <sys/types.h>

/* The semaphore of the set that is there to be used. */
#define SYSV_SEMAPHORE 0

/* One that belongs to this process. Stores its id; returns 0 or a negative errno. */
int sysv_semaphore_make(uint32_t permits, int *id);
void sysv_semaphore_remove(int id);

/* Removes the semaphores that belong to `user` and whose process is gone. */
void sysv_semaphore_sweep(uid_t user);

/* Why none can be made here, as one line; NULL when one can. Makes none. */
const char *sysv_semaphore_obstacle(void);

#endif
