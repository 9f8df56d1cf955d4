/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program's system calls, counted by the probe and by `strace -c -f`: the same names, counts and
 * errors, from its execve on. The program is this one, called with an argument; it has a thread and
 * a child, and calls that fail.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/traced_main.h"
#include "session/call_totals.h"
#include "strategy/registry.h"

#define NONSENSE 2 /* calls of a number that is none: strace leaves them out of its table */

/* ---- The program ---- */

/* The join must find the thread alive, or it would not have to call the kernel. */
static void *run_thread(void *argument)
{
	const struct timespec long_enough = { .tv_nsec = 100000000 };

	for (int i = 0; i < 23; i++)
		syscall(SYS_gettid);
	nanosleep(&long_enough, NULL);
	return argument;
}

static int run_child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		for (int i = 0; i < 50; i++)
			syscall(SYS_getppid);
		_exit(EXIT_SUCCESS);
	}
	return pid > 0 && waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

static void make_calls(void)
{
	const struct timespec brief = { .tv_nsec = 1000000 };
	uint32_t word = 0;
	char byte = 0;
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	for (int i = 0; i < 1000; i++)
		syscall(SYS_getppid);
	for (int i = 0; i < 300; i++)
		(void)!write(fd, &byte, 1);
	for (int i = 0; i < 7; i++)
		(void)!write(-1, &byte, 1);
	for (int i = 0; i < 5; i++)
		(void)!open("/nowhere/at/all", O_RDONLY | O_CLOEXEC);
	for (int i = 0; i < 11; i++)
		syscall(SYS_futex, &word, FUTEX_WAIT, 1, NULL);
	for (int i = 0; i < 13; i++)
		syscall(SYS_futex, &word, FUTEX_WAKE, 1);
	for (int i = 0; i < 3; i++)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &brief, NULL);
	for (int i = 0; i < NONSENSE; i++)
		syscall(9999);
}

static int be_the_program(void)
{
	pthread_t thread;

	make_calls();
	if (run_child() || pthread_create(&thread, NULL, run_thread, NULL) ||
	    pthread_join(thread, NULL))
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}

/* ---- The test ---- */

static char own_path[4096];

/* The child shares our memory until it becomes the program, and so makes no call before. */
static int run_program(struct worker *worker)
{
	char *const arguments[] = { own_path, (char *)"program", NULL };
	int status = -1;
	pid_t pid = vfork();

	if (pid == 0) {
		execve(own_path, arguments, environ);
		_exit(EXIT_FAILURE);
	}
	worker->done = 1;
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return status == 0 ? 0 : -EPROTO;
}

static const struct strategy strategy = {
	.name = "program",
	.modes = IN_PROCESSES,
	.work = run_program,
};

/* Of every task but the worker itself: the whole lives of the program's. */
static void add_up(struct probe *probe, const struct race_outcome *outcome,
		   struct call_totals *totals)
{
	static const struct tb_calls nothing;
	unsigned int n_slots;
	const struct tb_slot *slots = probe_slots(probe, &n_slots);

	for (unsigned int i = 0; i < n_slots; i++)
		if (slots[i].tid && slots[i].tid != (uint32_t)outcome->tasks[0].tid)
			call_totals_add(totals, &nothing, &slots[i].calls, 0);
}

struct counted {
	char name[64];
	uint64_t count;
	uint64_t errors;
};

/* A line of strace's table: % time, seconds, usecs/call, calls, errors if any, name. */
static bool read_line(const char *line, struct counted *call)
{
	double percent, seconds;
	unsigned long each;

	*call = (struct counted){ 0 };
	if (sscanf(line, " %lf %lf %lu %" SCNu64 " %" SCNu64 " %63s", &percent, &seconds, &each,
		   &call->count, &call->errors, call->name) == 6)
		return true;
	call->errors = 0;
	return sscanf(line, " %lf %lf %lu %" SCNu64 " %63s", &percent, &seconds, &each,
		      &call->count, call->name) == 5;
}

/* Takes out of the totals what strace counted, too; complains where they differ. */
static void compare(struct call_totals *totals, const struct counted *call)
{
	for (uint64_t number = 0; number < TB_SYSCALL_NUMBERS; number++) {
		struct tb_syscall *ours = &totals->syscalls[number];
		char *name = ours->count ? syscall_name(number) : NULL;
		bool is_it = name && strcmp(name, call->name) == 0;

		free(name);
		if (!is_it)
			continue;
		tap_equal(ours->count, call->count, "as many calls of %s", call->name);
		tap_equal(ours->errors, call->errors, "as many errors of %s", call->name);
		*ours = (struct tb_syscall){ 0 };
		return;
	}
	tap_ok(false, "%s was counted by the probe as well", call->name);
}

static void compare_with_strace(struct call_totals *totals)
{
	char command[sizeof(own_path) + 64], line[256];
	struct counted call;
	FILE *table;
	int calls = 0;

	snprintf(command, sizeof(command), "strace -c -f -o /dev/stdout '%s' program", own_path);
	table = popen(command, "r");
	while (table && fgets(line, sizeof(line), table)) {
		if (!read_line(line, &call) || !strcmp(call.name, "total"))
			continue;
		calls++;
		compare(totals, &call);
	}
	tap_ok(table && pclose(table) == 0 && calls > 10, "strace ran, and counted %d calls",
	       calls);
}

static void check(struct probe *probe)
{
	struct race_spec spec = traced_spec(&strategy, MODE_PROCESSES, false);
	struct call_totals totals = { 0 };
	struct race_outcome outcome;

	spec.workers = 1;
	spec.duration_ns = 0;
	spec.iterations = 1;
	spec.keep_root = true;
	traced_run_at(probe, LEVEL_CALLS, &spec, &outcome);
	add_up(probe, &outcome, &totals);
	tap_ok(traced_nothing_lost(&outcome), "nothing is lost");
	compare_with_strace(&totals);
	tap_equal(totals.syscalls[TB_SYSCALL_UNKNOWN].count, NONSENSE, "nonsense is counted apart");
	tap_equal(totals.syscalls[TB_SYSCALL_UNKNOWN].errors, NONSENSE, "and fails");
	for (uint64_t number = 0; number < TB_SYSCALL_UNKNOWN; number++)
		if (totals.syscalls[number].count)
			tap_ok(false, "strace saw call %" PRIu64 " as well", number);
	race_outcome_free(&outcome);
}

int main(int argc, char **argv)
{
	struct probe *probe;
	const char *why;

	if (argc > 1 && !strcmp(argv[1], "program"))
		return be_the_program();
	if (readlink("/proc/self/exe", own_path, sizeof(own_path) - 1) < 0)
		return EXIT_FAILURE;
	probe = traced_probe((struct probe_options){ 0 }, &why);
	if (!probe) {
		tap_skip("bpf: %s", why);
		return tap_done();
	}
	check(probe);
	probe_free(probe);
	return tap_done();
}
