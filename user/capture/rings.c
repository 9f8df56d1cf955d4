/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/rings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "capture/content.h"

#define EVENT sizeof(struct tb_event)
#define BUFFERS (4U << 20) /* bytes, for all rings together */
#define BUFFER_MOST (64U << 10)
#define BUFFER_LEAST 2048U

struct ring {
	uint32_t cpu;
	uint64_t latest_ns; /* of the events up to here */
	/* When reading. */
	uint64_t next_block; /* offset from which on to look for one of this ring */
	uint64_t next; /* offset of what comes after the buffer, in the present block */
	uint64_t left; /* bytes from there to its end */
	struct tb_event *buffer;
	size_t at, n; /* events in the buffer: read, and there */
};

struct late {
	struct tb_event event;
	uint32_t order; /* in the file */
};

struct rings {
	struct ring *rings;
	size_t n_rings;
	uint16_t by_cpu[CAPTURE_CPUS]; /* 1 + the ring's index; 0: there is none */
	struct late *late;
	size_t n_late, at_late, late_capacity;
	uint64_t events;
	/* When reading. */
	const struct blocks *blocks;
	uint64_t end;
	size_t per_buffer;
	/* A heap of those that have an event, the earliest on top; n_rings stands for the late ones. */
	size_t *heap;
	size_t n_heap;
	size_t given; /* whose event was shown last, and is to be passed; SIZE_MAX: none */
};

struct rings *rings_new(void)
{
	struct rings *rings = calloc(1, sizeof(*rings));

	if (rings)
		rings->given = SIZE_MAX;
	return rings;
}

void rings_free(struct rings *rings)
{
	if (!rings)
		return;
	for (size_t i = 0; i < rings->n_rings; i++)
		free(rings->rings[i].buffer);
	free(rings->rings);
	free(rings->late);
	free(rings->heap);
	free(rings);
}

uint64_t rings_events(const struct rings *rings)
{
	return rings->events;
}

size_t rings_count(const struct rings *rings)
{
	return rings->n_rings;
}

static const char *check_event(const struct tb_event *event, uint32_t cpu)
{
	if (event->kind == TB_EVENT_NONE)
		return "an event is of no kind";
	if (event->cpu != cpu)
		return "an event is of another CPU than its ring";
	if (!event->ns || event->ns >= CAPTURE_NS_MAX)
		return "an event has a time that cannot be";
	if (event->task > INT32_MAX ||
	    (event->kind == TB_EVENT_SWITCH && event->of_switch.next > INT32_MAX) ||
	    (event->kind == TB_EVENT_WAKING && event->waking.wakee > INT32_MAX))
		return "an event is of a task that cannot be";
	return NULL;
}

static const char *check_block(const struct blocks *blocks, const struct tb_event *events)
{
	const char *why = NULL;

	if (blocks->block.bytes % EVENT)
		return "a block ends inside an event";
	if (blocks->block.cpu >= CAPTURE_CPUS)
		return "a ring is of a CPU that cannot be";
	for (size_t i = 0; i < blocks->block.bytes / EVENT && !why; i++)
		why = check_event(&events[i], blocks->block.cpu);
	return why;
}

static struct ring *ring_of(struct rings *rings, uint32_t cpu)
{
	struct ring *more;

	if (rings->by_cpu[cpu])
		return &rings->rings[rings->by_cpu[cpu] - 1];
	more = reallocarray(rings->rings, rings->n_rings + 1, sizeof(*more));
	if (!more)
		return NULL;
	rings->rings = more;
	rings->by_cpu[cpu] = (uint16_t)++rings->n_rings;
	more += rings->n_rings - 1;
	*more = (struct ring){ .cpu = cpu };
	return more;
}

/* Whether it is in order. The same question in both passes. */
static bool is_timely(struct ring *ring, const struct tb_event *event)
{
	if (event->ns < ring->latest_ns)
		return false;
	ring->latest_ns = event->ns;
	return true;
}

static int keep_late(struct rings *rings, const struct tb_event *event)
{
	if (rings->n_late == rings->late_capacity) {
		size_t capacity = rings->late_capacity ? 2 * rings->late_capacity : 64;
		struct late *more = reallocarray(rings->late, capacity, sizeof(*more));

		if (!more)
			return -ENOMEM;
		rings->late = more;
		rings->late_capacity = capacity;
	}
	rings->late[rings->n_late] = (struct late){ *event, (uint32_t)rings->n_late };
	rings->n_late++;
	return 0;
}

int rings_add(struct rings *rings, const struct blocks *blocks, const char **why)
{
	const struct tb_event *events = (const struct tb_event *)blocks->body;
	size_t n = blocks->block.bytes / EVENT, n_late = rings->n_late;
	struct ring *ring;

	*why = check_block(blocks, events);
	if (*why)
		return -EBADMSG;
	ring = ring_of(rings, blocks->block.cpu);
	if (!ring)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		if (is_timely(ring, &events[i]) || events[i].kind >= TB_EVENT_KINDS)
			continue;
		if (rings->n_late == RINGS_LATE) {
			rings->n_late = n_late;
			*why = "too many events are out of order";
			return -EBADMSG;
		}
		if (keep_late(rings, &events[i]))
			return -ENOMEM;
	}
	rings->events += n;
	return 0;
}

