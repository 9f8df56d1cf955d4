/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing is believed that is not reconciled: the probe's counts beside those of other sources. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/way.h"
#include "session/merge.h"
#include "session/number.h"

#define CPU_CLOCK_TOLERANCE 0.05
/* A difference below this share is not worth a reader's time. */
#define WORTH_A_NOTE 0.001

static double difference(int64_t a, int64_t b)
{
	if (a == b)
		return 0;
	return b ? fabs((double)(a - b) / (double)b) : INFINITY;
}

/* Fills what all checks have. */
static int fill(struct check *check, const char *what, uint64_t bpf, uint64_t other,
		const char *source, double tolerance)
{
	int err = merge_text(&check->what, what);

	check->bpf = (int64_t)bpf;
	check->other = (int64_t)other;
	check->tolerance = tolerance;
	check->agrees = difference(check->bpf, check->other) <= tolerance;
	check->decides = true;
	return err ? err : merge_text(&check->source, source);
}

/* Exact, task by task: errors of two tasks must not cancel out. */
static int check_switches(struct check *check, const char *what, uint64_t bpf, uint64_t rusage,
			  uint64_t tasks, uint64_t tasks_agree)
{
	int err = fill(check, what, bpf, rusage, "getrusage", 0);

	check->tasks = (int64_t)tasks;
	check->tasks_agree = (int64_t)tasks_agree;
	check->agrees = tasks_agree == tasks;
	return err;
}

/* Task by task as well. */
static int check_time(struct check *check, const struct traced *traced, const struct counts *total)
{
	uint64_t accounted = total->wall_ns - (uint64_t)counts_unaccounted_ns(total);
	int err = fill(check, "accounted time", accounted, total->wall_ns, "CLOCK_MONOTONIC",
		       COUNTS_TOLERANCE);

	check->tasks = (int64_t)traced->windows;
	check->tasks_agree = (int64_t)traced->accounted;
	check->agrees = traced->accounted == traced->windows;
	return err;
}

/* Why the CPU clock shows another time than the switches. Neither is wrong about what it says. */
static int explain_cpu_clock(struct check *check, const struct counts *total)
{
	double difference_ns = (double)(check->other - check->bpf);
	double switches = (double)(total->voluntary + total->involuntary);
	char all[NUMBER_TEXT], each[NUMBER_TEXT];
	const char *all_unit, *each_unit;
	char note[256];

	if (difference(check->bpf, check->other) < WORTH_A_NOTE)
		return 0;
	number_time(all, fabs(difference_ns), &all_unit);
	number_time(each, fabs(difference_ns) / switches, &each_unit);
	if (difference_ns > 0 && switches >= 1)
		snprintf(
			note, sizeof(note),
			"the CPU clock shows %s %s more, %s %s a switch: it charges a task from the "
			"scheduler's last clock reading on, which may come before an idle CPU was "
			"woken to run it",
			all, all_unit, each, each_unit);
	else if (difference_ns > 0)
		snprintf(note, sizeof(note), "the CPU clock shows %s %s more, without a switch",
			 all, all_unit);
	else
		snprintf(
			note, sizeof(note),
			"the CPU clock shows %s %s less: the scheduler's clock leaves out what the "
			"hypervisor takes",
			all, all_unit);
	return merge_text(&check->note, note);
}

static int check_cpu_clock(struct check *check, const struct counts *total)
{
	int err = fill(check, "on-CPU time", total->on_cpu_ns, total->cpu_clock_ns,
		       "CLOCK_THREAD_CPUTIME_ID", CPU_CLOCK_TOLERANCE);

	check->decides = false;
	return err ? err : explain_cpu_clock(check, total);
}

/*
 * Both counts are the probe's own, of two tracepoints: those told apart by name, and lost, at the
 * return, and all that were entered. Task by task: what was seen to begin must be seen to end.
 */
static int check_calls(struct check *check, const struct traced *traced, const struct counts *total)
{
	uint64_t told = total->lost[TB_LOST_CALLS];
	int err;

	for (int i = 0; i < TB_SYSCALL_NUMBERS; i++)
		told += traced->calls.syscalls[i].count;
	err = fill(check, "system calls", told, traced->calls.entered, "sys_enter", 0);

	check->tasks = (int64_t)traced->windows;
	check->tasks_agree = (int64_t)traced->calls.windows_agree;
	check->agrees = check->agrees && traced->calls.windows_agree == traced->windows;
	return err;
}

/*
 * A task that runs at both ends of its window got the CPU as often as it left it, which the kernel
 * counts on its own. Task by task.
 */
static int check_switch_ins(struct check *check, const struct traced *traced,
			    const struct counts *total)
{
	int err = fill(check, "switch-ins", counts_switch_ins(total),
		       total->rusage_voluntary + total->rusage_involuntary, "getrusage", 0);

	check->tasks = (int64_t)traced->windows;
	check->tasks_agree = (int64_t)traced->ins_agree;
	check->agrees = traced->ins_agree == traced->windows;
	return err;
}

/*
 * Both are the probe's own: nobody gets the CPU who was not woken or preempted before. Where wake-ups
 * are left to the scheduler's account, they are known from the switch-ins themselves.
 */
static int check_ready(struct check *check, const struct traced *traced, const struct counts *total)
{
	int err = fill(check, "switch-ins made ready", counts_switch_ins(total),
		       counts_ready(total), "wake-ups and preemptions", 0);

	check->tasks = (int64_t)traced->windows;
	check->tasks_agree = (int64_t)traced->ready_agree;
	check->agrees = traced->ready_agree == traced->windows;
	return err;
}

