/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stress/stress.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "strategy/race.h"

#define TURNS 8000
#define LOOK_NS (20 * 1000 * 1000)

enum { RIGHT, TWO_INSIDE, LOST, HUNG, NO_THREAD };

static _Thread_local uint64_t random_state;

/* George Marsaglia, Xorshift RNGs, 2003. */
static uint64_t draw(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* Mostly none, so that threads stay close to each other; some as long as a switch; a few long
 * enough for all others to go to sleep. */
void stress_step(void)
{
	uint64_t drawn = draw();

	if (drawn % 256 == 0)
		nanosleep(&(struct timespec){ .tv_nsec = (long)(drawn / 256 % 50000) }, NULL);
	else if (drawn % 32 == 0)
		sched_yield();
	else if (drawn % 4 == 0)
		for (uint64_t i = drawn / 256 % 64; i > 0; i--)
			race_pause();
}

/* What the lock guards is ordinary memory: the thread sanitizer sees any access that is not
 * ordered, and so a lock whose acquire or release is too weak. Volatile, so that each access is
 * made. */
static struct {
	void *lock;
	const struct stress_lock *of;
	volatile unsigned int inside;
	volatile uint64_t count;
	uint64_t turns; /* atomic: how far all are */
} stress;

static void take_turn(unsigned int task)
{
	stress.of->take(stress.lock, task);
	if (stress.inside)
		_exit(TWO_INSIDE);
	stress.inside = 1;
	stress_step();
	stress.count = stress.count + 1;
	if (!stress.inside)
		_exit(TWO_INSIDE);
	stress.inside = 0;
	stress.of->give(stress.lock, task);
	__atomic_fetch_add(&stress.turns, 1, __ATOMIC_RELAXED);
}

static void *task_main(void *argument)
{
	unsigned int task = (unsigned int)(uintptr_t)argument;

	random_state = 0x9e3779b97f4a7c15U * (task + 1);
	for (int i = 0; i < TURNS; i++)
		take_turn(task);
	return NULL;
}

/* Until all turns are over, or nobody has had one for so long. */
static void watch(unsigned int patience_s)
{
	const uint64_t all = (uint64_t)STRESS_TASKS * TURNS;
	uint64_t looks = 0, before = 0, turns;

	while ((turns = __atomic_load_n(&stress.turns, __ATOMIC_RELAXED)) < all) {
		looks = turns == before ? looks + 1 : 0;
		before = turns;
		if (looks * LOOK_NS / 1000000000 >= patience_s)
			_exit(HUNG);
		nanosleep(&(struct timespec){ .tv_nsec = LOOK_NS }, NULL);
	}
}

static _Noreturn void run(const struct stress_lock *lock, unsigned int patience_s)
{
	pthread_t threads[STRESS_TASKS];

	stress.of = lock;
	stress.lock = aligned_alloc(RACE_PADDING,
				    (lock->bytes + RACE_PADDING - 1) / RACE_PADDING * RACE_PADDING);
	if (!stress.lock)
		_exit(NO_THREAD);
	memset(stress.lock, 0, lock->bytes);
	lock->init(stress.lock);
	for (uintptr_t i = 0; i < STRESS_TASKS; i++)
		if (pthread_create(&threads[i], NULL, task_main, (void *)i))
			_exit(NO_THREAD);
	watch(patience_s);
	for (int i = 0; i < STRESS_TASKS; i++)
		pthread_join(threads[i], NULL);
	_exit(stress.count == (uint64_t)STRESS_TASKS * TURNS ? RIGHT : LOST);
}

const char *stress_run(const struct stress_lock *lock, unsigned int patience_s)
{
	static const char *const wrongs[] = {
		[TWO_INSIDE] = "two were inside at once",
		[LOST] = "an update was lost",
		[HUNG] = "it hung",
	};
	pid_t pid = fork();
	int status;

	if (pid == 0)
		run(lock, patience_s);
	/* That is not the lock's fault, and must not pass for a bug that was found. */
	if (pid < 0 || waitpid(pid, &status, 0) != pid ||
	    (WIFEXITED(status) && WEXITSTATUS(status) == NO_THREAD))
		abort();
	if (!WIFEXITED(status))
		return "it crashed";
	if (WEXITSTATUS(status) > NO_THREAD)
		return "the sanitizer stopped it";
	return wrongs[WEXITSTATUS(status)];
}
