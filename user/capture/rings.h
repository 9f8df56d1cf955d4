/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The events of one race in the order of their times, from blocks that are in the order of each ring
 * alone. Memory is that of a buffer for each ring, and does not grow with the race.
 *
 * Twice through the race: rings_add() takes each block, finds which rings there are and keeps the
 * events that are late, which are those with a time before that of one in front of them: an event that
 * was recovered (event.h) is written when its time has long passed. Then rings_next() reads the rings
 * side by side, passing over what is late, and merges them with the late ones, which it has sorted. So
 * every ring is in order as it is read, however far back an event belongs, and no window has to be
 * wide enough. Of equal times a ring's event comes before a late one: a recovered time is clipped to
 * the state that it ends.
 */
#ifndef CAPTURE_RINGS_H
#define CAPTURE_RINGS_H

#include <stddef.h>
#include <stdint.h>
#include <tracebench/event.h>

#include "capture/blocks.h"

/* Late events of one race. There are some dozens in a bad one; more than this is damage. */
#define RINGS_LATE 65536

struct rings;

/* NULL: no memory. */
struct rings *rings_new(void);
void rings_free(struct rings *rings);

/*
 * The present block, of EVENTS. Returns 0; -EBADMSG with *why where it is malformed, and then nothing
 * of it counts; or -ENOMEM.
 */
int rings_add(struct rings *rings, const struct blocks *blocks, const char **why);

uint64_t rings_events(const struct rings *rings); /* of all blocks that were added */
size_t rings_count(const struct rings *rings);

/* All blocks have been added; they lie between these offsets. Returns 0 or -ENOMEM. */
int rings_rewind(struct rings *rings, const struct blocks *blocks, uint64_t from, uint64_t to);

/*
 * The next event, valid until the next call. Of kinds that are not known none is shown. Returns 1, 0
 * behind the last one, or a negative errno after one line on stderr.
 */
int rings_next(struct rings *rings, const struct tb_event **event);

#endif
