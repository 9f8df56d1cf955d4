/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The trace in the making, and the packets that it is made of. Times that come in are those of a
 * capture, CLOCK_MONOTONIC; those that go out are CLOCK_BOOTTIME.
 *
 * Events on tracks may be written later than others that come after them in time: readers sort.
 * What has the same time on one track is taken in the order in which it is written.
 */
#ifndef PERFETTO_TRACE_H
#define PERFETTO_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "capture/write.h"
#include "perfetto/names.h"
#include "perfetto/stream.h"

#define LABEL 192 /* bytes of a name on a track */

/* Tracks that there are once, for all races. */
enum {
	TRACK_RACES = 1,
	TRACK_SWITCHES,
	TRACK_RUNNING,
	TRACK_WAITING,
	TRACK_FIRST_FREE,
};

/* Arguments of slices. */
enum argument {
	ARGUMENT_NONE,
	ARGUMENT_RESULT,
	ARGUMENT_TID,
	ARGUMENT_ROLE,
	ARGUMENT_INDEX,
	ARGUMENT_SESSION_RESULT,
	ARGUMENT_STRATEGY,
	ARGUMENT_MODE,
	ARGUMENT_WORKERS,
	ARGUMENT_BATCH,
	ARGUMENT_REPEAT,
	ARGUMENT_EVENTS,
	ARGUMENT_LOST,
	ARGUMENT_FILLED_IN,
	ARGUMENT_NOT_SEEN,
	ARGUMENT_CUT,
	ARGUMENTS,
};

#define ARGUMENTS_MOST 8 /* of one slice */

struct argument_value {
	enum argument argument;
	const char *text; /* valid UTF-8, or NULL: the number */
	int64_t number;
};

/* Writes a name's text, which is valid UTF-8. */
typedef void label_writer(const void *of, const struct name *name, char label[LABEL]);

struct trace {
	struct stream stream;
	struct names *names;
	uint32_t sequence; /* that of the present race, or of what comes before the first */
	bool first; /* nothing is in it */
	bool argument_is_named[ARGUMENTS]; /* in this sequence */
	label_writer *label;
	const void *label_of;
	int64_t boottime_offset_ns;
	uint64_t floor_ns; /* a race does not begin before the one in front of it has ended */
	uint64_t last_ns; /* the latest that went out */
	uint64_t next_track;
	uint64_t next_flow;
};

/* Returns 0 or -ENOMEM; trace_end() is due either way. */
int trace_start(struct trace *trace, FILE *out);
/* Returns 0 or the first error. */
int trace_end(struct trace *trace);

/* What the capture says of the machine, and the tracks that there are once. */
void trace_put_machine(struct trace *trace, const struct capture_about *about);

/* A packet sequence of its own, with names that are written anew; and the clocks. */
void trace_begin_race(struct trace *trace, const struct capture_clock *clock, label_writer *label,
		      const void *label_of);

uint64_t trace_time(const struct trace *trace, uint64_t ns);

/* Each makes a track and returns its number. */
uint64_t trace_put_process(struct trace *trace, uint32_t pid, const char *name);
uint64_t trace_put_thread(struct trace *trace, uint32_t pid, uint32_t tid, const char *name);
uint64_t trace_put_track_beside(struct trace *trace, uint64_t track, const char *name);

/* `arguments` end with ARGUMENT_NONE; NULL: none. */
void trace_begin(struct trace *trace, uint64_t track, uint64_t ns, struct name name,
		 const struct argument_value *arguments);
void trace_end_slice(struct trace *trace, uint64_t track, uint64_t ns,
		     const struct argument_value *arguments);
void trace_count(struct trace *trace, uint64_t track, uint64_t ns, double value);

/* Two instants and the arrow from one to the other. */
struct trace_point {
	uint64_t track;
	uint64_t ns;
	struct name name;
};

void trace_flow(struct trace *trace, const struct trace_point *from, const struct trace_point *to);

/* Of one CPU. */
void trace_put_bundle(struct trace *trace, uint32_t cpu, Pb__FtraceEvent *const *events, size_t n);

#endif
