/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "strategy/shape.h"

#include <time.h>

/* A timer wakes up late by less than this; the rest is spent spinning. */
#define SPIN_NS (60 * NS_PER_US)
/* The end of the race has to be seen. */
#define NAP_NS NS_PER_MS

/*
 * A label: its topmost bit, then who sent it, then which of those that are timed it is, 0: none, then
 * the count.
 */
#define LABEL (UINT64_C(1) << 63)
#define SENDER_SHIFT 52
#define SENDER_MASK 0x7ff
#define FLYING_SHIFT 40
#define FLYING_MASK 0xfff
#define COUNT_MASK ((UINT64_C(1) << FLYING_SHIFT) - 1)

static struct race_shape *shape_of(const struct worker *worker)
{
	return &worker->race->shapes[worker->index];
}

/* xorshift64: G. Marsaglia, Xorshift RNGs, Journal of Statistical Software 8(14), 2003. */
static uint64_t next_random(struct race_shape *shape)
{
	shape->random ^= shape->random << 13;
	shape->random ^= shape->random >> 7;
	shape->random ^= shape->random << 17;
	return shape->random;
}

/* From 1 to 2 * every - 1, so `every` on the average. */
static uint64_t next_gap(struct race_shape *shape)
{
	return 1 + next_random(shape) % (2 * shape->every - 1);
}

void shape_begin(struct worker *worker)
{
	struct race_shape *shape = shape_of(worker);

	/* Not zero, which would stay zero. */
	shape->random = (shape->seed + worker->index) * 0x9e3779b97f4a7c15 | 1;
	if (shape->every)
		shape->gap = next_gap(shape);
}

static void nap_until(uint64_t until_ns)
{
	struct timespec wake_up = clock_timespec(until_ns);

	/* Woken early by a signal, the caller looks at the clock anyway. */
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake_up, NULL);
}

/* False: the race is over before that. */
static bool await(const struct race *race, uint64_t due_ns)
{
	uint64_t now_ns = clock_now_ns();

	while (now_ns < due_ns && !__atomic_load_n(&race->stop, __ATOMIC_RELAXED)) {
		if (due_ns - now_ns > NAP_NS + SPIN_NS)
			nap_until(now_ns + NAP_NS);
		else if (due_ns - now_ns > SPIN_NS)
			nap_until(due_ns - SPIN_NS);
		else
			race_pause();
		now_ns = clock_now_ns();
	}
	return now_ns >= due_ns;
}

/* The clock where a pass is one of those that are timed, else 0. */
static uint64_t time_some(struct race_shape *shape)
{
	if (!shape->every || --shape->gap > 0)
		return 0;
	shape->gap = next_gap(shape);
	return clock_now_ns();
}

/* When the n-th pass of a worker is meant to begin. */
static uint64_t due_ns(const struct race_shape *shape, uint64_t n)
{
	/* Relaxed: to others the message orders it, even where the sanitizer does not know that. */
	return __atomic_load_n(&shape->first_ns, __ATOMIC_RELAXED) +
	       (uint64_t)((double)n * shape->interval_ns);
}

uint64_t shape_think(struct worker *worker)
{
	const struct race_shape *shape = shape_of(worker);

	shape_work(shape->think);
	return shape->think ? clock_now_ns() : 0;
}

bool shape_turn(struct worker *worker, uint64_t done, uint64_t *start_ns)
{
	struct race_shape *shape = shape_of(worker);

	*start_ns = 0;
	if (!race_goes_on(worker->race, done))
		return false;
	if (!(shape->interval_ns > 0))
		return true;
	*start_ns = due_ns(shape, shape->begun++);
	return await(worker->race, *start_ns);
}

bool shape_next(struct worker *worker, uint64_t done, uint64_t *start_ns)
{
	struct race_shape *shape = shape_of(worker);

	shape_work(shape->think);
	if (!shape_turn(worker, done, start_ns))
		return false;
	if (!(shape->interval_ns > 0))
		*start_ns = time_some(shape);
	return true;
}

