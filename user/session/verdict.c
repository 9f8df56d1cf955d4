/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/verdict.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/derive.h"
#include "session/sentence.h"

/* A part of the budget below this many percent does not explain anything. */
#define WORTH_SAYING 10

/* So few sleeps per thousand increments do not make the cost. */
#define FEW_SLEEPS 100

/* What is rarer per thousand increments is counted by the repeat: 0.000010 does not read as once. */
#define RARE 0.001

/* A named part of the budget. */
struct part {
	const char *figure;
	const char *words;
	double ns;
};

#define PARTS 13

static void say_lost(struct sentence *s, const struct result *result)
{
	const struct counter *counter = &result->counter;
	double percent = derive_percent((double)counter->lost, derive_real(counter->expected));

	if (counter->promises_exact)
		say(s, "BROKEN: promises an exact counter, and ");
	if (counter->lost < 0) {
		say(s, "counted ");
		say_count(s, "lost", -counter->lost);
		say(s, " increments that nobody made");
		return;
	}
	say(s, "lost ");
	if (isfinite(percent)) {
		say_percent(s, "lost_percent", percent);
		say(s, " of its increments (");
		say_count(s, "lost", counter->lost);
		say(s, " of ");
		say_count(s, "expected", counter->expected);
		say(s, ")");
	} else {
		say_count(s, "lost", counter->lost);
		say(s, " increments");
	}
	if (counter->promises_exact || result->workers == 1)
		return;
	if (result->permits != NO_INT && result->permits > 1)
		say(s, ": more than one permit lets in more than one worker, and");
	else
		say(s, ": an increment is read, modify, write;");
	say(s, " two workers read the same value and wrote it back");
}

/* What getrusage and the CPU clock can tell without the kernel's view. */
static void say_untraced(struct sentence *s, const struct result *result, bool traced)
{
	double switches = derive_untraced_switches_per_kop(result);
	double busy = result->time.cpu_ns_per_op.median / result->time.ns_per_op.median;

	if (isfinite(switches)) {
		say_value(s, "untraced_switches_per_kop", switches);
		say(s, " switches per thousand increments by getrusage");
	}
	if (isfinite(busy)) {
		say(s, isfinite(switches) ? ", CPU time for " : "CPU time for ");
		say_value(s, "cpus_busy", busy);
		say(s, " CPUs");
	}
	if (!isfinite(switches) && !isfinite(busy))
		say(s, "where the time went is not known");
	if (!traced)
		say(s, "; not traced");
}

static void budget_parts(const struct budget *budget, struct part parts[PARTS])
{
	const struct blocked *b = &budget->blocked;
	const struct part all[PARTS] = {
		{ "on_cpu_percent", "on the CPU", derive_real(budget->on_cpu) },
		{ "run_queue_percent", "in the run queue", derive_real(budget->run_queue) },
		{ "futex_percent", "asleep on futexes", derive_real(b->futex) },
		{ "pipe_percent", "asleep on pipes", derive_real(b->pipe) },
		{ "eventfd_percent", "asleep on eventfds", derive_real(b->eventfd) },
		{ "socket_percent", "asleep on sockets", derive_real(b->socket) },
		{ "mqueue_percent", "asleep on message queues", derive_real(b->mqueue) },
		{ "sysv_percent", "asleep in System V calls", derive_real(b->sysv) },
		{ "io_uring_percent", "asleep in io_uring", derive_real(b->io_uring) },
		{ "kernel_lock_percent", "asleep on kernel locks", derive_real(b->kernel_lock) },
		{ "sleep_percent", "in timed sleeps", derive_real(b->sleep) },
		{ "page_fault_percent", "asleep in page faults", derive_real(b->page_fault) },
		{ "other_percent", "asleep for other reasons", derive_real(b->other) },
	};

	memcpy(parts, all, sizeof(all));
}

static int longest_first(const void *a, const void *b)
{
	double left = ((const struct part *)a)->ns, right = ((const struct part *)b)->ns;

	return (left < right || isnan(left)) - (left > right || isnan(right));
}

/* How a count is told: per thousand increments, or per repeat. */
struct rate {
	double scale; /* times the count */
	const char *unit; /* at the end of the figure's name */
	const char *words;
};

static struct rate rate_of(double count, int64_t ops, int64_t repeats)
{
	double per_kop = derive_per_kop(count, derive_real(ops));

	if (per_kop > 0 && per_kop < RARE && repeats > 0)
		return (struct rate){ 1 / derive_real(repeats), "repeat", "a repeat" };
	return (struct rate){ 1000 / derive_real(ops), "kop", "per thousand increments" };
}

static void say_rate(struct sentence *s, const char *what, const struct rate *rate, double count)
{
	char name[64];

	snprintf(name, sizeof(name), "%s_per_%s", what, rate->unit);
	say_value(s, name, count * rate->scale);
}

