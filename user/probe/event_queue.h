/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events of one CPU on their way from its ring to a capture. They come nearly in the order of their
 * times: a call comes when it returns or its task is switched out, and an interrupt may come between a
 * program's reading of the clock and the ring. Here each finds its place, but for recovered ones,
 * which stay behind what came before them.
 */
#ifndef PROBE_EVENT_QUEUE_H
#define PROBE_EVENT_QUEUE_H

#include <stddef.h>
#include <stdint.h>
#include <tracebench/event.h>

#define EVENT_QUEUE_ROOM 8192 /* a quarter of a mebibyte */

struct event_queue {
	struct tb_event *events; /* EVENT_QUEUE_ROOM */
	size_t n;
	uint32_t current; /* who was shown last to get the CPU */
};

/* There is room. A recovered switch is told who had the CPU before. */
void event_queue_put(struct event_queue *queue, const struct tb_event *event);

/* The first `n` have been written. */
void event_queue_drop(struct event_queue *queue, size_t n);

#endif
