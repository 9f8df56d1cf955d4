/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "perfetto/stream.h"

#include <errno.h>
#include <stdlib.h>

/* Trace.packet: field 1, of a length. */
#define PACKET_TAG (1 << 3 | 2)
#define HEAD 6 /* that, and a length of up to five bytes */

int stream_start(struct stream *stream, FILE *out)
{
	*stream = (struct stream){ .out = out };
	stream->buffer = malloc(HEAD + STREAM_PACKET_MAX);
	if (!stream->buffer)
		stream->err = -ENOMEM;
	return stream->err;
}

int stream_end(struct stream *stream)
{
	free(stream->buffer);
	stream->buffer = NULL;
	if (!stream->err && fflush(stream->out))
		stream->err = -EIO;
	return stream->err;
}

static size_t varint(size_t value, uint8_t *to)
{
	size_t n = 0;

	for (; value >= 0x80; value >>= 7)
		to[n++] = (uint8_t)(value | 0x80);
	to[n++] = (uint8_t)value;
	return n;
}

/* The length goes before what it is of, right-aligned to it, so that both are one write. */
void stream_packet(struct stream *stream, const Pb__TracePacket *packet)
{
	uint8_t length[HEAD - 1], *start = stream->buffer + HEAD;
	size_t bytes, n;

	if (stream->err)
		return;
	bytes = pb__trace_packet__pack(packet, start);
	n = varint(bytes, length);
	start -= n;
	for (size_t i = 0; i < n; i++)
		start[i] = length[i];
	*--start = PACKET_TAG;
	if (fwrite_unlocked(start, 1, 1 + n + bytes, stream->out) != 1 + n + bytes)
		stream->err = -EIO;
	stream->packets++;
}