static void say_sleeps(struct sentence *s, const struct sleeps *sleeps, const struct part *top)
{
	bool futex = !strcmp(top->figure, "futex_percent") && sleeps->futex.slept != NO_INT &&
		     sleeps->futex.slept > 0;
	double slept = derive_real(futex ? sleeps->futex.slept : sleeps->switches.voluntary);
	double wait_ns = futex ? derive_real(sleeps->futex.wait_ns) :
				 derive_blocked_ns(&sleeps->budget.blocked);
	double per_kop = derive_per_kop(slept, derive_real(sleeps->ops));
	struct rate rate = rate_of(slept, sleeps->ops, sleeps->repeats);
	bool few;

	if (!isfinite(per_kop))
		return;
	if (slept == 0) {
		say(s, ", never asleep");
		return;
	}
	few = per_kop < FEW_SLEEPS && !strcmp(top->figure, "on_cpu_percent");
	say(s, few ? ", with only " : ", with ");
	say_rate(s, futex ? "futex_sleeps" : "sleeps", &rate, slept);
	say(s, futex ? " futex sleeps " : " sleeps ");
	if (isfinite(wait_ns)) {
		say(s, "(");
		say_time(s, futex ? "mean_futex_sleep" : "mean_sleep", wait_ns / slept);
		say(s, " each) ");
	}
	say(s, rate.words);
}

/* The share of their time that all tasks of a role were blocked, or of all other roles. */
static double role_blocked_percent(const struct sleeps *sleeps, const char *role, bool other)
{
	double blocked = 0, total = 0;
	size_t i;

	for (i = 0; i < sleeps->n_per_worker; i++) {
		const struct task_view *task = &sleeps->per_worker[i];

		if (!task->role || !strcmp(task->role, role) == other)
			continue;
		blocked += derive_real(task->blocked_ns);
		total += derive_real(task->on_cpu_ns) + derive_real(task->run_queue_ns) +
			 derive_real(task->blocked_ns);
	}
	return derive_percent(blocked, total);
}

static void say_who_waited(struct sentence *s, const struct sleeps *sleeps)
{
	double owner = role_blocked_percent(sleeps, "owner", false);
	double workers = role_blocked_percent(sleeps, "owner", true);

	if (!isfinite(owner) || !isfinite(workers) || (owner == 0 && workers == 0))
		return;
	say(s, "; the owner was blocked ");
	say_percent(s, "owner_blocked_percent", owner);
	say(s, " of its time, the workers ");
	say_percent(s, "workers_blocked_percent", workers);
}

/* How waits for futexes ended: those that found the word changed were for nothing. */
static void say_futex_waits(struct sentence *s, const struct calls *calls)
{
	struct rate rate = rate_of(derive_real(calls->futex.waits), calls->ops, calls->repeats);

	say(s, ": ");
	say_rate(s, "futex_waits", &rate, derive_real(calls->futex.waits));
	say(s, " futex waits ");
	say(s, rate.words);
	say(s, ", ");
	say_rate(s, "eagain", &rate, derive_real(calls->futex.eagain));
	say(s, " of them for nothing (the word had changed), ");
	say_rate(s, "futex_slept", &rate, derive_real(calls->futex.slept));
	say(s, " slept");
}

/* The call that took longest in all; its name may hold no digit, which only figures may. */
static void say_longest_call(struct sentence *s, const struct calls *calls)
{
	const struct syscall_sum *longest = &calls->syscalls[0];
	struct rate rate = rate_of(derive_real(longest->count), calls->ops, calls->repeats);
	bool is_named = !strpbrk(longest->name, "0123456789");

	say(s, ": ");
	say_rate(s, "longest_call", &rate, derive_real(longest->count));
	say(s, " calls of ");
	say(s, is_named ? longest->name : "the longest kind");
	say(s, " ");
	say(s, rate.words);
	say(s, ", ");
	say_time(s, "longest_call", derive_real(longest->time_ns) / derive_real(longest->count));
	say(s, " each");
}

/* What system calls have to do with it. */
static void say_calls(struct sentence *s, const struct result *result)
{
	const struct calls *calls = derive_believed_calls(result);
	double system_percent = derive_system_percent(result);

	if (!isfinite(system_percent) || !(derive_real(calls->ops) > 0))
		return;
	if (derive_syscalls(calls) <= 0) {
		say(s, "; no system call");
		return;
	}
	say(s, "; ");
	say_percent(s, "system_percent", system_percent);
	say(s, " of the CPU time in system calls");
	if (calls->futex.waits > 0)
		say_futex_waits(s, calls);
	else if (calls->syscalls[0].count > 0)
		say_longest_call(s, calls);
}

static bool is_plain(const struct result *result)
{
	return result->family && !strcmp(result->family, "plain");
}

/* What on-CPU time is made of needs more than the switches to tell, and the sentence says so. */
static void say_on_cpu(struct sentence *s, const struct result *result)
{
	double times = 1 / result->time.speedup;

	if (result->workers == 1)
		return;
	if (isfinite(times) && times > 1) {
		say(s, "; an increment takes ");
		say_value(s, "times_sequential", times);
		say(s, " times as long as sequential's");
	}
	/* Without any call in its loop there is nothing to split. */
	if (!is_plain(result) && !derive_believed_calls(result))
		say(s, "; CPU time is not split into work, spinning, cache misses and calls");
}

