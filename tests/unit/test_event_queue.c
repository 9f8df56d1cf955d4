/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/event_queue.h"

#include "lib/check_main.h"

static struct tb_event room[EVENT_QUEUE_ROOM];

static void put(struct event_queue *queue, uint64_t ns, enum tb_event_kind kind, uint8_t flags,
		uint32_t next)
{
	const struct tb_event event = {
		.ns = ns,
		.kind = (uint8_t)kind,
		.flags = flags,
		.of_switch = { .next = next },
	};

	event_queue_put(queue, &event);
}

static void assert_times(const struct event_queue *queue, const uint64_t *times, size_t n)
{
	ck_assert_uint_eq(queue->n, n);
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(queue->events[i].ns, times[i]);
}

START_TEST(a_call_that_comes_late_finds_its_place)
{
	struct event_queue queue = { .events = room };

	put(&queue, 10, TB_EVENT_SWITCH, 0, 1);
	put(&queue, 30, TB_EVENT_WAKING, 0, 0);
	put(&queue, 40, TB_EVENT_RETURN, 0, 0);
	put(&queue, 20, TB_EVENT_CALL, 0, 0);
	assert_times(&queue, (const uint64_t[]){ 10, 20, 30, 40 }, 4);
	ck_assert_int_eq(queue.events[1].kind, TB_EVENT_CALL);
}
END_TEST

START_TEST(of_one_time_the_first_stays_first)
{
	struct event_queue queue = { .events = room };

	put(&queue, 10, TB_EVENT_NAMED, 0, 0);
	put(&queue, 10, TB_EVENT_SWITCH, 0, 1);
	ck_assert_int_eq(queue.events[0].kind, TB_EVENT_NAMED);
	ck_assert_int_eq(queue.events[1].kind, TB_EVENT_SWITCH);
}
END_TEST

START_TEST(a_recovered_switch_stays_where_it_came_and_others_pass_it)
{
	struct event_queue queue = { .events = room };

	put(&queue, 50, TB_EVENT_WAKING, 0, 0);
	put(&queue, 20, TB_EVENT_SWITCH, TB_EVENT_RECOVERED, 1);
	put(&queue, 60, TB_EVENT_RETURN, 0, 0);
	put(&queue, 40, TB_EVENT_CALL, 0, 0);
	assert_times(&queue, (const uint64_t[]){ 40, 50, 20, 60 }, 4);
}
END_TEST

START_TEST(a_recovered_switch_is_told_who_was_shown_before)
{
	struct event_queue queue = { .events = room };

	put(&queue, 10, TB_EVENT_SWITCH, 0, 7);
	put(&queue, 20, TB_EVENT_WAKING, 0, 0);
	event_queue_drop(&queue, 2);
	put(&queue, 15, TB_EVENT_SWITCH, TB_EVENT_RECOVERED, 8);
	put(&queue, 16, TB_EVENT_SWITCH, TB_EVENT_RECOVERED, 9);
	ck_assert_uint_eq(queue.events[0].task, 7);
	ck_assert_uint_eq(queue.events[1].task, 8);
	ck_assert_uint_eq(queue.current, 9);
}
END_TEST

START_TEST(what_was_written_makes_room)
{
	struct event_queue queue = { .events = room };

	for (uint64_t ns = 0; ns < EVENT_QUEUE_ROOM; ns++)
		put(&queue, ns, TB_EVENT_WAKING, 0, 0);
	event_queue_drop(&queue, EVENT_QUEUE_ROOM - 2);
	put(&queue, EVENT_QUEUE_ROOM, TB_EVENT_WAKING, 0, 0);
	assert_times(&queue,
		     (const uint64_t[]){ EVENT_QUEUE_ROOM - 2, EVENT_QUEUE_ROOM - 1,
					 EVENT_QUEUE_ROOM },
		     3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("event queue");

	add_test(suite, a_call_that_comes_late_finds_its_place);
	add_test(suite, of_one_time_the_first_stays_first);
	add_test(suite, a_recovered_switch_stays_where_it_came_and_others_pass_it);
	add_test(suite, a_recovered_switch_is_told_who_was_shown_before);
	add_test(suite, what_was_written_makes_room);
	return run_suite(suite);
}
