/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The capture file: the timelines of a session's races. Integers are little-endian.
 *
 *     struct capture_header
 *     block ABOUT                      once
 *     for each race: block RACE, blocks EVENTS of its rings in any order, block RACE_END
 *     block END                        once; without it the capture is incomplete
 *
 * A block is a struct capture_block and `bytes` bytes behind it. It is written once and never changed:
 * what was written before a crash can be read. A reader passes over types that it does not know, and
 * stops at the first block that is cut off or whose sum is wrong.
 *
 * JSON, in UTF-8, stands in
 *
 *     ABOUT       { "tracebench": VERSION, "hostname", "kernel", "cpus" }
 *     RACE        { "strategy", "mode", "workers", "batch", "repeat",    as in the session file
 *                   "result": index in the session's results,
 *                   "clock": { "monotonic_ns", "boottime_ns", "realtime_ns" } }    read at one moment
 *     RACE_END    { "tasks": [ { "pid": as in events, "tid": as the session has it, "process": pid of
 *                                its process as in events, "role", "index", "name" } ],
 *                   "words": [ { "word", "name" } ],        futexes, named as in the session
 *                   "events": how many this race has, "lost": { CAUSE: how many } }
 *     END         { "races", "events", "lost": as above, sums }
 *
 * where addresses are decimal integers. EVENTS are struct tb_event (include/tracebench/event.h).
 */
#ifndef CAPTURE_FORMAT_H
#define CAPTURE_FORMAT_H

#include <stdint.h>

#define CAPTURE_MAGIC "TBcapt\r\n" /* eight bytes; a transfer as text shows */
#define CAPTURE_VERSION 1 /* another one cannot be read; additions do not change it */

struct capture_header {
	char magic[8];
	uint32_t version;
	uint32_t event_bytes; /* sizeof(struct tb_event) */
};

enum capture_type {
	CAPTURE_ABOUT = 1,
	CAPTURE_RACE,
	CAPTURE_EVENTS,
	CAPTURE_RACE_END,
	CAPTURE_END,
};

/* A longer block is damage. */
#define CAPTURE_BLOCK_MAX (1U << 20)

struct capture_block {
	uint32_t type; /* enum capture_type */
	uint32_t bytes; /* behind this header; at most CAPTURE_BLOCK_MAX */
	uint32_t cpu; /* of EVENTS: whose ring they are from */
	uint32_t sum; /* CRC-32 (as zlib's) of the three members above and of the bytes */
};

_Static_assert(sizeof(struct capture_header) == 16, "packed");
_Static_assert(sizeof(struct capture_block) == 16, "packed");

#endif