static int note_lost(struct check *check)
{
	char note[128];

	if (check->agrees)
		return 0;
	snprintf(note, sizeof(note),
		 "%" PRId64 " of them are in no row: there was no room left for one, or it was a "
		 "sleep on several words at once",
		 check->other - check->bpf);
	return merge_text(&check->note, note);
}

/* What the rows of a table add up to, beside the sum that the slots keep. */
static int check_rows(struct check *check, const char *what, uint64_t rows, uint64_t slots)
{
	int err = fill(check, what, rows, slots, "the sum over tasks", 0);

	check->decides = false;
	return err ? err : note_lost(check);
}

static int check_locks(struct check *check, const struct traced *traced, const struct counts *total)
{
	uint64_t rows = 0;

	for (size_t i = 0; i < traced->waits.n_futexes; i++)
		rows += traced->waits.futexes[i].slept;
	return check_rows(check, "futex sleeps by word", rows, total->slept[TB_FUTEX]);
}

static int check_edges(struct check *check, const struct traced *traced, const struct counts *total)
{
	uint64_t rows = 0;

	for (size_t i = 0; i < traced->waits.n_edges; i++)
		rows += traced->waits.edges[i].sum.count;
	return check_rows(check, "wake-ups by waker", rows, total->wakeups);
}

/*
 * By the programs at the return of the futex functions, and by the tracepoint behind them, task by
 * task. If that found no room for the name, they differ: the table is short, and the loss is shown.
 */
static int check_futex(struct check *check, const struct traced *traced)
{
	const struct call_totals *calls = &traced->calls;
	int err = fill(check, "futex calls", call_totals_futex_told(calls),
		       call_totals_futex_named(calls), "sys_exit", 0);

	check->tasks = (int64_t)traced->windows;
	check->tasks_agree = (int64_t)calls->futex_agree;
	check->agrees = calls->futex_agree == traced->windows;
	return err;
}

/* Also of those that found no room: they are counted at a row of their own. Returns 0 or -ENOMEM. */
static int check_stacks(const struct traced *traced, const struct counts *total,
			struct check *checks)
{
	static const char sums[] = "the sum over tasks";
	struct stack_total sleeps = stack_sums_total(&traced->stacks, TB_PLACE_SLEEP);
	struct stack_total wakers = stack_sums_total(&traced->stacks, TB_PLACE_WAKER);
	uint64_t blocked_ns = 0;
	int err;

	for (int i = 0; i < TB_REASONS; i++)
		blocked_ns += total->blocked_ns[i];
	err = fill(&checks[0], "sleeps by stack", sleeps.count, total->wakeups, sums, 0);
	if (!err)
		err = fill(&checks[1], "blocked time by stack", sleeps.ns, blocked_ns, sums, 0);
	if (!err)
		err = fill(&checks[2], "wake-ups by waker's stack", wakers.count, total->wakeups,
			   sums, 0);
	for (int i = 0; i < 3; i++)
		checks[i].decides = false;
	return err;
}

/* `check`: the first of them. */
static int check_level(enum level level, const struct traced *traced, const struct counts *total,
		       struct check *check)
{
	switch (level) {
	case LEVEL_CALLS:
		return check_calls(check, traced, total);
	case LEVEL_WAKERS:
		return check_edges(check, traced, total);
	case LEVEL_STACKS:
		return check_stacks(traced, total, check);
	default:
		return check_locks(check, traced, total);
	}
}

static int check_all(enum level level, unsigned int ways, const struct traced *traced,
		     const struct counts *total, struct check *checks)
{
	int err = check_switches(&checks[0], "voluntary switches", total->voluntary,
				 total->rusage_voluntary, traced->windows, traced->voluntary_agree);

	if (!err)
		err = check_switches(&checks[1], "involuntary switches", total->involuntary,
				     total->rusage_involuntary, traced->windows,
				     traced->involuntary_agree);
	if (!err)
		err = check_time(&checks[2], traced, total);
	if (!err)
		err = check_cpu_clock(&checks[3], total);
	if (!err)
		err = check_switch_ins(&checks[4], traced, total);
	if (!err)
		err = check_ready(&checks[5], traced, total);
	if (!err)
		err = check_level(level, traced, total, &checks[6]);
	if (!err && level == LEVEL_CALLS && ways & WAY_FUTEX_FEXIT)
		err = check_futex(&checks[7], traced);
	return err;
}

/* See check_all(). */
static size_t count_checks(enum level level, unsigned int ways)
{
	if (level == LEVEL_STACKS)
		return 9;
	return level == LEVEL_CALLS && ways & WAY_FUTEX_FEXIT ? 8 : 7;
}

int reconcile(enum level level, unsigned int ways, const struct traced *traced,
	      const struct counts *total, struct reconciled *reconciled)
{
	size_t n_checks = count_checks(level, ways);
	int err;

	reconciled->checks = calloc(n_checks, sizeof(*reconciled->checks));
	if (!reconciled->checks)
		return -ENOMEM;
	reconciled->n_checks = n_checks;
	for (size_t i = 0; i < n_checks; i++) {
		reconciled->checks[i].tasks = NO_INT;
		reconciled->checks[i].tasks_agree = NO_INT;
	}
	err = check_all(level, ways, traced, total, reconciled->checks);
	reconciled->ok = true;
	for (size_t i = 0; i < n_checks; i++)
		if (reconciled->checks[i].decides && !reconciled->checks[i].agrees)
			reconciled->ok = false;
	return err;
}
