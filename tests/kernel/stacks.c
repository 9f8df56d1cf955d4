/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where tasks sleep and from where they are woken: chains of calls come out whole although nothing here
 * has frame pointers, every sleep is at one place, and places are told apart, but not copied again.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "lib/traced_main.h"
#include "session/stack_sum.h"
#include "strategy/registry.h"

#define TIMES 40
#define TURNS 2000 /* of each worker, and about every second one is a sleep */
#define SHORT_NS (200 * NS_PER_US)

/* As the distribution's packages are compiled, whatever this build does. Each is a function of its own. */
#define FRAMELESS __attribute__((noinline, no_icf, optimize("omit-frame-pointer")))

/* What stands behind a call keeps it from becoming a jump. */
#define KEEP() __asm__ volatile("" ::: "memory")
#define USE(pointer) __asm__ volatile("" ::"r"(pointer) : "memory")

static int sleep_for(uint64_t ns)
{
	const struct timespec length = clock_timespec(ns);

	return clock_nanosleep(CLOCK_MONOTONIC, 0, &length, NULL) ? -EIO : 0;
}

/* ---- A known chain: two functions, one in the other, that wait in a mutex ---- */

struct kept {
	pthread_mutex_t mutex;
	uint32_t round; /* even: nobody has it; odd: the keeper has */
};

static size_t kept_size(const struct race *race)
{
	(void)race;
	return sizeof(struct kept);
}

static int make_kept(struct race *race)
{
	struct kept *kept = race->object;
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	return -pthread_mutex_init(&kept->mutex, &attributes);
}

static void await_round(struct kept *kept, uint32_t round)
{
	while (__atomic_load_n(&kept->round, __ATOMIC_ACQUIRE) != round)
		sleep_for(SHORT_NS);
}

/* Its word, the first of it, says so before it goes to sleep. */
static void await_waiter(struct kept *kept)
{
	while (__atomic_load_n((uint32_t *)&kept->mutex, __ATOMIC_ACQUIRE) != 2)
		sleep_for(SHORT_NS);
}

enum { INNER_LINE = __LINE__ + 4 };

static FRAMELESS void wait_inner(pthread_mutex_t *mutex)
{
	pthread_mutex_lock(mutex);
	KEEP();
}

enum { OUTER_LINE = __LINE__ + 6 };

static FRAMELESS void wait_outer(struct kept *kept)
{
	char room[100];

	wait_inner(&kept->mutex);
	USE(room);
}

static FRAMELESS void let_go(struct kept *kept)
{
	pthread_mutex_unlock(&kept->mutex);
	KEEP();
}

static int keep(struct worker *worker)
{
	struct kept *kept = worker->race->object;

	for (uint32_t i = 0; i < TIMES; i++, worker->done++) {
		if (worker->index == 0) {
			await_round(kept, 2 * i);
			pthread_mutex_lock(&kept->mutex);
			__atomic_store_n(&kept->round, 2 * i + 1, __ATOMIC_RELEASE);
			await_waiter(kept);
			sleep_for(SHORT_NS);
			let_go(kept);
		} else {
			await_round(kept, 2 * i + 1);
			wait_outer(kept);
			pthread_mutex_unlock(&kept->mutex);
			__atomic_store_n(&kept->round, 2 * i + 2, __ATOMIC_RELEASE);
		}
	}
	return 0;
}

static const struct strategy keeper = { .name = "keeper",
					.modes = IN_BOTH,
					.object_size = kept_size,
					.setup = make_kept,
					.work = keep };

/* ---- Two callers of one function, which leave the same stack pointer and differ in nothing else ---- */

static FRAMELESS void nap(void)
{
	sleep_for(SHORT_NS);
	KEEP();
}

static FRAMELESS void nap_left(void)
{
	nap();
	KEEP();
}

static FRAMELESS void nap_right(void)
{
	nap();
	KEEP();
}

static int alternate(struct worker *worker)
{
	uint64_t changing; /* on the stack, where return addresses are looked for */

	for (; worker->done < TIMES; worker->done++) {
		changing = worker->done;
		USE(&changing);
		nap_left();
		nap_right();
	}
	return 0;
}

static const struct strategy alternating = { .name = "alternating",
					     .modes = IN_BOTH,
					     .work = alternate };

/* ---- As deep as the stack is said to be ---- */

#define DEEP 64 /* KiB and a little more */

static FRAMELESS int descend(unsigned int levels)
{
	char room[1024];
	int err;

	err = levels ? descend(levels - 1) : sleep_for(SHORT_NS);
	USE(room);
	return err;
}

static int dive(struct worker *worker)
{
	int err = 0;

	for (; worker->done < TIMES && !err; worker->done++)
		err = descend(DEEP);
	return err;
}

static int scatter(struct worker *worker)
{
	int err = 0;

	for (; worker->done < TIMES && !err; worker->done++)
		err = descend((unsigned int)worker->done % 8);
	return err;
}

