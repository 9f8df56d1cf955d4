/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A BPF ring buffer of events, read by one thread. Not through libbpf's reader: it maps the page that
 * says how far one has read without keeping it from being inherited, and a task of a race might write
 * to it; and it has a call for each event.
 */
#ifndef PROBE_RING_H
#define PROBE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tracebench/event.h>

struct ring {
	int fd; /* polls readable when the programs wake its reader; -1: there is none */
	size_t bytes;
	uint64_t *read_to; /* mapped: how far it was read */
	const uint64_t *written_to; /* mapped: how far it was written, and behind it the events */
};

/* `bytes`: a power of two, and whole pages. Returns 0 or a negative errno; ring_close() either way. */
int ring_open(struct ring *ring, size_t bytes);
void ring_close(struct ring *ring);

#define RING_RECORD_EVENTS 2 /* at most */

/*
 * Takes whole records out, of at most `max` events, in the order they were put in. Returns how many; *pending: behind
 * them one is just being written.
 */
size_t ring_take(struct ring *ring, struct tb_event *events, size_t max, bool *pending);

/* Forgets what is in it. Nobody writes meanwhile. */
void ring_empty(struct ring *ring);

#endif
