/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * System V message queues that tell whose they are. They outlive their process, have no name, and
 * the kernel does not say who made them. So the first message in each of ours, which nobody
 * receives, is a name like those of base/shared_memory.h, and is looked at without taking it out
 * (MSG_COPY); until it is in, the queue's key tells (base/sysv_key.h). So what a killed run left can
 * be told from what a living one uses, and from everybody else's.
 */
#ifndef BASE_SYSV_QUEUE_H
#define BASE_SYSV_QUEUE_H

#include <stdint.h>
#include <sys/types.h>

/* The type to send and receive messages with: any but that of the first. */
#define SYSV_QUEUE_TYPE 1

/* One that belongs to this process. Stores its id; returns 0 or a negative errno. */
int sysv_queue_make(int *id);
void sysv_queue_remove(int id);

/* Removes the queues that belong to `user` and whose process is gone. */
void sysv_queue_sweep(uid_t user);

/* Why none can be made here for messages of so many bytes, as one line; NULL when one can. */
const char *sysv_queue_obstacle(uint64_t bytes);

#endif
