/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packets as they are written: each a field of Trace, one after another, so that a trace of any length
 * takes the memory of one packet.
 */
#ifndef PERFETTO_STREAM_H
#define PERFETTO_STREAM_H

#include <stdint.h>
#include <stdio.h>

#include "perfetto/trace.pb-c.h"

/* No packet of ours is longer: a bundle has at most BUNDLE_EVENTS, of less than 512 bytes each. */
#define STREAM_PACKET_MAX (256U << 10)

struct stream {
	FILE *out; /* borrowed */
	uint8_t *buffer;
	uint64_t packets;
	int err; /* the first one's negative errno; nothing is written any more */
};

/* Returns 0 or -ENOMEM; stream_end() is due either way. */
int stream_start(struct stream *stream, FILE *out);
/* Writes what is buffered. Returns 0 or the first error. */
int stream_end(struct stream *stream);

void stream_packet(struct stream *stream, const Pb__TracePacket *packet);

#endif
