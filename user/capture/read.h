/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading a capture file (format.h) race by race, each race's events in the order of their times. The
 * memory that it takes does not grow with the file.
 *
 * A file that is truncated or damaged is read up to the damage: the last race may then have no end.
 * Nothing in it is believed: a block counts when its sum is right, its numbers can be, and what it
 * says is not contradicted by the blocks before it.
 */
#ifndef CAPTURE_READ_H
#define CAPTURE_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tracebench/event.h>

#include "capture/blocks.h"
#include "capture/content.h"
#include "capture/write.h"

struct capture_reader;

/* Texts are valid UTF-8 and else anybody's. Valid until the next race. */
struct capture_race_read {
	struct capture_race race;
	bool ended; /* its RACE_END was there: what follows is known */
	struct content_end end;
	uint64_t events; /* that can be read, of kinds that are not known included */
	size_t rings; /* from how many CPUs */
};

/* How far a file could be read, when it has been. */
struct capture_reach {
	bool complete; /* up to its END */
	struct capture_damage damage; /* else why not; nothing here: the END is missing */
	uint64_t bytes; /* that were read */
	uint64_t races; /* their last one may be cut short */
	uint64_t events;
};

/* Whether a file begins as a capture does. Moves nothing: the file may be read by others afterwards. */
bool capture_is_one(int fd);

/*
 * `name`, which error lines call it, and the descriptor of a regular file stay the caller's. Returns 0
 * or a negative errno after one line on stderr, and then *reader is NULL.
 */
int capture_open(const char *name, int fd, struct capture_reader **reader);
void capture_close(struct capture_reader *reader);

const struct capture_about *capture_read_about(const struct capture_reader *reader);

/*
 * Goes to the next race; events of the one before that were not read are passed over. Returns 1, 0 when
 * there is no other, or a negative errno after one line on stderr.
 */
int capture_next_race(struct capture_reader *reader, const struct capture_race_read **race);

/* The next event of the race, valid until the next call. Returns 1, 0, or a negative errno likewise. */
int capture_next_event(struct capture_reader *reader, const struct tb_event **event);

/* When there is no other race. */
struct capture_reach capture_reached(const struct capture_reader *reader);

#endif
