/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing a capture file (format.h), block by block, under its own name from the start: what a run
 * that is killed has written can be read.
 *
 * The file is made with the file rights of the user who called sudo (base/rights.h), and from then on
 * is a descriptor that needs none. What exists is replaced only with `force`, and only a regular file;
 * a symbolic link is refused, not followed.
 *
 * The first write that fails says so in one line and takes back what it wrote of its block. All later
 * calls then do nothing and return the same, and so the file has no END. One thread at a time may use
 * a writer.
 */
#ifndef CAPTURE_WRITE_H
#define CAPTURE_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tracebench/event.h>

struct capture_writer;

struct capture_about {
	const char *version; /* of tracebench */
	const char *hostname;
	const char *kernel;
	unsigned int cpus; /* online */
};

/* Read at one moment. */
struct capture_clock {
	uint64_t monotonic_ns;
	uint64_t boottime_ns;
	uint64_t realtime_ns;
};

struct capture_race {
	const char *strategy;
	const char *mode;
	unsigned int workers;
	uint64_t batch; /* 0: the whole loop is one */
	unsigned int repeat; /* counted from 0 */
	size_t result;
	struct capture_clock clock;
};

struct capture_task {
	uint32_t pid; /* as in events */
	uint32_t tid; /* in its own pid namespace */
	uint32_t process; /* pid, as in events, of its process */
	const char *role;
	unsigned int index;
	const char *name; /* any bytes */
};

struct capture_word {
	uint64_t word;
	const char *name; /* any bytes */
};

/* What of a race is not in the capture; the session counts the same under the same names. */
enum capture_loss {
	CAPTURE_LOST_RING, /* events that found their CPU's ring full */
	CAPTURE_LOST_SLOTS, /* tasks of the race that are not known as such */
	CAPTURE_LOST_ORDER, /* switches and wake-ups that were not seen, nor recovered */
	CAPTURE_LOST_NESTED, /* waits for a kernel lock inside of another one */
	CAPTURE_LOSSES,
};

struct capture_race_end {
	const struct capture_task *tasks;
	size_t n_tasks;
	/* Most important first: those that do not fit into a block are left out, the last first. */
	const struct capture_word *words;
	size_t n_words;
	uint64_t lost[CAPTURE_LOSSES];
};

/* Makes the file and writes its head. Returns 0, or a negative errno after one line on stderr. */
int capture_create(const char *path, bool force, const struct capture_about *about,
		   struct capture_writer **writer);

/* All return 0 or a negative errno, see above. */
int capture_begin_race(struct capture_writer *writer, const struct capture_race *race);
/* From one CPU's ring, in its order; as many blocks as it takes. */
int capture_events(struct capture_writer *writer, uint32_t cpu, const struct tb_event *events,
		   size_t n);
int capture_end_race(struct capture_writer *writer, const struct capture_race_end *end);

/* Events written since capture_begin_race(). */
uint64_t capture_race_events(const struct capture_writer *writer);
/* Whether a write has failed; it has been told. */
bool capture_failed(const struct capture_writer *writer);

/* Writes the END and sees to it that all is on the disk. To be freed all the same. */
int capture_finish(struct capture_writer *writer);
/* Without capture_finish() the file stays incomplete. NULL is fine. */
void capture_free(struct capture_writer *writer);

#endif
