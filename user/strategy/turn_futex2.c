/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strict hand-off through the futex calls that came after futex(2): futex_wait and futex_wake where
 * the kernel has them (Linux 6.7), else futex_waitv to wait with (5.16), which only futex(2) can
 * wake then. They are the same queues and the same comparison under the same lock, so no wake-up is
 * lost here either; only the way in differs.
 */
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/futex.h"
#include "strategy/strategy.h"
#include "strategy/turn.h"

/* Not in the headers of Linux 6.1. The numbers are the same on all architectures we build for. */
#ifndef SYS_futex_wake
#define SYS_futex_wake 454
#define SYS_futex_wait 455
#endif

#define ANY_WAITER 0xffffffffUL /* all bits of the mask, which has 32 */

struct turn_futex2 {
	bool has_wait; /* futex_wait and futex_wake, not futex_waitv */
	unsigned int flags;
	struct turn_word words[];
};

static size_t object_size(const struct race *race)
{
	return sizeof(struct turn_futex2) + turn_words_size(race);
}

static unsigned int flags(bool shared)
{
	/* FUTEX_32 is what later headers call FUTEX2_SIZE_U32. */
	return FUTEX_32 | (shared ? 0 : FUTEX_PRIVATE_FLAG);
}

static long wait_one(uint32_t *word, uint32_t value, unsigned int how)
{
	return syscall(SYS_futex_wait, word, (unsigned long)value, ANY_WAITER, how, NULL, 0);
}

static long wait_vector(uint32_t *word, uint32_t value, unsigned int how)
{
	struct futex_waitv waiter = { .val = value, .uaddr = (uintptr_t)word, .flags = how };

	return syscall(SYS_futex_waitv, &waiter, 1, 0, NULL, 0);
}

/* Waits for a word that has changed already: a kernel that has the call says so. */
static bool has(long (*wait)(uint32_t *, uint32_t, unsigned int))
{
	uint32_t word = 0;

	return wait(&word, 1, flags(false)) < 0 && errno == EAGAIN;
}

static const char *unsupported(void)
{
	if (has(wait_one) || has(wait_vector))
		return NULL;
	return "this kernel has neither futex_wait nor futex_waitv, or does not let us call them";
}

static int setup(struct race *race)
{
	struct turn_futex2 *object = race->object;

	object->has_wait = has(wait_one);
	object->flags = flags(race->processes);
	return 0;
}

RACE_INLINE int await(struct worker *worker, enum turn *turn)
{
	struct turn_futex2 *object = worker->race->object;
	struct turn_word *mine = &object->words[worker->index];

	while (!turn_word_take(mine, turn)) {
		long ret = object->has_wait ? wait_one(&mine->turn, 0, object->flags) :
					      wait_vector(&mine->turn, 0, object->flags);

		if (ret < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return 0;
}

RACE_INLINE int hand(struct worker *worker, unsigned int to, enum turn turn)
{
	struct turn_futex2 *object = worker->race->object;
	uint32_t *word = &object->words[to].turn;
	int woken;

	turn_word_call(&object->words[to], turn);
	if (object->has_wait)
		return syscall(SYS_futex_wake, word, ANY_WAITER, 1, object->flags) < 0 ? -errno : 0;
	woken = futex_wake(word, 1, worker->race->processes);
	return woken < 0 ? woken : 0;
}

static int work(struct worker *worker)
{
	return race_in_turns(worker, await, hand);
}

const struct strategy strategy_turn_futex2 = {
	.name = "turn-futex2",
	.summary = "strict hand-off through futex_wait and futex_wake, or futex_waitv",
	.family = FAMILY_TURN,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.unsupported = unsupported,
	.setup = setup,
	.work = work,
};