void shape_in_section(struct worker *worker)
{
	struct race *race = worker->race;
	struct race_shape *shape = shape_of(worker);
	uint32_t me = worker->index + 1;

	shape_work(shape->critical);
	if (!shape->every || !shape->counts_runs)
		return;
	if (__atomic_load_n(&race->holder, __ATOMIC_RELAXED) != me) {
		__atomic_store_n(&race->holder, me, __ATOMIC_RELAXED);
		shape->runs++;
		shape->run = 0;
	}
	shape->passes++;
	if (++shape->run > shape->longest_run)
		shape->longest_run = shape->run;
}

static void record_until(struct race_shape *shape, uint64_t start_ns, uint64_t end_ns)
{
	uint64_t took_ns = end_ns - start_ns;

	latency_add(&shape->latency, took_ns > shape->clock_ns ? took_ns - shape->clock_ns : 0);
}

static void record(struct race_shape *shape, uint64_t start_ns)
{
	record_until(shape, start_ns, clock_now_ns());
}

void shape_record(struct worker *worker, uint64_t start_ns, uint64_t end_ns)
{
	struct race_shape *shape = shape_of(worker);

	if (shape->every)
		record_until(shape, start_ns, end_ns);
}

/*
 * Relaxed: the message orders it, for what is written before it is sent is seen by who receives it,
 * and a place that is seen empty was emptied before.
 */
static uint64_t take_off(struct race_shape *shape, uint64_t start_ns)
{
	uint64_t place = shape->sent % SHAPE_FLYING;

	if (__atomic_load_n(&shape->sent_ns[place], __ATOMIC_RELAXED)) {
		shape->missed++;
		return 0;
	}
	shape->sent++;
	__atomic_store_n(&shape->sent_ns[place], start_ns, __ATOMIC_RELAXED);
	return place + 1;
}

uint64_t shape_label(struct worker *worker, uint64_t count, uint64_t start_ns)
{
	struct race_shape *shape = shape_of(worker);
	uint64_t flying = start_ns && !(shape->interval_ns > 0) ? take_off(shape, start_ns) : 0;

	return LABEL | (uint64_t)worker->index << SENDER_SHIFT | flying << FLYING_SHIFT | count;
}

static void land(struct race_shape *owner, struct race_shape *sender, uint64_t flying)
{
	uint64_t *sent_ns = &sender->sent_ns[flying - 1];

	record(owner, __atomic_load_n(sent_ns, __ATOMIC_RELAXED));
	__atomic_store_n(sent_ns, 0, __ATOMIC_RELAXED);
}

/* Each worker's messages come in the order they were sent, so the n-th to come was the n-th that was due. */
uint64_t shape_received(struct worker *owner, uint64_t word)
{
	struct race_shape *shape = shape_of(owner);
	struct race_shape *sender = &owner->race->shapes[word >> SENDER_SHIFT & SENDER_MASK];
	uint64_t flying = word >> FLYING_SHIFT & FLYING_MASK;

	if (flying)
		land(shape, sender, flying);
	if (sender->interval_ns > 0 && shape->every)
		record(shape, due_ns(sender, sender->received));
	sender->received++;
	shape_work(shape->critical);
	return word & COUNT_MASK;
}

/* Relaxed: the turn itself keeps all others out, and orders what is written before it is handed on. */
void shape_hand(struct worker *worker)
{
	struct race_shape *shape = shape_of(worker);

	__atomic_store_n(&worker->race->handed_ns, shape->interval_ns > 0 ? 0 : time_some(shape),
			 __ATOMIC_RELAXED);
}

void shape_taken(struct worker *worker, uint64_t ready_ns)
{
	uint64_t handed_ns = __atomic_load_n(&worker->race->handed_ns, __ATOMIC_RELAXED);

	if (handed_ns)
		record(shape_of(worker), handed_ns > ready_ns ? handed_ns : ready_ns);
}
