/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "race/arena.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hint.h"
#include "base/privilege.h"

static size_t round_up(size_t n)
{
	return (n + RACE_PADDING - 1) / RACE_PADDING * RACE_PADDING;
}

static unsigned int task_count(const struct race_spec *spec)
{
	return spec->workers + (strategy_has_owner(spec->strategy) ? 1 : 0);
}

static struct race initial_race(const struct race_spec *spec)
{
	return (struct race){
		.workers = spec->workers,
		.processes = spec->mode == MODE_PROCESSES,
		.iterations = spec->iterations,
		.batch = spec->load.batch,
		.message = spec->load.message,
		.permits = (uint32_t)spec->load.permits,
		.read_share = strategy_read_share(spec->strategy, spec->load.read_share),
	};
}

static size_t tasks_end(unsigned int n_tasks)
{
	return round_up(sizeof(struct arena) + n_tasks * sizeof(struct task));
}

/* Whether there is more to a pass than the increments in it. */
static bool is_shaped(const struct race_spec *spec)
{
	return spec->load.critical_ns || spec->load.think_ns || spec->load.pace ||
	       spec->sample_every;
}

static size_t shapes_bytes(const struct race_spec *spec, unsigned int n_tasks)
{
	return is_shaped(spec) ? n_tasks * sizeof(struct race_shape) : 0;
}

static size_t object_bytes(const struct race_spec *spec, const struct race *race)
{
	return spec->strategy->object_size ? round_up(spec->strategy->object_size(race)) : 0;
}

static void *object_of(const struct race_spec *spec, struct arena *arena)
{
	return spec->object ? spec->object :
			      (char *)arena + tasks_end(arena->n_tasks) +
				      shapes_bytes(spec, arena->n_tasks);
}

int arena_map(const struct race_spec *spec, struct arena_memory *memory)
{
	struct race race = initial_race(spec);
	unsigned int n_tasks = task_count(spec);
	size_t object_size = object_bytes(spec, &race);
	size_t bytes =
		tasks_end(n_tasks) + shapes_bytes(spec, n_tasks) + (spec->object ? 0 : object_size);
	struct arena *arena =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (arena == MAP_FAILED)
		return -errno;
	arena->spec = spec;
	arena->n_tasks = n_tasks;
	arena->race = race;
	if (is_shaped(spec))
		arena->race.shapes = (void *)((char *)arena + tasks_end(n_tasks));
	arena->race.object = object_of(spec, arena);
	for (unsigned int i = 0; i < n_tasks; i++)
		arena->tasks[i].worker = (struct worker){ .race = &arena->race, .index = i };
	*memory = (struct arena_memory){
		.arena = arena,
		.bytes = bytes,
		.object = (uintptr_t)arena->race.object,
		.object_bytes = object_size,
		.n_tasks = n_tasks,
		.shapes = arena->race.shapes,
	};
	return 0;
}

void arena_unmap(const struct arena_memory *memory)
{
	munmap(memory->arena, memory->bytes);
}

void arena_fail(struct arena *arena, const char *format, ...)
{
	va_list args;

	if (__atomic_exchange_n(&arena->failed, 1, __ATOMIC_ACQ_REL) == 0) {
		va_start(args, format);
		vsnprintf(arena->reason, sizeof(arena->reason), format, args);
		va_end(args);
		/* The arena's process group, and nobody else: it ends every task at once. */
		kill(0, SIGKILL);
	}
	/* Another one failed first and is about to end us. */
	for (;;)
		pause();
}

/* Dies with the parent; one that died before is noticed by its pid. A change of user undoes it. */
static void die_with(struct arena *arena, pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		arena_fail(arena, "PR_SET_PDEATHSIG: %s", strerror(errno));
	if (getppid() != parent)
		kill(0, SIGKILL);
}

struct thread_start {
	struct arena *arena;
	unsigned int index;
};

static void *thread_main(void *argument)
{
	struct thread_start *start = argument;

	task_main(start->arena, start->index);
	return NULL;
}

static void spawn_threads(struct arena *arena, pthread_t *threads, struct thread_start *starts)
{
	char name[32];

	for (unsigned int i = 0; i < arena->n_tasks; i++) {
		int err;

		starts[i] = (struct thread_start){ .arena = arena, .index = i };
		err = pthread_create(&threads[i], NULL, thread_main, &starts[i]);
		if (err)
			arena_fail(arena, "no thread for %s: %s (ulimit -u, -v?)",
				   task_name(arena, i, name), strerror(err));
	}
}

static void spawn_processes(struct arena *arena, pid_t *pids)
{
	pid_t parent = getpid();
	char name[32];

	for (unsigned int i = 0; i < arena->n_tasks; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			arena_fail(arena, "no process for %s: %s%s", task_name(arena, i, name),
				   strerror(errno), limit_hint(errno));
		if (pids[i] == 0) {
			die_with(arena, parent);
			task_main(arena, i);
			_exit(EXIT_SUCCESS);
		}
	}
}

static unsigned int index_of(const struct arena *arena, const pid_t *pids, pid_t pid)
{
	unsigned int i = 0;

	while (i < arena->n_tasks && pids[i] != pid)
		i++;
	return i;
}

