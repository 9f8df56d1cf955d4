/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/spawn_work.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hint.h"

/* For tasks that have ended to leave the CPU for the last time. */
#define DEATH_NS NS_PER_S

/* ---- What the children used up ---- */

static uint64_t cpu_ns_of(const struct rusage *usage)
{
	return ((uint64_t)usage->ru_utime.tv_sec + (uint64_t)usage->ru_stime.tv_sec) * NS_PER_S +
	       ((uint64_t)usage->ru_utime.tv_usec + (uint64_t)usage->ru_stime.tv_usec) * NS_PER_US;
}

static struct spawn_use use_of(const struct rusage *usage)
{
	return (struct spawn_use){
		.cpu_ns = cpu_ns_of(usage),
		.minor_faults = (uint64_t)usage->ru_minflt,
		.major_faults = (uint64_t)usage->ru_majflt,
		.voluntary = (uint64_t)usage->ru_nvcsw,
		.involuntary = (uint64_t)usage->ru_nivcsw,
	};
}

static struct spawn_use difference(const struct spawn_use *from, const struct spawn_use *to)
{
	return (struct spawn_use){
		.cpu_ns = to->cpu_ns - from->cpu_ns,
		.minor_faults = to->minor_faults - from->minor_faults,
		.major_faults = to->major_faults - from->major_faults,
		.voluntary = to->voluntary - from->voluntary,
		.involuntary = to->involuntary - from->involuntary,
	};
}

static struct spawn_use used_by_processes(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return use_of(&usage);
}

/* The process without this thread. Read again when this thread was switched meanwhile. */
static struct spawn_use used_by_threads(void)
{
	struct rusage process, thread, again;
	struct spawn_use all, own, threads;

	do {
		getrusage(RUSAGE_THREAD, &thread);
		getrusage(RUSAGE_SELF, &process);
		getrusage(RUSAGE_THREAD, &again);
	} while (thread.ru_nvcsw != again.ru_nvcsw || thread.ru_nivcsw != again.ru_nivcsw);
	all = use_of(&process);
	own = use_of(&again);
	threads = difference(&own, &all);
	threads.cpu_ns =
		clock_read_ns(CLOCK_PROCESS_CPUTIME_ID) - clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
	return threads;
}

static struct spawn_use used(const struct spawn_method *method)
{
	return method->makes == MAKES_THREAD ? used_by_threads() : used_by_processes();
}

/* ---- The work ---- */

__attribute__((format(printf, 2, 3))) static int fail(struct spawn_memory *memory,
						      const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(memory->failure, sizeof(memory->failure), format, args);
	va_end(args);
	return -ECHILD;
}

static int judge(struct spawn_memory *memory, int status)
{
	const char *what = memory->method->makes == MAKES_PROGRAM ? memory->program : "a child";

	if (WIFEXITED(status) && WEXITSTATUS(status) == SPAWN_NOT_EXECUTED)
		return fail(memory, "%s cannot be executed, or exited with status %d", what,
			    SPAWN_NOT_EXECUTED);
	if (WIFSIGNALED(status))
		return fail(memory, "%s was killed by SIG%s", what, sigabbrev_np(WTERMSIG(status)));
	if (WEXITSTATUS(status) != 0)
		return fail(memory, "%s exited with status %d", what, WEXITSTATUS(status));
	return 0;
}

static int make_one(struct spawn_memory *memory, struct spawn_child *child)
{
	const struct spawn_method *method = memory->method;
	struct creation creation = { .program = memory->program, .pidfd = -1 };
	struct rusage usage = { 0 };
	uint64_t created_ns;
	int status = 0;
	int err;

	child->called_ns = clock_now_ns();
	err = method->create(&creation);
	created_ns = clock_now_ns();
	if (err)
		return fail(memory, "%s: %s%s", method->name, strerror(-err), limit_hint(-err));
	err = method->join(&creation, &status, &usage);
	if (err)
		return fail(memory, "cannot be waited for: %s", strerror(-err));
	memory->whole_ns += clock_now_ns() - child->called_ns;
	memory->create_ns += created_ns - child->called_ns;
	child->pid = creation.pid;
	child->voluntary = (uint64_t)usage.ru_nvcsw;
	child->involuntary = (uint64_t)usage.ru_nivcsw;
	return judge(memory, status);
}

/* With the rights that the spawner has, which are not those of who named the program. */
static int check_program(struct spawn_memory *memory)
{
	if (memory->method->makes != MAKES_PROGRAM ||
	    faccessat(AT_FDCWD, memory->program, X_OK, AT_EACCESS) == 0)
		return 0;
	return fail(memory, "%s cannot be executed: %s", memory->program, strerror(errno));
}

/* How many threads this process has, and 2. */
static nlink_t thread_links(void)
{
	struct stat tasks;

	return stat("/proc/self/task", &tasks) ? 0 : tasks.st_nlink;
}

/*
 * A thread that can be joined is not gone yet: what it used up is added to its process a little
 * later, when it is no longer one of its tasks.
 */
static void await_threads(nlink_t before)
{
	while (thread_links() > before)
		sched_yield();
}

static uint64_t resident_bytes(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)usage.ru_maxrss * 1024;
}

/* A program neither waits for what somebody types, nor writes where the results go. */
static int close_standard_streams(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		return -errno;
	close(null);
	return 0;
}

static void end_all(int signal)
{
	(void)signal;
	kill(0, SIGKILL);
}

/*
 * A child has no parent-death signal of its own, and one that hangs would outlive all others. So
 * the arena, instead of dying with its parent, then ends its process group.
 */
static int end_all_with_parent(void)
{
	const struct sigaction action = { .sa_handler = end_all };

	return sigaction(SIGRTMIN, &action, NULL) || prctl(PR_SET_PDEATHSIG, SIGRTMIN) ? -errno : 0;
}

static int set_up(struct race *race)
{
	int err = close_standard_streams();

	(void)race;
	return err ? err : end_all_with_parent();
}

static int make_all(struct worker *worker)
{
	struct spawn_memory *memory = worker->race->object;
	nlink_t links = thread_links();
	struct spawn_use before, after;
	int err = check_program(memory);

	before = used(memory->method);
	for (; !err && race_goes_on(worker->race, worker->done); worker->done += !err)
		err = make_one(memory, &memory->child[worker->done]);
	await_threads(links);
	after = used(memory->method);
	memory->children = difference(&before, &after);
	memory->resident_bytes = resident_bytes();
	return err;
}

/* ---- The end of all tasks ---- */

static bool is_dead(const volatile struct tb_slot *slot)
{
	return slot->tid == 0 || slot->state == TB_BLOCKED;
}

/*
 * A task that was waited for may still be on its way to its last switch, which is one of its own:
 * the probe stays until all have made it. In vain where a program leaves tasks behind.
 */
static void await_deaths(struct race *race)
{
	const struct spawn_memory *memory = race->object;
	const struct timespec moment = clock_timespec(50 * NS_PER_US);
	uint64_t deadline_ns = clock_now_ns() + DEATH_NS;

	for (unsigned int i = 0; memory->slots && i < memory->n_slots; i++)
		while (!is_dead(&memory->slots[i]) && clock_now_ns() < deadline_ns)
			nanosleep(&moment, NULL);
}

const struct strategy spawn_strategy = {
	.name = "spawn",
	.modes = IN_PROCESSES,
	.setup = set_up,
	.work = make_all,
	.teardown = await_deaths,
};
