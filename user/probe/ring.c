/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/ring.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <tracebench/timeline.h>
#include <unistd.h>

/* Before each record stand its length, which is never thrown away here, and what the kernel needs. */
#define HEADER_BYTES BPF_RINGBUF_HDR_SZ

_Static_assert(HEADER_BYTES == TB_RING_HEADER_BYTES, "as the programs reckon");

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* The kernel maps the events twice in a row, so that none has a seam. */
static size_t mapped_bytes(const struct ring *ring)
{
	return page_bytes() + 2 * ring->bytes;
}

static int map_part(const struct ring *ring, size_t bytes, int protection, size_t from, void **part)
{
	void *memory = mmap(NULL, bytes, protection, MAP_SHARED, ring->fd, (off_t)from);

	if (memory == MAP_FAILED)
		return -errno;
	*part = memory;
	return madvise(memory, bytes, MADV_DONTFORK) ? -errno : 0;
}

int ring_open(struct ring *ring, size_t bytes)
{
	int err;

	*ring = (struct ring){ .bytes = bytes };
	ring->fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "ring", 0, 0, (__u32)bytes, NULL);
	if (ring->fd < 0)
		return ring->fd;
	err = map_part(ring, page_bytes(), PROT_READ | PROT_WRITE, 0, (void **)&ring->read_to);
	return err ? err :
		     map_part(ring, mapped_bytes(ring), PROT_READ, page_bytes(),
			      (void **)&ring->written_to);
}

void ring_close(struct ring *ring)
{
	if (ring->read_to)
		munmap(ring->read_to, page_bytes());
	if (ring->written_to)
		munmap((void *)ring->written_to, mapped_bytes(ring));
	if (ring->fd >= 0)
		close(ring->fd);
	*ring = (struct ring){ .fd = -1 };
}

/*
 * Acquire: whoever sees that something was written sees what. The length is written last, without
 * the bit that says that the event is not there yet. Release: the kernel may write over an event
 * only when it was copied.
 */
size_t ring_take(struct ring *ring, struct tb_event *events, size_t max, bool *pending)
{
	const char *data = (const char *)ring->written_to + page_bytes();
	uint64_t end = __atomic_load_n(ring->written_to, __ATOMIC_ACQUIRE);
	uint64_t at = *ring->read_to;
	size_t n = 0;

	*pending = false;
	while (at < end && n + RING_RECORD_EVENTS <= max) {
		const char *record = data + (at & (ring->bytes - 1));
		uint32_t length =
			__atomic_load_n((const uint32_t *)(const void *)record, __ATOMIC_ACQUIRE);

		if (length & BPF_RINGBUF_BUSY_BIT) {
			*pending = true;
			break;
		}
		memcpy(&events[n], record + HEADER_BYTES, length);
		n += length / sizeof(*events);
		at += HEADER_BYTES + length;
	}
	__atomic_store_n(ring->read_to, at, __ATOMIC_RELEASE);
	return n;
}

void ring_empty(struct ring *ring)
{
	uint64_t end = __atomic_load_n(ring->written_to, __ATOMIC_ACQUIRE);

	__atomic_store_n(ring->read_to, end, __ATOMIC_RELEASE);
}