static int by_time(const void *left, const void *right)
{
	const struct late *a = left, *b = right;

	if (a->event.ns != b->event.ns)
		return a->event.ns < b->event.ns ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* The late ones are told from a ring by its index. NULL: there is none left. */
static const struct tb_event *present(const struct rings *rings, size_t i)
{
	if (i < rings->n_rings)
		return &rings->rings[i].buffer[rings->rings[i].at];
	return rings->at_late < rings->n_late ? &rings->late[rings->at_late].event : NULL;
}

static bool is_before(const struct rings *rings, size_t a, size_t b)
{
	uint64_t a_ns = present(rings, a)->ns, b_ns = present(rings, b)->ns;

	return a_ns != b_ns ? a_ns < b_ns : a < b;
}

static void swap(size_t *a, size_t *b)
{
	size_t kept = *a;

	*a = *b;
	*b = kept;
}

static void sink(struct rings *rings, size_t at)
{
	size_t *heap = rings->heap;

	for (;;) {
		size_t first = at;

		for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++)
			if (child < rings->n_heap && is_before(rings, heap[child], heap[first]))
				first = child;
		if (first == at)
			return;
		swap(&heap[at], &heap[first]);
		at = first;
	}
}

/* The next block of that ring. Returns 1, 0 if there is none, or a negative errno. */
static int enter_block(const struct rings *rings, struct ring *ring)
{
	while (ring->next_block < rings->end) {
		struct capture_block block;
		uint64_t body = ring->next_block + sizeof(block);
		int64_t n = blocks_pread(rings->blocks, &block, sizeof(block), ring->next_block);

		if (n < (int64_t)sizeof(block))
			return n < 0 ? (int)n : 0;
		ring->next_block = body + block.bytes;
		if (block.type == CAPTURE_EVENTS && block.cpu == ring->cpu && block.bytes) {
			ring->next = body;
			ring->left = block.bytes;
			return 1;
		}
	}
	return 0;
}

static int fill(const struct rings *rings, struct ring *ring)
{
	uint64_t bytes = rings->per_buffer * EVENT;
	int64_t n;

	if (!ring->left) {
		int entered = enter_block(rings, ring);

		if (entered <= 0)
			return entered;
	}
	if (bytes > ring->left)
		bytes = ring->left;
	n = blocks_pread(rings->blocks, ring->buffer, bytes, ring->next);
	if (n < 0)
		return (int)n;
	ring->at = 0;
	ring->n = (uint64_t)n / EVENT;
	ring->next += bytes;
	ring->left -= bytes;
	return ring->n > 0;
}

/* Goes to the next event in order. Returns 1, 0 if there is none, or a negative errno. */
static int advance(const struct rings *rings, struct ring *ring)
{
	ring->at++;
	for (;;) {
		for (; ring->at < ring->n; ring->at++) {
			const struct tb_event *event = &ring->buffer[ring->at];

			/* It was right in the first pass. */
			if (check_event(event, ring->cpu)) {
				log_error("%s: changed while it was read", rings->blocks->name);
				return -EBADMSG;
			}
			if (is_timely(ring, event) && event->kind < TB_EVENT_KINDS)
				return 1;
		}
		int filled = fill(rings, ring);

		if (filled <= 0)
			return filled;
	}
}

static int start_ring(struct rings *rings, struct ring *ring, uint64_t from)
{
	ring->latest_ns = 0;
	ring->next_block = from;
	ring->left = ring->at = ring->n = 0;
	ring->buffer = calloc(rings->per_buffer, EVENT);
	return ring->buffer ? advance(rings, ring) : -ENOMEM;
}

static size_t events_per_buffer(size_t n_rings)
{
	size_t bytes = BUFFERS / (n_rings ? n_rings : 1);

	if (bytes > BUFFER_MOST)
		bytes = BUFFER_MOST;
	return (bytes < BUFFER_LEAST ? BUFFER_LEAST : bytes) / EVENT;
}

int rings_rewind(struct rings *rings, const struct blocks *blocks, uint64_t from, uint64_t to)
{
	rings->blocks = blocks;
	rings->end = to;
	rings->per_buffer = events_per_buffer(rings->n_rings);
	rings->heap = calloc(rings->n_rings + 1, sizeof(*rings->heap));
	if (!rings->heap)
		return -ENOMEM;
	if (rings->n_late)
		qsort(rings->late, rings->n_late, sizeof(*rings->late), by_time);
	for (size_t i = 0; i <= rings->n_rings; i++) {
		int there = i < rings->n_rings ? start_ring(rings, &rings->rings[i], from) :
						 rings->n_late > 0;

		if (there < 0)
			return there;
		if (there)
			rings->heap[rings->n_heap++] = i;
	}
	for (size_t i = rings->n_heap; i-- > 0;)
		sink(rings, i);
	return 0;
}

/* What is on top has been shown. */
static int pass(struct rings *rings)
{
	size_t top = rings->heap[0];
	int more = top < rings->n_rings ? advance(rings, &rings->rings[top]) :
					  ++rings->at_late < rings->n_late;

	if (more < 0)
		return more;
	if (!more)
		rings->heap[0] = rings->heap[--rings->n_heap];
	sink(rings, 0);
	return 0;
}

int rings_next(struct rings *rings, const struct tb_event **event)
{
	if (rings->given != SIZE_MAX) {
		int err = pass(rings);

		rings->given = SIZE_MAX;
		if (err)
			return err;
	}
	if (!rings->n_heap)
		return 0;
	rings->given = rings->heap[0];
	*event = present(rings, rings->given);
	return 1;
}
