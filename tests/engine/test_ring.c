/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sleeping and waking of strategy/shm_ring.h under random delays between any two of its steps.
 * Every message is the last one for a while: who sends it waits until it has been received before it
 * sends another, so that a wake-up that is lost is not made good by the next. The same test finds
 * the ring broken when a step is left out.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "lib/check_main.h"

static void delay(void);
static _Atomic bool leaves_out[2];

#define RACE_STEP() delay()
/* So few that a side nearly always goes to sleep. */
#define RING_SPINS 2
#define RING_TAKES(step) (!leaves_out[step])

#include "strategy/shm_ring.h"

/* A wake-up that takes longer has been lost; no CPU of a working machine is that late. */
#define PATIENCE_NS (5 * NS_PER_S)
#define LENGTH_NS (1500 * NS_PER_MS)
/* To find what is broken: ten times as long as it took on a busy machine. */
#define SEARCH_NS (20 * NS_PER_S)

static struct rings rings;
static struct ring ring;
static uint64_t slots[4];
static uint64_t length_ns;
static _Atomic bool over; /* a wake-up was lost, or the time is up */
static _Atomic uint64_t rounds;

/*
 * Most of the time none, sometimes as long as the other side's next few steps take, and sometimes a
 * CPU for the other side, which may have none of its own.
 */
static void delay(void)
{
	static _Thread_local uint32_t state;

	if (!state)
		state = (uint32_t)(uintptr_t)&state | 1;
	/* G. Marsaglia, Xorshift RNGs, 2003. */
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	if (state % 16 == 0)
		sched_yield();
	else if (state % 4 == 0)
		for (uint32_t i = 0; i < state / 4 % 256; i++)
			race_pause();
}

static void set_up(uint64_t length)
{
	rings = (struct rings){ .n = 1, .ring = &ring };
	ring = (struct ring){ .slots = slots, .slot_words = 1, .mask = length - 1 };
	over = false;
	rounds = 0;
	ck_assert_int_eq(ring_register(false), 0);
}

/* Looks at an index of the other side's until it is at least so much. */
static bool comes_to(const uint64_t *index, uint64_t value)
{
	uint64_t until_ns = clock_now_ns() + PATIENCE_NS;

	while (__atomic_load_n(index, __ATOMIC_ACQUIRE) < value) {
		if (over || clock_now_ns() > until_ns)
			return false;
		sched_yield();
	}
	return true;
}

static bool send_one(uint64_t number)
{
	uint64_t *slot;

	if (ring_reserve(&ring, false, &slot))
		return false;
	*slot = number;
	return !ring_put(&rings, &ring);
}

/* ---- The owner sleeps ---- */

/* Sends, and waits without a system call until that was received. Returns whether all were. */
static void *send_and_wait(void *received_all)
{
	uint64_t until_ns = clock_now_ns() + length_ns;
	bool ok = true;

	for (uint64_t i = 1; ok && clock_now_ns() < until_ns; i++) {
		ok = send_one(i) && comes_to(&ring.first, i);
		rounds += ok;
	}
	*(bool *)received_all = ok;
	over = true;
	/* One more: an owner that was not woken by the last is by this. */
	send_one(0);
	return NULL;
}

static void *receive(void *in_order)
{
	bool ok = true;

	while (!over && ok && !rings_wait(&rings)) {
		if (ring_is_empty(&ring))
			continue;
		ok = over || *ring_slot(&ring, ring.first) == ring.first + 1;
		ok = ok && !ring_give_back(&ring, ring.first + 1, false);
	}
	*(bool *)in_order = ok;
	return NULL;
}

/* ---- The worker sleeps ---- */

static void *send_always(void *no_error)
{
	bool ok = true;

	while (!over && ok)
		ok = send_one(ring.last + 1);
	*(bool *)no_error = ok;
	return NULL;
}

/* Makes room for one, and waits without a system call until somebody used it. */
static void *make_room_and_wait(void *used_all)
{
	uint64_t until_ns = clock_now_ns() + length_ns;
	bool ok = comes_to(&ring.last, ring.mask + 1);

	for (uint64_t i = 0; ok && clock_now_ns() < until_ns; i++) {
		ok = !ring_is_empty(&ring) && *ring_slot(&ring, i) == i + 1;
		ok = ok && !ring_give_back(&ring, i + 1, false) &&
		     comes_to(&ring.last, i + ring.mask + 2);
		rounds += ok;
	}
	*(bool *)used_all = ok;
	over = true;
	ring_give_back(&ring, __atomic_load_n(&ring.last, __ATOMIC_ACQUIRE), false);
	return NULL;
}

/* The scheduler may leave both on one CPU, where much of what is looked for cannot happen. */
static void pin(pthread_t thread, bool last)
{
	cpu_set_t set, one;
	int found = -1;

	ck_assert_int_eq(sched_getaffinity(0, sizeof(set), &set), 0);
	for (int cpu = 0; cpu < CPU_SETSIZE && (last || found < 0); cpu++)
		if (CPU_ISSET((size_t)cpu, &set))
			found = cpu;
	CPU_ZERO(&one);
	CPU_SET((size_t)found, &one);
	ck_assert_int_eq(pthread_setaffinity_np(thread, sizeof(one), &one), 0);
}

/* Both sides at once. Returns whether every wake-up came, and everything in order. */
static bool holds(void *(*worker)(void *), void *(*owner)(void *), uint64_t length, uint64_t for_ns)
{
	pthread_t threads[2];
	bool ok[2] = { false, false };

	set_up(length);
	length_ns = for_ns;
	ck_assert_int_eq(pthread_create(&threads[0], NULL, worker, &ok[0]), 0);
	ck_assert_int_eq(pthread_create(&threads[1], NULL, owner, &ok[1]), 0);
	pin(threads[0], false);
	pin(threads[1], true);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return ok[0] && ok[1];
}

START_TEST(an_owner_that_sleeps_is_always_woken)
{
	ck_assert(holds(send_and_wait, receive, 4, LENGTH_NS));
	ck_assert_uint_gt(rounds, 100);
}
END_TEST

START_TEST(a_worker_that_waits_for_room_is_always_woken)
{
	ck_assert(holds(send_always, make_room_and_wait, 1, LENGTH_NS));
	ck_assert_uint_gt(rounds, 100);
	ck_assert(holds(send_always, make_room_and_wait, 4, LENGTH_NS));
}
END_TEST

START_TEST(without_the_second_look_wake_ups_are_lost_and_that_is_found)
{
	leaves_out[RING_SECOND_LOOK] = true;
	ck_assert(!holds(send_and_wait, receive, 4, SEARCH_NS));
	ck_assert(!holds(send_always, make_room_and_wait, 1, SEARCH_NS));
}
END_TEST

/*
 * Whether a store and a load of one task can change places as others see them: it takes another CPU,
 * and no thread sanitizer, which puts fences of its own between them.
 */
static bool reorders(void)
{
#ifdef __SANITIZE_THREAD__
	return false;
#else
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 1;
#endif
}

START_TEST(without_the_barrier_wake_ups_are_lost_and_that_is_found)
{
	leaves_out[RING_BARRIER] = true;
	ck_assert(!holds(send_and_wait, receive, 4, SEARCH_NS));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ring");

	add_test(suite, an_owner_that_sleeps_is_always_woken);
	add_test(suite, a_worker_that_waits_for_room_is_always_woken);
	add_test(suite, without_the_second_look_wake_ups_are_lost_and_that_is_found);
	if (reorders())
		add_test(suite, without_the_barrier_wake_ups_are_lost_and_that_is_found);
	return run_suite(suite);
}
