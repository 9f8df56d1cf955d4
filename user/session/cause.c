/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/cause.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "session/derive.h"
#include "session/sentence.h"

/* The least part of a change that is worth a word. */
#define LEAST_SHARE 0.1
/* What an event is taken to cost at the most, a sleep and all that comes of it included. */
#define EVENT_NS 10000.0

/* Both sides, as far as they may be believed. */
struct sides {
	const struct result *base, *now;
	double sign; /* of the change: 1 slower, -1 faster */
	double whole; /* change of all tasks' time per increment, in ns */
};

static double per_op(double ns, int64_t ops)
{
	return derive_per_kop(ns, derive_real(ops)) / 1000;
}

/* Time on a CPU, split by the calls level where it saw the result. `part`: 0 all, 1 user, 2 system. */
static double on_cpu(const struct result *result, int part)
{
	const struct sleeps *sleeps = derive_believed(result);
	struct cpu_shares shares = derive_cpu_shares(result);
	double all = per_op(derive_real(sleeps->budget.on_cpu), sleeps->ops);

	return part == 0 ? all :
	       part == 1 ? all * shares.user :
			   all * (shares.system + shares.crossing);
}

#define BLOCKED_ON(reason) offsetof(struct blocked, reason)

static const struct {
	const char *name;
	size_t offset;
} reasons[] = {
	{ "asleep on futexes", BLOCKED_ON(futex) },
	{ "asleep on pipes", BLOCKED_ON(pipe) },
	{ "asleep on eventfds", BLOCKED_ON(eventfd) },
	{ "asleep on sockets", BLOCKED_ON(socket) },
	{ "asleep on message queues", BLOCKED_ON(mqueue) },
	{ "asleep on System V objects", BLOCKED_ON(sysv) },
	{ "asleep in io_uring", BLOCKED_ON(io_uring) },
	{ "asleep on kernel locks", BLOCKED_ON(kernel_lock) },
	{ "asleep by its own wish", BLOCKED_ON(sleep) },
	{ "asleep on page faults", BLOCKED_ON(page_fault) },
	{ "asleep on something else", BLOCKED_ON(other) },
};

static double blocked_for(const struct blocked *blocked, size_t reason)
{
	return derive_real(
		*(const int64_t *)(const void *)((const char *)blocked + reasons[reason].offset));
}

/* Puts one in its place among those of its kind, from `first` on, of which there is room for `most`. */
static void place(struct cause *cause, size_t first, size_t most, const struct moved *moved,
		  double (*weight)(const struct moved *moved))
{
	size_t at = cause->n_moved;

	while (at > first && weight(moved) > weight(&cause->moved[at - 1]))
		at--;
	if (at - first >= most)
		return;
	if (cause->n_moved - first < most)
		cause->n_moved++;
	for (size_t i = cause->n_moved - 1; i > at; i--)
		cause->moved[i] = cause->moved[i - 1];
	cause->moved[at] = *moved;
}

static double by_share(const struct moved *moved)
{
	return moved->share;
}

/* What came from nothing first. */
static double by_factor(const struct moved *moved)
{
	double least = fmin(moved->base, moved->now), most = fmax(moved->base, moved->now);

	return least > 0 ? most / least : INFINITY;
}

static void look_at_time(struct cause *cause, const struct sides *sides, const char *name,
			 double base, double now)
{
	struct moved moved = {
		.is_time = true, .base = base, .now = now, .share = (now - base) / sides->whole
	};

	/* Not if either is NaN. */
	if (!(moved.share >= LEAST_SHARE))
		return;
	snprintf(moved.name, sizeof(moved.name), "%s", name);
	place(cause, 0, CAUSE_PARTS, &moved, by_share);
}

static void look_at_times(struct cause *cause, const struct sides *sides)
{
	const struct sleeps *base = derive_believed(sides->base);
	const struct sleeps *now = derive_believed(sides->now);

	if (isnan(on_cpu(sides->base, 1)) || isnan(on_cpu(sides->now, 1))) {
		look_at_time(cause, sides, "on the CPU", on_cpu(sides->base, 0),
			     on_cpu(sides->now, 0));
	} else {
		look_at_time(cause, sides, "on the CPU in its own code", on_cpu(sides->base, 1),
			     on_cpu(sides->now, 1));
		look_at_time(cause, sides, "on the CPU in system calls", on_cpu(sides->base, 2),
			     on_cpu(sides->now, 2));
	}
	look_at_time(cause, sides, "in the run queue",
		     per_op(derive_real(base->budget.run_queue), base->ops),
		     per_op(derive_real(now->budget.run_queue), now->ops));
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		look_at_time(cause, sides, reasons[i].name,
			     per_op(blocked_for(&base->budget.blocked, i), base->ops),
			     per_op(blocked_for(&now->budget.blocked, i), now->ops));
}

