/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/event_queue.h"

#include <string.h>

/* Mostly that is the end, and one comparison. */
static size_t place_of(const struct event_queue *queue, const struct tb_event *event)
{
	size_t place = queue->n;

	if (event->flags & TB_EVENT_RECOVERED)
		return place;
	for (size_t i = queue->n; i > 0; i--) {
		const struct tb_event *before = &queue->events[i - 1];

		if (before->flags & TB_EVENT_RECOVERED)
			continue;
		if (before->ns <= event->ns)
			break;
		place = i - 1;
	}
	return place;
}

void event_queue_put(struct event_queue *queue, const struct tb_event *event)
{
	size_t place = place_of(queue, event);
	struct tb_event *at = &queue->events[place];

	memmove(at + 1, at, (queue->n - place) * sizeof(*at));
	*at = *event;
	queue->n++;
	/* Switches come in the order in which they were made, recovered ones too. */
	if (event->kind != TB_EVENT_SWITCH)
		return;
	if (event->flags & TB_EVENT_RECOVERED)
		at->task = queue->current;
	queue->current = event->of_switch.next;
}

void event_queue_drop(struct event_queue *queue, size_t n)
{
	queue->n -= n;
	memmove(queue->events, queue->events + n, queue->n * sizeof(*queue->events));
}