static bool tasks_share_a_cpu(const struct result *result)
{
	size_t i, j;

	for (i = 0; i < result->n_placement; i++)
		for (j = 0; j < i; j++)
			if (result->placement[i] >= 0 &&
			    result->placement[i] == result->placement[j])
				return true;
	return false;
}

static void say_run_queue(struct sentence *s, const struct result *result,
			  const struct session *session)
{
	const struct sleeps *sleeps = result->kernel->sleeps;
	double per_kop =
		derive_per_kop(derive_real(sleeps->switches.involuntary), derive_real(sleeps->ops));

	if (isfinite(per_kop)) {
		say(s, "; switched out while runnable ");
		say_value(s, "involuntary_per_kop", per_kop);
		say(s, " times per thousand increments");
	}
	/* Unpinned tasks move on from the CPU that they started on. */
	if (!session->plan.pin || !strcmp(session->plan.pin, "none") || !tasks_share_a_cpu(result))
		return;
	say(s, "; tasks share a CPU");
	if (derive_real(session->host.cpus_online) >= (double)result->n_placement)
		say(s, ", and --pin=spread would part them");
}

static bool is_turn(const struct result *result)
{
	return result->family && !strcmp(result->family, "turn");
}

static void say_price(struct sentence *s, const struct result *result)
{
	const struct sleeps *sleeps = result->kernel->sleeps;
	double per_kop =
		derive_per_kop(derive_real(sleeps->switches.voluntary), derive_real(sleeps->ops));

	if (is_turn(result) && per_kop >= FEW_SLEEPS)
		say(s, ": the price of blocking here");
}

static void say_traced(struct sentence *s, const struct result *result,
		       const struct session *session)
{
	const struct sleeps *sleeps = result->kernel->sleeps;
	double wall = derive_real(sleeps->budget.wall);
	struct part parts[PARTS];
	int i;

	budget_parts(&sleeps->budget, parts);
	qsort(parts, PARTS, sizeof(parts[0]), longest_first);
	say_percent(s, parts[0].figure, derive_percent(parts[0].ns, wall));
	say(s, " of the time ");
	say(s, parts[0].words);
	for (i = 1; i < 3 && derive_percent(parts[i].ns, wall) >= WORTH_SAYING; i++) {
		say(s, i == 1 ? " (" : ", ");
		say_percent(s, parts[i].figure, derive_percent(parts[i].ns, wall));
		say(s, " ");
		say(s, parts[i].words);
	}
	if (i > 1)
		say(s, ")");
	say_sleeps(s, sleeps, &parts[0]);
	say_price(s, result);
	say_who_waited(s, sleeps);
	if (!strcmp(parts[0].figure, "on_cpu_percent"))
		say_on_cpu(s, result);
	if (!strcmp(parts[0].figure, "run_queue_percent"))
		say_run_queue(s, result, session);
	if (!is_plain(result) && !is_turn(result))
		say_calls(s, result);
	if (result->family && !strcmp(result->family, "message") && result->batch == 1)
		say(s, "; --batch=... carries more per message");
}

/* Of the two levels the calls may have been traced alone. */
static void say_untraced_and_calls(struct sentence *s, const struct result *result, bool traced)
{
	say_untraced(s, result, traced);
	if (!is_plain(result) && !derive_sleeps(result))
		say_calls(s, result);
}

static void compose(struct sentence *s, const struct result *result, const struct session *session)
{
	const struct sleeps *sleeps = derive_believed(result);
	struct watched watched[WATCHED_LEVELS];
	bool traced = derive_watched(result, watched) > 0;

	if (traced && !watched[0].reconciled->ok)
		say(s, "the kernel's counts did not reconcile and are not to be believed; ");
	if (result->counter.lost != NO_INT && result->counter.lost != 0)
		say_lost(s, result);
	else if (sleeps && isfinite(derive_percent(derive_blocked_ns(&sleeps->budget.blocked) +
							   derive_real(sleeps->budget.on_cpu),
						   derive_real(sleeps->budget.wall))))
		say_traced(s, result, session);
	else
		say_untraced_and_calls(s, result, traced);
	say(s, ".");
}

int verdict_write(struct result *result, const struct session *session)
{
	struct sentence s;
	int err;

	free(result->verdict);
	figures_free(result->figures, result->n_figures);
	result->verdict = NULL;
	result->figures = NULL;
	result->n_figures = 0;
	if (result->status != RESULT_OK)
		return 0;
	err = sentence_open(&s);
	if (err)
		return err;
	compose(&s, result, session);
	err = sentence_close(&s);
	result->verdict = s.text;
	result->figures = s.figures;
	result->n_figures = s.n_figures;
	return err;
}
