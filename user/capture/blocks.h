/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blocks of a capture file (format.h), one after another, each checked before it is shown. */
#ifndef CAPTURE_BLOCKS_H
#define CAPTURE_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/format.h"

/* CPUs are numbered below this: as many as Linux can be built for, on the machines that we know. */
#define CAPTURE_CPUS 8192

/* Where, by its first byte, and why a file can be read no further. */
struct capture_damage {
	const char *why; /* NULL: it can */
	uint64_t offset;
};

struct blocks {
	const char *name; /* of the file, borrowed */
	int fd; /* borrowed */
	uint64_t next; /* offset of the next block */
	/* The present one. */
	uint64_t offset;
	struct capture_block block;
	unsigned char *body; /* CAPTURE_BLOCK_MAX bytes */
	struct capture_damage damage;
};

/*
 * Reads the file's header. Returns 0, or a negative errno after one line on stderr; blocks_end() is due
 * either way.
 */
int blocks_start(struct blocks *blocks, const char *name, int fd);
void blocks_end(struct blocks *blocks);

/*
 * Goes to the next block. Returns 1; 0 at the end of the file, or with damage; or a negative errno after
 * one line on stderr where the file cannot be read.
 */
int blocks_next(struct blocks *blocks);

/* The present block is not what it should be: it and what follows will not be read. Returns 0. */
int blocks_refuse(struct blocks *blocks, const char *why);

/*
 * Reads at an offset. Returns how many bytes there were, fewer than `length` only at the end of the
 * file; or a negative errno after one line on stderr.
 */
int64_t blocks_pread(const struct blocks *blocks, void *to, uint64_t length, uint64_t offset);

#endif
