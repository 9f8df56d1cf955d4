/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parent's side of a race: makes the arena, watches it, and clears up after it. */
#include "race/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hint.h"
#include "base/privilege.h"
#include "base/shared_memory.h"
#include "base/sysv_semaphore.h"
#include "base/sysv_queue.h"
#include "race/arena.h"

__attribute__((format(printf, 3, 4))) static void
conclude(struct race_outcome *outcome, enum race_status status, const char *format, ...)
{
	va_list args;

	outcome->status = status;
	va_start(args, format);
	vsnprintf(outcome->reason, sizeof(outcome->reason), format, args);
	va_end(args);
}

/*
 * Forks the arena, which waits at the gate. Both sides put it in a process group of its own: each
 * may be the first to need it.
 */
static pid_t fork_arena(struct arena *arena, const int gate[2])
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0) {
		/* Later kill(0, ...) must mean this race and nothing else. */
		if (setpgid(0, 0))
			_exit(EXIT_FAILURE);
		close(gate[1]);
		arena_main(arena, gate[0], parent);
	}
	if (pid > 0)
		setpgid(pid, pid);
	return pid;
}

enum wake { ENDED, EXPIRED, INTERRUPTED };

/* Waits until the arena has ended, its time is up or the user interrupts. */
static enum wake watch(const struct race_spec *spec, int pidfd, uint64_t deadline_ns)
{
	struct pollfd polled[] = { { .fd = pidfd, .events = POLLIN },
				   { .fd = spec->interrupt_fd, .events = POLLIN } };

	for (;;) {
		uint64_t now = clock_now_ns();
		struct timespec left = clock_timespec(deadline_ns > now ? deadline_ns - now : 0);
		int n = ppoll(polled, 2, &left, NULL);

		if (n > 0 && polled[0].revents)
			return ENDED;
		if (n > 0 && polled[1].revents)
			return INTERRUPTED;
		if (n == 0)
			return EXPIRED;
	}
}

/*
 * Ends whatever is left of the arena's process group and reaps all of it; orphaned workers come
 * to us because we are their subreaper. Returns the arena's own wait status.
 */
static int clear_up(pid_t arena_pid)
{
	int arena_status = 0;
	int status;
	pid_t pid;

	kill(-arena_pid, SIGKILL);
	do {
		pid = waitpid(-arena_pid, &status, 0);
		if (pid == arena_pid)
			arena_status = status;
	} while (pid > 0 || errno == EINTR);
	return arena_status;
}

static bool all_finished(const struct arena_memory *memory)
{
	for (unsigned int i = 0; i < memory->n_tasks; i++)
		if (!memory->arena->tasks[i].report.finished)
			return false;
	return true;
}

static void judge(const struct race_spec *spec, const struct arena_memory *memory, enum wake wake,
		  int status, struct race_outcome *outcome)
{
	const struct arena *arena = memory->arena;

	if (__atomic_load_n(&arena->failed, __ATOMIC_ACQUIRE))
		conclude(outcome, RACE_FAILED, "%.*s", (int)sizeof(arena->reason) - 1,
			 arena->reason);
	else if (wake == INTERRUPTED)
		conclude(outcome, RACE_INTERRUPTED, "interrupted");
	else if (wake == EXPIRED)
		conclude(outcome, RACE_TIMED_OUT,
			 "not over after %.3g s, so it was ended (--timeout)",
			 (double)spec->deadline_ns / (double)NS_PER_S);
	else if (WIFSIGNALED(status))
		conclude(outcome, RACE_FAILED, "the arena was killed by SIG%s",
			 sigabbrev_np(WTERMSIG(status)));
	else if (!__atomic_load_n(&arena->complete, __ATOMIC_ACQUIRE) || WEXITSTATUS(status) != 0)
		conclude(outcome, RACE_FAILED, "the arena exited early, with status %d",
			 WEXITSTATUS(status));
	else if (!all_finished(memory))
		conclude(outcome, RACE_FAILED, "a task ended before its race did");
	else
		outcome->status = RACE_OK;
}

static void collect(const struct arena_memory *memory, struct race_outcome *outcome)
{
	outcome->final = memory->arena->race.counter;
	outcome->object = memory->object;
	outcome->object_bytes = memory->object_bytes;
	outcome->tasks = calloc(memory->n_tasks, sizeof(*outcome->tasks));
	if (!outcome->tasks) {
		conclude(outcome, RACE_FAILED, "no memory for the reports of %u tasks",
			 memory->n_tasks);
		return;
	}
	outcome->n_tasks = memory->n_tasks;
	for (unsigned int i = 0; i < memory->n_tasks; i++)
		outcome->tasks[i] = memory->arena->tasks[i].report;
}

