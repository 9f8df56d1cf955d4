/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Warnings by where the tasks of a result ran, when, and who else ran there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session/derive.h"
#include "session/warn.h"

/* Less of the wall time side by side is a race of fewer workers for a tenth of it. */
#define LEAST_OVERLAP 0.9

/* Percent of the time in the run queue of a CPU that no other task of the race is on. */
#define NEIGHBOURS_PERCENT 5

bool warn_is_unpinned(const struct session *session)
{
	return session->plan.pin && !strcmp(session->plan.pin, "none");
}

size_t warn_cpus(const struct condition *condition)
{
	size_t cpus = 0;

	for (size_t i = 0; i < condition->n_placement; i++) {
		size_t first = 0;

		while (condition->placement[first] != condition->placement[i])
			first++;
		cpus += first == i;
	}
	return cpus;
}

bool warn_is_crowded(const struct session *session, const struct condition *condition)
{
	return warn_cpus(condition) < condition->n_placement &&
	       derive_real(session->host.cpus_online) >= (double)condition->n_placement;
}

static bool has_cpu(const struct condition *condition, int64_t cpu)
{
	for (size_t i = 0; i < condition->n_placement; i++)
		if (condition->placement[i] == cpu)
			return true;
	return false;
}

/* Which worker is on which of them is all the same. */
static bool same_cpus(const struct condition *a, const struct condition *b)
{
	bool same = warn_cpus(a) == warn_cpus(b);

	for (size_t i = 0; i < a->n_placement && same; i++)
		same = has_cpu(b, a->placement[i]);
	return same;
}

/* How many sets of CPUs the repeats started on. */
static size_t count_sets(const struct result *result)
{
	size_t sets = 0;

	for (size_t i = 0; i < result->n_conditions; i++) {
		size_t first = 0;

		while (!same_cpus(&result->conditions[first], &result->conditions[i]))
			first++;
		sets += first == i;
	}
	return sets;
}

bool warn_placement(struct sentence *s, const struct session *session, const struct result *result)
{
	size_t sets = count_sets(result), crowded = 0;

	if (!warn_is_unpinned(session) || result->workers < 2)
		return false;
	for (size_t i = 0; i < result->n_conditions; i++)
		crowded += warn_is_crowded(session, &result->conditions[i]);
	if (!crowded && sets < 2)
		return false;
	if (crowded)
		say(s, "tasks started on one CPU in ");
	else
		say(s, "tasks started on different CPUs: ");
	say_count(s, crowded ? "crowded_repeats" : "sets_of_cpus",
		  (int64_t)(crowded ? crowded : sets));
	say(s, crowded ? " of " : " sets of them in ");
	say_count(s, "repeats", (int64_t)result->n_conditions);
	say(s, crowded ? " repeats, although there are enough for all: pin them (--pin=spread)" :
			 " repeats: pin them (--pin=spread)");
	return true;
}

/* Who takes a lock once, for all of the work, is meant to be alone. */
static bool takes_one_turn(const struct result *result)
{
	return result->batch == BATCH_ALL && !strcmp(result->family, "lock");
}

bool warn_overlap(struct sentence *s, const struct session *session, const struct result *result)
{
	bool fixed = session->plan.iterations != NO_INT;

	if (result->workers < 2 || takes_one_turn(result) ||
	    !(result->time.overlap_ratio < LEAST_OVERLAP))
		return false;
	say(s, "all workers raced side by side in ");
	say_percent(s, "overlap_percent", 100 * result->time.overlap_ratio);
	say(s, " of the time only: what is shown is partly the rate of fewer; race ");
	say(s, fixed ? "for a time (--duration) or more increments (-n)" :
		       "longer (--duration), with no more workers than CPUs");
	return true;
}

/* Sections or messages a second, of what was asked for, below which the pace was not kept. */
#define PACE_KEPT_PERCENT 98

/* Where increments stand alone, --batch changes nothing. */
static bool has_batches(const struct result *result)
{
	return strcmp(result->family, "plain") != 0 && strcmp(result->family, "local") != 0 &&
	       strcmp(result->strategy, "gil") != 0 && result->batch != BATCH_ALL &&
	       result->batch != NO_INT;
}

bool warn_pace(struct sentence *s, const struct session *session, const struct result *result)
{
	double batch = has_batches(result) ? derive_real(result->batch) : 1;
	double percent =
		derive_percent(result->time.ops_per_s.median / batch, derive_real(result->pace));

	(void)session;
	if (!(percent < PACE_KEPT_PERCENT))
		return false;
	say(s, "its pace was not kept: it made ");
	say_percent(s, "pace_kept_percent", percent);
	say(s, " of what was asked for, so latencies grow for as long as the race lasts; ask for "
	       "less (--pace), or take it as what this can carry");
	return true;
}

static bool each_has_a_cpu(const struct session *session, const struct result *result)
{
	const struct condition start = { .placement = result->placement,
					 .n_placement = result->n_placement };

	return !warn_is_unpinned(session) && result->n_placement > 0 &&
	       warn_cpus(&start) == result->n_placement;
}

/* So many are named. */
#define NAMED 2

static void say_preemptor(struct sentence *s, const struct preemptor *preemptor, size_t which)
{
	static const char *const figures[NAMED] = { "most_by_one", "by_the_next" };

	say(s, which ? ", '" : " by '");
	say(s, preemptor->comm);
	say(s, "' (");
	say_count(s, figures[which], preemptor->count);
	say(s, ")");
}

static void say_who(struct sentence *s, const struct sleeps *sleeps)
{
	for (size_t i = 0; i < sleeps->n_preempted_by && i < NAMED; i++)
		say_preemptor(s, &sleeps->preempted_by[i], i);
	say(s, sleeps->n_preempted_by ?
		       ": stop it, or keep it off their CPUs (taskset, isolcpus)" :
		       " by something else on them: stop what is running there, or "
		       "keep it off (taskset, isolcpus)");
}

/*
 * A task that has a CPU of its own among the race's waits for it only while something else is on
 * it. A wake-up waits a little in any case, so it is looked at only where most switches are
 * involuntary: where others push tasks aside.
 */
bool warn_neighbour(struct sentence *s, const struct session *session, const struct result *result)
{
	const struct sleeps *sleeps = derive_believed(result);
	double percent;

	if (!sleeps || !each_has_a_cpu(session, result) ||
	    sleeps->switches.involuntary <= sleeps->switches.voluntary)
		return false;
	percent = derive_percent(derive_real(sleeps->budget.run_queue),
				 derive_real(sleeps->budget.wall));
	if (!(percent > NEIGHBOURS_PERCENT))
		return false;
	say(s, "tasks waited for CPUs of their own ");
	say_percent(s, "run_queue_percent", percent);
	say(s, " of the time, and were put off ");
	say_count(s, "involuntary", sleeps->switches.involuntary);
	say(s, " times");
	say_who(s, sleeps);
	return true;
}
