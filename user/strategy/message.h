/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages of race->message bytes, which is a multiple of 8: whole words. The first is the size of
 * a batch, 0 in a worker's sentinel. In a longer one the others count up from a stamp that no other
 * message of the race has. So who reads them really reads them all, and a message that is made of
 * parts of two, that was cut or that was moved by a word, is noticed.
 */
#ifndef STRATEGY_MESSAGE_H
#define STRATEGY_MESSAGE_H

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "strategy/race.h"
#include "strategy/shape.h"

/* What the owner has received. */
struct message_sum {
	struct worker *owner;
	uint64_t count;
	unsigned int ended; /* sentinels */
};

/* Bytes from one message to the next in memory where each belongs to another task. */
static inline size_t message_stride(const struct race *race)
{
	return (race->message + RACE_PADDING - 1) / RACE_PADDING * RACE_PADDING;
}

RACE_INLINE void message_write(uint64_t *words, uint64_t bytes, uint64_t count, uint64_t stamp)
{
	words[0] = count;
	for (uint64_t i = 1; i < bytes / sizeof(*words); i++)
		words[i] = stamp + i;
}

/* No two messages of a race have the same but a worker's last two, of which one is its sentinel. */
RACE_INLINE uint64_t message_stamp(const struct worker *worker)
{
	return ((uint64_t)worker->index << 48) + worker->done;
}

/*
 * Writes the next message of a worker to its part of `area`, which has message_stride() bytes for
 * each of them, and returns it.
 */
RACE_INLINE uint64_t *message_compose(const struct worker *worker, void *area, uint64_t count)
{
	const struct race *race = worker->race;
	uint64_t *words = (void *)((char *)area + worker->index * message_stride(race));

	message_write(words, race->message, count, message_stamp(worker));
	return words;
}

/* Adds the first word of a message, which is all of the shortest. */
RACE_INLINE void message_count(struct message_sum *sum, uint64_t word)
{
	if (__builtin_expect(shape_is_label(word), false))
		word = shape_received(sum->owner, word);
	sum->count += word;
	sum->ended += word == 0;
}

/* Reads all of a message and adds it to what came before. Returns 0, or -EBADMSG if it is none. */
RACE_INLINE int message_add(struct message_sum *sum, const uint64_t *words, uint64_t bytes)
{
	uint64_t n = bytes / sizeof(*words);
	uint64_t wrong = 0;

	for (uint64_t i = 2; i < n; i++)
		wrong |= words[i] ^ (words[1] + i - 1);
	message_count(sum, words[0]);
	return wrong ? -EBADMSG : 0;
}

/* ---- Where the messages of one or more workers come as a stream ---- */

/* Bytes that were read and are not yet used up: less than a message. */
struct message_stream {
	size_t kept;
	uint64_t *buffer;
	size_t capacity; /* bytes, at least a message */
};

/* So many bytes have come at buffer + kept: takes the whole messages among what is there now. */
static inline int message_take(struct message_stream *stream, size_t came, uint64_t bytes,
			       struct message_sum *sum)
{
	size_t length = stream->kept + came;
	size_t used = 0;
	int err = 0;

	for (; !err && length - used >= bytes; used += bytes)
		err = message_add(sum, stream->buffer + used / sizeof(uint64_t), bytes);
	stream->kept = length - used;
	memmove(stream->buffer, (char *)stream->buffer + used, stream->kept);
	return err;
}

/* Reads what is there, or sleeps until something is. Returns 0 or a negative errno. */
static inline int message_receive(int fd, struct message_stream *stream, uint64_t bytes,
				  struct message_sum *sum)
{
	ssize_t n;

	do {
		n = read(fd, (char *)stream->buffer + stream->kept,
			 stream->capacity - stream->kept);
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n < 0 ? -errno : -EPIPE;
	return message_take(stream, (size_t)n, bytes, sum);
}

/* Writes all of it, which more than one call may take where the kernel promises no more. */
RACE_INLINE int message_send(int fd, const void *bytes, size_t length)
{
	const char *from = bytes;

	while (length > 0) {
		ssize_t n = write(fd, from, length);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			from += n;
			length -= (size_t)n;
		}
	}
	return 0;
}

#endif
