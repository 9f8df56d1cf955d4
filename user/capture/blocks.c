/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/blocks.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tracebench/event.h>
#include <unistd.h>
#include <zlib.h>

#include "base/log.h"

int64_t blocks_pread(const struct blocks *blocks, void *to, uint64_t length, uint64_t offset)
{
	uint64_t done = 0;

	while (done < length) {
		ssize_t n =
			pread(blocks->fd, (char *)to + done, length - done, (off_t)(offset + done));

		if (n < 0 && errno != EINTR) {
			int err = -errno;

			log_error("%s: cannot be read: %s", blocks->name, strerror(-err));
			return err;
		}
		if (n == 0)
			break;
		if (n > 0)
			done += (uint64_t)n;
	}
	return (int64_t)done;
}

static int refuse(const struct blocks *blocks, const char *why)
{
	log_error("%s: %s", blocks->name, why);
	return -EINVAL;
}

static int check_header(const struct blocks *blocks)
{
	struct capture_header header;
	int64_t n = blocks_pread(blocks, &header, sizeof(header), 0);

	if (n < 0)
		return (int)n;
	if (n < (int64_t)sizeof(header) ||
	    memcmp(header.magic, CAPTURE_MAGIC, sizeof(header.magic)))
		return refuse(blocks, "is no capture; `tracebench run --timeline=FILE` makes one");
	if (header.version != CAPTURE_VERSION || header.event_bytes != sizeof(struct tb_event)) {
		log_error("%s: is a capture of version %u (%u bytes an event); this program reads "
			  "version %u (%zu)",
			  blocks->name, header.version, header.event_bytes, CAPTURE_VERSION,
			  sizeof(struct tb_event));
		return -EINVAL;
	}
	return 0;
}

int blocks_start(struct blocks *blocks, const char *name, int fd)
{
	struct stat status;
	int err;

	*blocks = (struct blocks){ .name = name, .fd = fd, .next = sizeof(struct capture_header) };
	if (!fstat(fd, &status) && !S_ISREG(status.st_mode))
		return refuse(blocks, "a capture is read twice: save it to a file first");
	err = check_header(blocks);
	if (err)
		return err;
	blocks->body = malloc(CAPTURE_BLOCK_MAX);
	if (!blocks->body)
		return refuse(blocks, strerror(ENOMEM));
	return 0;
}

void blocks_end(struct blocks *blocks)
{
	free(blocks->body);
}

static uint32_t sum_of(const struct blocks *blocks)
{
	uLong sum = crc32(0, (const Bytef *)&blocks->block, offsetof(struct capture_block, sum));

	return (uint32_t)crc32(sum, blocks->body, blocks->block.bytes);
}

int blocks_refuse(struct blocks *blocks, const char *why)
{
	blocks->damage = (struct capture_damage){ .why = why, .offset = blocks->offset };
	return 0;
}

int blocks_next(struct blocks *blocks)
{
	struct capture_block *block = &blocks->block;
	int64_t n;

	if (blocks->damage.why)
		return 0;
	blocks->offset = blocks->next;
	n = blocks_pread(blocks, block, sizeof(*block), blocks->offset);
	if (n <= 0)
		return (int)n;
	if (n < (int64_t)sizeof(*block))
		return blocks_refuse(blocks, "a block is cut off");
	if (block->bytes > CAPTURE_BLOCK_MAX)
		return blocks_refuse(blocks, "a block is too long");
	n = blocks_pread(blocks, blocks->body, block->bytes, blocks->offset + sizeof(*block));
	if (n < 0)
		return (int)n;
	if (n < block->bytes)
		return blocks_refuse(blocks, "a block is cut off");
	if (sum_of(blocks) != block->sum)
		return blocks_refuse(blocks, "the sum of a block is wrong");
	blocks->next = blocks->offset + sizeof(*block) + block->bytes;
	return 1;
}