/* A worker process ended: fails the race unless it ended well. */
static void check_ended(struct arena *arena, const pid_t *pids, pid_t pid, int status)
{
	char name[32];

	task_name(arena, index_of(arena, pids, pid), name);
	if (WIFSIGNALED(status))
		arena_fail(arena, "%s was killed by SIG%s", name, sigabbrev_np(WTERMSIG(status)));
	if (WEXITSTATUS(status) != 0)
		arena_fail(arena, "%s exited with status %d", name, WEXITSTATUS(status));
}

/* Reaps worker processes that have ended; with `flags` 0 waits for one first. Returns how many. */
static unsigned int reap(struct arena *arena, const pid_t *pids, int flags)
{
	unsigned int n = 0;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, flags)) > 0) {
		check_ended(arena, pids, pid, status);
		n++;
	}
	return n;
}

/*
 * Waits for `fd` to become readable until the clock shows until_ns (0: without end). Worker
 * processes that die meanwhile fail the race.
 */
static void wait_watching(struct arena *arena, const pid_t *pids, int children, int fd,
			  uint64_t until_ns)
{
	struct pollfd polled[] = { { .fd = fd, .events = POLLIN },
				   { .fd = children, .events = POLLIN } };
	struct signalfd_siginfo drained;

	for (;;) {
		uint64_t now = clock_now_ns();
		struct timespec left = clock_timespec(until_ns > now ? until_ns - now : 0);

		if (until_ns && until_ns <= now)
			return;
		if (ppoll(polled, 2, until_ns ? &left : NULL, NULL) < 0 && errno != EINTR)
			arena_fail(arena, "ppoll: %s", strerror(errno));
		if (polled[0].revents)
			return;
		if (polled[1].revents && read(children, &drained, sizeof(drained)) > 0)
			reap(arena, pids, WNOHANG);
	}
}

/* A descriptor that is readable once a child process has ended. */
static int watch_children(struct arena *arena)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		arena_fail(arena, "signalfd: %s", strerror(errno));
	return fd;
}

/* From the moment all tasks exist to the moment they are told to stop. */
static void supervise(struct arena *arena, const pid_t *pids, int children)
{
	wait_watching(arena, pids, children, arena->bell, 0);
	if (arena->spec->duration_ns == 0)
		return;
	wait_watching(arena, pids, children, -1,
		      start_appointed_ns(&arena->start) + arena->spec->duration_ns);
	__atomic_store_n(&arena->race.stop, true, __ATOMIC_RELAXED);
}

static void race_threads(struct arena *arena, int children)
{
	pthread_t *threads = calloc(arena->n_tasks, sizeof(*threads));
	struct thread_start *starts = calloc(arena->n_tasks, sizeof(*starts));

	if (!threads || !starts)
		arena_fail(arena, "no memory for %u threads", arena->n_tasks);
	spawn_threads(arena, threads, starts);
	supervise(arena, NULL, children);
	for (unsigned int i = 0; i < arena->n_tasks; i++)
		pthread_join(threads[i], NULL);
	free(starts);
	free(threads);
}

static void race_processes(struct arena *arena, int children)
{
	pid_t *pids = calloc(arena->n_tasks, sizeof(*pids));

	if (!pids)
		arena_fail(arena, "no memory for %u processes", arena->n_tasks);
	spawn_processes(arena, pids);
	supervise(arena, pids, children);
	reap(arena, pids, 0);
	free(pids);
}

/* Only root can keep root, and nobody keeps less than that. */
static int drop_rights(const struct arena *arena)
{
	return arena->spec->keep_root && geteuid() == 0 ? 0 : privilege_narrow(PRIVILEGE_NONE);
}

/* The parent holds interruptions back. To the tasks they may come as to anybody. */
static void allow_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Descriptors of the parent (maps of the probe, the session file) are none of the race's. */
static void enter(struct arena *arena, int gate, pid_t parent)
{
	char byte;
	int err;

	die_with(arena, parent);
	if (read(gate, &byte, 1) != 1)
		_exit(EXIT_FAILURE);
	if (close_range(3, ~0U, 0))
		arena_fail(arena, "close_range: %s", strerror(errno));
	err = drop_rights(arena);
	if (err)
		arena_fail(arena, "root cannot be dropped: %s (--keep-root?)", strerror(-err));
	die_with(arena, parent);
	/* Who had other rights once is not shown, unless it says so. */
	if (arena->spec->shows_tasks && prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
		arena_fail(arena, "PR_SET_DUMPABLE: %s", strerror(errno));
	allow_signals();
	signal(SIGPIPE, SIG_IGN);
	arena->bell = eventfd(0, EFD_CLOEXEC);
	if (arena->bell < 0)
		arena_fail(arena, "eventfd: %s", strerror(errno));
}

void arena_main(struct arena *arena, int gate, pid_t parent)
{
	const struct strategy *strategy = arena->spec->strategy;
	int children;
	int err;

	enter(arena, gate, parent);
	children = watch_children(arena);
	err = strategy->setup ? strategy->setup(&arena->race) : 0;
	if (err)
		arena_fail(arena, "set-up failed: %s%s", strerror(-err), limit_hint(-err));
	if (arena->spec->mode == MODE_PROCESSES)
		race_processes(arena, children);
	else
		race_threads(arena, children);
	if (strategy->teardown)
		strategy->teardown(&arena->race);
	__atomic_store_n(&arena->complete, true, __ATOMIC_RELEASE);
	_exit(EXIT_SUCCESS);
}