static const struct strategy deep = { .name = "deep", .modes = IN_BOTH, .work = dive };
static const struct strategy scattered = { .name = "scattered", .modes = IN_BOTH, .work = scatter };

/* ---- */

struct seen {
	struct race_outcome outcome;
	struct counts total;
	struct stack_sums sums;
	size_t n_samples;
};

static struct symbols *symbols;

static uint64_t blocked_ns(const struct counts *total)
{
	uint64_t sum = 0;

	for (int i = 0; i < TB_REASONS; i++)
		sum += total->blocked_ns[i];
	return sum;
}

static void check_sums(const struct seen *seen, const char *name, const char *mode)
{
	struct stack_total sleeps = stack_sums_total(&seen->sums, TB_PLACE_SLEEP);
	struct stack_total wakers = stack_sums_total(&seen->sums, TB_PLACE_WAKER);

	tap_ok(traced_switches_agree(&seen->outcome) && traced_nothing_lost(&seen->outcome),
	       "%s, %s: switches equal getrusage's, nothing is lost", name, mode);
	tap_equal(sleeps.count, seen->total.wakeups, "%s, %s: every sleep is at a place", name,
		  mode);
	tap_equal(sleeps.ns, blocked_ns(&seen->total), "%s, %s: with its time", name, mode);
	tap_equal(wakers.count, seen->total.wakeups, "%s, %s: and so is who ended it", name, mode);
}

static void see(struct probe *probe, enum mode mode, const struct strategy *strategy,
		struct seen *seen)
{
	/* On two CPUs a hand-off hardly sleeps. The others here are none. */
	bool turns = strategy->family == FAMILY_TURN;
	struct race_spec spec = traced_spec(strategy, mode, turns);
	struct findings findings;

	spec.duration_ns = 0;
	spec.iterations = turns ? TURNS : TIMES;
	*seen = (struct seen){ .n_samples = 0 };
	traced_run_at(probe, LEVEL_STACKS, &spec, &seen->outcome);
	if (probe_findings(probe, &findings) || stack_sums_add(&seen->sums, &findings, symbols))
		tap_note("the findings cannot be had");
	seen->n_samples = findings.n_samples;
	findings_free(&findings);
	seen->total = traced_total(&seen->outcome);
	check_sums(seen, strategy->name, mode_name(mode));
}

static void unsee(struct seen *seen)
{
	stack_sums_free(&seen->sums);
	race_outcome_free(&seen->outcome);
}

/* The frame of that function from frame `from` on; n_frames: there is none. */
static size_t frame_of(const struct stack_sum *sum, const char *symbol, size_t from)
{
	size_t i = from;

	while (i < sum->n_frames && strcmp(sum->frames[i].symbol, symbol) != 0)
		i++;
	return i;
}

/* All at places within that function. */
static uint64_t count_in(const struct seen *seen, enum tb_place_kind kind, const char *symbol)
{
	uint64_t count = 0;

	for (size_t i = 0; i < seen->sums.n; i++) {
		const struct stack_sum *sum = &seen->sums.stacks[i];

		if (sum->kind == kind && frame_of(sum, symbol, 0) < sum->n_frames)
			count += sum->count;
	}
	return count;
}

static const struct stack_sum *stack_in(const struct seen *seen, const char *symbol)
{
	for (size_t i = 0; i < seen->sums.n; i++)
		if (seen->sums.stacks[i].kind == TB_PLACE_SLEEP &&
		    frame_of(&seen->sums.stacks[i], symbol, 0) < seen->sums.stacks[i].n_frames)
			return &seen->sums.stacks[i];
	return NULL;
}

static bool is_at(const struct code_frame *frame, unsigned int line)
{
	const char *slash = strrchr(frame->file, '/');

	return frame->line == line && !strcmp(slash ? slash + 1 : frame->file, "stacks.c");
}

static void note_stack(const struct stack_sum *sum)
{
	for (size_t i = 0; sum && i < sum->n_frames; i++)
		tap_note("%s+%#lx %s %s:%u", sum->frames[i].symbol,
			 (unsigned long)sum->frames[i].offset, sum->frames[i].object,
			 sum->frames[i].file, sum->frames[i].line);
}

static bool is_whole_chain(const struct stack_sum *sum)
{
	size_t inner = frame_of(sum, "wait_inner", 0);
	size_t outer = frame_of(sum, "wait_outer", 0);

	return inner > 0 && outer == inner + 1 && frame_of(sum, "keep", outer) == outer + 1 &&
	       is_at(&sum->frames[inner], INNER_LINE) && is_at(&sum->frames[outer], OUTER_LINE) &&
	       !sum->truncated && !strcmp(sum->frames[0].object, FRAME_KERNEL) &&
	       strstr(sum->frames[inner - 1].object, "libc");
}

