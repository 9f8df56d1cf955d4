/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who takes the CPU of a task that could have run on: a neighbour is known by its pid and name,
 * however hostile that is, and every involuntary switch is somebody's.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/traced_main.h"
#include "session/traced.h"
#include "strategy/registry.h"

#define HOSTILE "\x80\xff\"'\n\033[1mhog"

/* include/linux/proc_ns.h: PROC_PID_INIT_INO */
#define FIRST_PID_NAMESPACE 0xEFFFFFFC

/*
 * Gives way over and over, which is no sleep: the kernel counts it as involuntary. So there are many,
 * and everybody on the CPU comes after one some time.
 */
static int yield(struct worker *worker)
{
	while (race_goes_on(worker->race, worker->done)) {
		worker->done++;
		sched_yield();
	}
	return 0;
}

static const struct strategy yielding = { .name = "yield", .modes = IN_BOTH, .work = yield };

/* With a name of its own for ever, or with ever another one. */
static _Noreturn void neighbour_main(int cpu, bool restless)
{
	cpu_set_t set;
	char name[TB_COMM];

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (sched_setaffinity(0, sizeof(set), &set))
		_exit(EXIT_FAILURE);
	prctl(PR_SET_NAME, HOSTILE);
	for (unsigned int i = 0;; i++) {
		if (!restless)
			continue;
		snprintf(name, sizeof(name), "hog %u", i);
		prctl(PR_SET_NAME, name);
	}
}

static pid_t start_neighbour(int cpu, bool restless)
{
	pid_t pid = fork();

	if (pid == 0)
		neighbour_main(cpu, restless);
	return pid;
}

static void stop_neighbour(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static struct traced race_beside(struct probe *probe, enum mode mode, bool restless, pid_t *pid,
				 struct counts *total)
{
	struct race_spec spec = traced_spec(&yielding, mode, true);
	const struct found nothing = { 0 };
	struct race_outcome outcome;
	struct traced traced;

	spec.duration_ns = 400 * NS_PER_MS;
	*pid = start_neighbour(spec.cpus[0], restless);
	traced_run(probe, &spec, &outcome);
	stop_neighbour(*pid);
	if (traced_init(&traced, outcome.n_tasks) ||
	    traced_add(&traced, &outcome, spec.workers, &nothing, 1))
		exit(EXIT_FAILURE);
	*total = traced_total(&outcome);
	tap_ok(traced_switches_agree(&outcome), "switches equal getrusage's");
	race_outcome_free(&outcome);
	return traced;
}

static uint64_t by_neighbours(const struct traced *traced, const struct counts *total)
{
	uint64_t sum = total->preempted_by_others;

	for (size_t i = 0; i < traced->n_preemptors; i++)
		sum += traced->preemptors[i].count;
	return sum;
}

static const struct preemptor_sum *find(const struct traced *traced, const char *comm)
{
	for (size_t i = 0; i < traced->n_preemptors; i++)
		if (strncmp(traced->preemptors[i].comm, comm, TB_COMM) == 0)
			return &traced->preemptors[i];
	return NULL;
}

/* The probe knows pids by the first namespace; in another one it has no way to be compared. */
static void check_pid(const struct preemptor_sum *hog, pid_t pid)
{
	struct stat namespace;

	if (stat("/proc/self/ns/pid", &namespace) || namespace.st_ino != FIRST_PID_NAMESPACE)
		tap_skip("its pid: not in the first pid namespace");
	else
		tap_equal(hog->pid, (uint64_t)pid, "and its pid");
}

static void check_named(struct probe *probe, enum mode mode)
{
	const struct preemptor_sum *hog;
	struct counts total;
	struct traced traced;
	pid_t pid;

	traced = race_beside(probe, mode, false, &pid, &total);
	hog = find(&traced, HOSTILE);
	tap_ok(hog && hog->count > 0, "%s: the neighbour is known by its name", mode_name(mode));
	if (hog)
		check_pid(hog, pid);
	tap_equal(by_neighbours(&traced, &total) + total.preempted_by_race +
			  total.preempted_by_idle,
		  total.involuntary, "every involuntary switch is somebody's");
	traced_free(&traced);
}

static void check_overflow(struct probe *probe, enum mode mode)
{
	struct counts total;
	struct traced traced;
	pid_t pid;

	traced = race_beside(probe, mode, true, &pid, &total);
	/* They come one a time slice: whether they are too many is a matter of time. */
	tap_time(total.preempted_by_others > 0, "%s: neighbours without room are counted together",
		 mode_name(mode));
	tap_equal(by_neighbours(&traced, &total) + total.preempted_by_race +
			  total.preempted_by_idle,
		  total.involuntary, "and still every involuntary switch is somebody's");
	traced_free(&traced);
}

/* Two that give way to each other. */
static void check_own(struct probe *probe, enum mode mode)
{
	struct race_spec spec = traced_spec(&yielding, mode, true);
	struct race_outcome outcome;
	struct counts total;

	traced_run(probe, &spec, &outcome);
	total = traced_total(&outcome);
	tap_ok(total.preempted_by_race > 0, "%s: the other worker is no neighbour",
	       mode_name(mode));
	race_outcome_free(&outcome);
}

static void check(struct probe *probe, enum mode mode)
{
	check_own(probe, mode);
	check_named(probe, mode);
	check_overflow(probe, mode);
}

int main(void)
{
	return traced_main(check);
}