static void collect_latency(const struct arena_memory *memory, struct race_outcome *outcome)
{
	outcome->latency = calloc(1, sizeof(*outcome->latency));
	if (!outcome->latency) {
		conclude(outcome, RACE_FAILED, "no memory for the latencies");
		return;
	}
	for (unsigned int i = 0; i < memory->n_tasks; i++)
		latency_merge(outcome->latency, &memory->shapes[i].latency);
	for (unsigned int i = 0; i < memory->n_tasks; i++)
		outcome->missed += memory->shapes[i].missed;
}

/* The same, but whoever wants to look at a race whose time is up may grant it more. */
static enum wake watch_and_ask(const struct race_spec *spec, pid_t arena, int pidfd,
			       uint64_t deadline_ns)
{
	for (;;) {
		enum wake wake = watch(spec, pidfd, deadline_ns);
		uint64_t more_ns = 0;

		if (wake == EXPIRED && spec->at_deadline)
			more_ns = spec->at_deadline(spec->deadline_context, arena);
		if (more_ns == 0)
			return wake;
		deadline_ns = clock_now_ns() + more_ns;
	}
}

/* Opens the gate and sees the race through. Returns how it ended. */
static enum wake let_race(const struct race_spec *spec, const struct arena_memory *memory,
			  pid_t arena, int pidfd, int gate, struct race_outcome *outcome)
{
	uint64_t deadline_ns = clock_now_ns() + spec->deadline_ns;
	int err = 0;

	if (spec->before_start)
		err = spec->before_start(spec->context, arena, pidfd, memory->object,
					 memory->object_bytes);

	if (err)
		conclude(outcome, RACE_FAILED, "cannot be traced: %s", strerror(-err));
	else if (write(gate, "", 1) != 1)
		conclude(outcome, RACE_FAILED, "the arena cannot be started: %s", strerror(errno));
	if (outcome->status != RACE_OK)
		return ENDED;
	return watch_and_ask(spec, arena, pidfd, deadline_ns);
}

static void run_in(const struct race_spec *spec, const struct arena_memory *memory,
		   const int gate[2], struct race_outcome *outcome)
{
	enum wake wake = ENDED;
	pid_t pid = fork_arena(memory->arena, gate);
	int pidfd;
	int status;

	if (pid < 0) {
		conclude(outcome, RACE_FAILED, "no process for the arena: %s%s", strerror(errno),
			 limit_hint(errno));
		return;
	}
	pidfd = pidfd_open(pid, 0);
	if (pidfd < 0)
		conclude(outcome, RACE_FAILED, "pidfd_open: %s%s", strerror(errno),
			 limit_hint(errno));
	else
		wake = let_race(spec, memory, pid, pidfd, gate[1], outcome);
	status = clear_up(pid);
	if (pidfd >= 0)
		close(pidfd);
	if (outcome->status == RACE_OK)
		judge(spec, memory, wake, status, outcome);
	if (outcome->status == RACE_OK)
		collect(memory, outcome);
	if (outcome->status == RACE_OK && spec->sample_every)
		collect_latency(memory, outcome);
}

/* Some objects outlive their process: what a race that was killed left, and what a dead run did. */
static void sweep(const struct race_spec *spec)
{
	uid_t user;
	gid_t group;

	privilege_target(spec->keep_root, &user, &group);
	shared_memory_sweep(user);
	sysv_semaphore_sweep(user);
	sysv_queue_sweep(user);
}

bool race_is_on_one_cpu(const struct race_spec *spec)
{
	unsigned int n = spec->workers + (strategy_has_owner(spec->strategy) ? 1 : 0);

	for (unsigned int i = 1; i < n; i++)
		if (spec->cpus[i] != spec->cpus[0])
			return false;
	return n > 1 && spec->cpus[0] >= 0;
}

void race_run(const struct race_spec *spec, struct race_outcome *outcome)
{
	struct arena_memory memory;
	int gate[2];
	int err;

	*outcome = (struct race_outcome){ .status = RACE_OK };
	if (prctl(PR_SET_CHILD_SUBREAPER, 1)) {
		conclude(outcome, RACE_FAILED, "PR_SET_CHILD_SUBREAPER: %s", strerror(errno));
		return;
	}
	err = arena_map(spec, &memory);
	if (err) {
		conclude(outcome, RACE_FAILED, "no memory for the arena: %s%s", strerror(-err),
			 limit_hint(-err));
		return;
	}
	if (pipe2(gate, O_CLOEXEC)) {
		conclude(outcome, RACE_FAILED, "no pipe for the arena: %s%s", strerror(errno),
			 limit_hint(errno));
	} else {
		run_in(spec, &memory, gate, outcome);
		close(gate[0]);
		close(gate[1]);
	}
	sweep(spec);
	arena_unmap(&memory);
}

void race_outcome_free(struct race_outcome *outcome)
{
	free(outcome->tasks);
	free(outcome->latency);
	outcome->tasks = NULL;
	outcome->latency = NULL;
}
