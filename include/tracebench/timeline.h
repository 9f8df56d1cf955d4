/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the timeline shares between the kernel and user space besides its events (event.h): these come
 * through a ring for each CPU, so that nobody waits for a place in one.
 */
#ifndef TRACEBENCH_TIMELINE_H
#define TRACEBENCH_TIMELINE_H

#include <linux/types.h>

/* Of one CPU; written there alone, but for user space between races. */
struct tb_timeline_cpu {
	__u64 lost; /* events that found the ring full */
} __attribute__((aligned(64)));

/* A slot's task, as events know it. */
struct tb_identity {
	__u32 pid;
	__u32 process;
};

/* A bit for every pid there can be (PID_MAX_LIMIT): whether events have told what it is called. */
#define TB_PIDS (4U << 20)
#define TB_PIDS_PER_WORD 64U
#define TB_PID_WORDS (TB_PIDS / TB_PIDS_PER_WORD)

/* A record of a ring is one event, or two that are put there together; eight bytes stand before it. */
#define TB_RING_HEADER_BYTES 8

_Static_assert(sizeof(struct tb_timeline_cpu) == 64, "same layout on both sides");
_Static_assert(sizeof(struct tb_identity) == 8, "same layout on both sides");

#endif
