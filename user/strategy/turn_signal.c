/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strict hand-off by a signal: each worker sleeps in sigwaitinfo(2) for a real-time signal that
 * everybody blocks, and whoever has the turn sends it to the next one's thread, with what the call
 * is for as its value. Nothing runs in a handler. A signal that comes before its wait stays pending,
 * and real-time signals are queued, each with its own value (POSIX 2.4.1), so no call is lost.
 *
 * Who sends must know the other's thread id. Each worker stores its own when it starts; only the
 * first call of a race may have to wait for it.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "strategy/strategy.h"
#include "strategy/turn.h"

/* The C library keeps the two lowest real-time signals for itself; SIGRTMIN is the next. */
#define CALL SIGRTMIN

struct address {
	pid_t process;
	pid_t thread; /* 0 until the worker has started */
} RACE_PADDED;

static size_t object_size(const struct race *race)
{
	return race->workers * sizeof(struct address);
}

static void only_the_call(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, CALL);
}

/* Threads and processes inherit the mask. */
static int setup(struct race *race)
{
	sigset_t set;

	(void)race;
	only_the_call(&set);
	return -pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* Release: who sees the thread sees the process. */
static void publish(struct worker *worker)
{
	struct address *addresses = worker->race->object;
	struct address *mine = &addresses[worker->index];

	mine->process = getpid();
	__atomic_store_n(&mine->thread, gettid(), __ATOMIC_RELEASE);
}

/* All have started at one moment, so it is there or about to be. */
RACE_INLINE pid_t find(struct address *address)
{
	pid_t thread;

	while (!(thread = __atomic_load_n(&address->thread, __ATOMIC_ACQUIRE)))
		sched_yield();
	return thread;
}

RACE_INLINE int await(struct worker *worker, enum turn *turn)
{
	siginfo_t info;
	sigset_t set;

	(void)worker;
	only_the_call(&set);
	while (sigwaitinfo(&set, &info) < 0)
		if (errno != EINTR)
			return -errno;
	*turn = (enum turn)info.si_value.sival_int;
	return 0;
}

/* Not sigqueue(3), which cannot name a thread, nor pthread_sigqueue(3), which names none of others. */
RACE_INLINE int hand(struct worker *worker, unsigned int to, enum turn turn)
{
	struct address *addresses = worker->race->object;
	siginfo_t info = { .si_code = SI_QUEUE, .si_value.sival_int = turn };
	pid_t thread = find(&addresses[to]);

	return syscall(SYS_rt_tgsigqueueinfo, addresses[to].process, thread, CALL, &info) ? -errno :
											    0;
}

static int work(struct worker *worker)
{
	publish(worker);
	return race_in_turns(worker, await, hand);
}

const struct strategy strategy_turn_signal = {
	.name = "turn-signal",
	.summary = "strict hand-off by a queued real-time signal and sigwaitinfo",
	.family = FAMILY_TURN,
	.modes = IN_BOTH,
	.promises_exact = true,
	.batches = true,
	.object_size = object_size,
	.setup = setup,
	.work = work,
};