/* Of counts per thousand increments. */
static void look_at_count(struct cause *cause, const struct sides *sides, size_t first,
			  const char *what, const char *name, double base, double now)
{
	struct moved moved = { .base = base, .now = now, .share = NAN };
	double change = sides->sign * (now - base);

	if (!(change >= LEAST_SHARE * fmin(base, now)) || !(change > 0) ||
	    !(change / 1000 * EVENT_NS >= LEAST_SHARE * fabs(sides->whole)))
		return;
	snprintf(moved.name, sizeof(moved.name), "%s%s", what, name);
	place(cause, first, CAUSE_COUNTS, &moved, by_factor);
}

static void look_at_switches(struct cause *cause, const struct sides *sides, size_t first)
{
	const struct sleeps *base = derive_believed(sides->base);
	const struct sleeps *now = derive_believed(sides->now);
	const struct {
		const char *name;
		int64_t base, now;
	} counts[] = {
		{ "voluntary switches", base->switches.voluntary, now->switches.voluntary },
		{ "involuntary switches", base->switches.involuntary, now->switches.involuntary },
		{ "migrations", base->migrations, now->migrations },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		look_at_count(cause, sides, first, counts[i].name, "",
			      derive_per_kop(derive_real(counts[i].base), derive_real(base->ops)),
			      derive_per_kop(derive_real(counts[i].now), derive_real(now->ops)));
}

static double calls_of(const struct calls *calls, const char *name)
{
	for (size_t i = 0; i < calls->n_syscalls; i++)
		if (!strcmp(calls->syscalls[i].name, name))
			return derive_per_kop(derive_real(calls->syscalls[i].count),
					      derive_real(calls->ops));
	return calls->ops > 0 ? 0 : NAN;
}

/* Names of either side, each once. */
static void look_at_calls(struct cause *cause, const struct sides *sides, size_t first)
{
	const struct calls *base = derive_believed_calls(sides->base);
	const struct calls *now = derive_believed_calls(sides->now);

	if (!base || !now)
		return;
	for (size_t i = 0; i < now->n_syscalls; i++)
		look_at_count(cause, sides, first, "calls of ", now->syscalls[i].name,
			      calls_of(base, now->syscalls[i].name),
			      calls_of(now, now->syscalls[i].name));
	for (size_t i = 0; i < base->n_syscalls; i++)
		if (calls_of(now, base->syscalls[i].name) == 0)
			look_at_count(cause, sides, first, "calls of ", base->syscalls[i].name,
				      calls_of(base, base->syscalls[i].name), 0);
}

static double wall_per_op(const struct result *result)
{
	const struct sleeps *sleeps = derive_believed(result);

	return per_op(derive_real(sleeps->budget.wall), sleeps->ops);
}

void cause_find(const struct result *base, const struct result *now, bool slower,
		struct cause *cause)
{
	struct sides sides = { .base = base, .now = now, .sign = slower ? 1 : -1 };
	size_t first;

	*cause = (struct cause){ .state = CAUSE_UNTRACED };
	if (!derive_sleeps(base) || !derive_sleeps(now))
		return;
	cause->state = CAUSE_VOID;
	if (!derive_believed(base) || !derive_believed(now))
		return;
	cause->state = CAUSE_NONE;
	sides.whole = wall_per_op(now) - wall_per_op(base);
	if (!(sides.sign * sides.whole > 0))
		return;
	look_at_times(cause, &sides);
	first = cause->n_moved;
	look_at_switches(cause, &sides, first);
	look_at_calls(cause, &sides, first);
	if (cause->n_moved)
		cause->state = CAUSE_MOVED;
}

static void say_moved(struct sentence *s, const struct moved *moved)
{
	say(s, moved->name);
	say(s, " ");
	if (moved->is_time) {
		say_time(s, "base_ns_per_op", moved->base);
		say(s, " -> ");
		say_time(s, "new_ns_per_op", moved->now);
		say(s, " per increment, ");
		say_percent(s, "share_percent", 100 * moved->share);
		say(s, " of the change");
		return;
	}
	say_value(s, "base_per_kop", moved->base);
	say(s, " -> ");
	say_value(s, "new_per_kop", moved->now);
	say(s, " per thousand");
	if (!(moved->base > 0))
		return;
	say(s, moved->now > moved->base ? " (+" : " (-");
	say_percent(s, "changed_percent", 100 * fabs(moved->now / moved->base - 1));
	say(s, ")");
}

int cause_write(const struct cause *cause, char **text, struct figure **figures, size_t *n_figures)
{
	static const char *const why_not[] = {
		[CAUSE_NOT_ASKED] = "",
		[CAUSE_UNTRACED] = "the kernel's side is not known: not traced in both",
		[CAUSE_VOID] = "the kernel's side is not known: counts did not reconcile in both",
		[CAUSE_NONE] = "nothing that the kernel counts moved with it",
		[CAUSE_MOVED] = "",
	};
	struct sentence s;
	int err = sentence_open(&s);

	if (err)
		return err;
	say(&s, why_not[cause->state]);
	for (size_t i = 0; i < cause->n_moved; i++) {
		say(&s, i ? "; " : "");
		say_moved(&s, &cause->moved[i]);
	}
	err = sentence_close(&s);
	*text = s.text;
	*figures = s.figures;
	*n_figures = s.n_figures;
	return err;
}