static void check_chain(struct probe *probe, enum mode mode)
{
	const struct stack_sum *sum;
	struct seen seen;

	see(probe, mode, &keeper, &seen);
	sum = stack_in(&seen, "wait_inner");
	if (!tap_ok(sum && is_whole_chain(sum),
		    "keeper, %s: the chain is whole, with file and line", mode_name(mode)))
		note_stack(sum);
	tap_equal(count_in(&seen, TB_PLACE_SLEEP, "wait_outer"), TIMES,
		  "keeper, %s: all waits for the mutex are there", mode_name(mode));
	tap_equal(count_in(&seen, TB_PLACE_WAKER, "let_go"), TIMES,
		  "keeper, %s: all are ended where it is let go", mode_name(mode));
	tap_equal(count_in(&seen, TB_PLACE_WAKER, "keep"), TIMES,
		  "keeper, %s: nobody who was interrupted by a timer is blamed for its wake-ups",
		  mode_name(mode));
	tap_ok(count_in(&seen, TB_PLACE_WAKER, FRAME_INTERRUPT) > 0,
	       "keeper, %s: which are an interrupt's", mode_name(mode));
	unsee(&seen);
}

static void check_alternating(struct probe *probe, enum mode mode)
{
	struct seen seen;
	uint64_t left, right;

	see(probe, mode, &alternating, &seen);
	left = count_in(&seen, TB_PLACE_SLEEP, "nap_left");
	right = count_in(&seen, TB_PLACE_SLEEP, "nap_right");
	/* A timer may run out before its task has gone to sleep. */
	tap_ok(left > TIMES && left <= 2 * TIMES && right > TIMES && right <= 2 * TIMES,
	       "alternating, %s: callers that differ in nothing else are told apart "
	       "(%" PRIu64 ", %" PRIu64 ")",
	       mode_name(mode), left, right);
	tap_ok(seen.n_samples <= 16, "alternating, %s: and are copied a few times only (%zu)",
	       mode_name(mode), seen.n_samples);
	unsee(&seen);
}

static void check_turns(struct probe *probe, enum mode mode)
{
	struct seen seen;

	see(probe, mode, strategy_find("turn-futex"), &seen);
	tap_ok(seen.total.wakeups > 500 && seen.n_samples <= 32,
	       "turns, %s: %" PRIu64 " sleeps, and %zu stacks were copied", mode_name(mode),
	       seen.total.wakeups, seen.n_samples);
	tap_equal(seen.sums.lost, 0, "turns, %s: there was room for all", mode_name(mode));
	unsee(&seen);
}

static void check_deep(struct probe *probe, enum mode mode)
{
	const struct stack_sum *sum;
	struct seen seen;

	see(probe, mode, &deep, &seen);
	sum = stack_in(&seen, "descend");
	tap_ok(sum && sum->truncated && frame_of(sum, "dive", 0) == sum->n_frames &&
		       sum->n_frames > 10,
	       "deep, %s: what is deeper than the copy says so, and shows what it has",
	       mode_name(mode));
	unsee(&seen);
}

/* Many places, and room for few. */
static void check_overflow(struct probe *probe, enum mode mode)
{
	struct seen seen;

	see(probe, mode, &scattered, &seen);
	tap_ok(seen.n_samples == 2, "scattered, %s: no more is copied than there is room for",
	       mode_name(mode));
	tap_ok(seen.sums.lost > 0 &&
		       seen.sums.lost == count_in(&seen, TB_PLACE_SLEEP, FRAME_LOST) +
						 count_in(&seen, TB_PLACE_WAKER, FRAME_LOST),
	       "scattered, %s: what found no room is counted (%" PRIu64 ")", mode_name(mode),
	       seen.sums.lost);
	tap_ok(seen.sums.lost < 2 * seen.total.wakeups, "scattered, %s: and what did is not lost",
	       mode_name(mode));
	unsee(&seen);
}

/* Sums stay whole where the kernel hides every seventh switch-in and wake-up. */
static void check_hidden(struct probe *probe, enum mode mode)
{
	struct seen seen;

	see(probe, mode, strategy_find("turn-futex"), &seen);
	tap_ok(seen.total.recovered > 0, "hidden, %s: some were hidden", mode_name(mode));
	unsee(&seen);
}

static void check(struct probe *probe, enum mode mode)
{
	check_chain(probe, mode);
	check_alternating(probe, mode);
	check_turns(probe, mode);
	check_deep(probe, mode);
}

int main(void)
{
	if (symbols_open(&symbols))
		tap_note("there are no names");
	traced_check((struct probe_options){ .stacks = true }, check);
	traced_check((struct probe_options){ .stacks = true, .max_stacks = 2 }, check_overflow);
	traced_check((struct probe_options){ .stacks = true, .hide_every = 7 }, check_hidden);
	symbols_free(symbols);
	return tap_done();
}
