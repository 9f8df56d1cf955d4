/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Warnings by what the machine is, and what it did besides racing. */
#include <math.h>
#include <string.h>

#include "session/derive.h"
#include "session/warn.h"

/*
 * /proc/stat counts in steps of 10 ms, so two of them are at least one in truth; and what is
 * below a percent is below the noise of what it is taken from.
 */
#define STEAL_PERCENT 1
#define STEAL_LEAST_NS 20e6

/* A quota that was used up stops whole CPUs at once: hardly any of it is noise. */
#define THROTTLED_PERCENT 0.1

/* Twice what a system call costs where CLOCK_MONOTONIC needs one; without, it is 20 to 50 ns. */
#define CLOCK_COST_NS 200
#define CLOCK_STEP_NS 1000

/* Repeats that differ by more than this many percent may be due to the CPUs' rate. */
#define SPREAD_PERCENT 5

/* What a session's untraced repeats used, and what was taken meanwhile. */
struct loss {
	double wall_ns;
	double cpus_ns; /* of all CPUs that steal is counted of */
	double steal_ns;
	double throttled_ns;
	int64_t repeats;
	int64_t throttled_repeats;
};

static void add_repeat(struct loss *loss, const struct session *session,
		       const struct condition *condition, double wall_ns)
{
	double cpus = warn_is_unpinned(session) ? derive_real(session->host.cpus_online) :
						  (double)warn_cpus(condition);

	loss->repeats++;
	loss->wall_ns += wall_ns;
	loss->cpus_ns += wall_ns * cpus;
	if (condition->steal_ns != NO_INT)
		loss->steal_ns += (double)condition->steal_ns;
	if (condition->throttled_ns == NO_INT || condition->throttled_ns == 0)
		return;
	loss->throttled_ns += (double)condition->throttled_ns;
	loss->throttled_repeats++;
}

static struct loss loss_of(const struct session *session)
{
	struct loss loss = { 0 };

	for (size_t i = 0; i < session->n_results; i++) {
		const struct result *result = &session->results[i];
		const struct estimate *wall = &result->time.wall_ns;

		for (size_t j = 0; j < result->n_conditions && j < wall->n_samples; j++)
			add_repeat(&loss, session, &result->conditions[j], wall->samples[j]);
	}
	return loss;
}

bool warn_steal(struct sentence *s, const struct session *session)
{
	struct loss loss = loss_of(session);
	double percent = derive_percent(loss.steal_ns, loss.cpus_ns);

	if (loss.steal_ns < STEAL_LEAST_NS || !(percent > STEAL_PERCENT))
		return false;
	say(s, "the hypervisor took ");
	say_percent(s, "steal_percent", percent);
	say(s, " of the CPUs' time during the timed repeats (");
	say_time(s, "steal", loss.steal_ns);
	say(s, "), which no count of this machine explains: race on a quieter host, or on CPUs of "
	       "its own");
	return true;
}

bool warn_throttled(struct sentence *s, const struct session *session)
{
	struct loss loss = loss_of(session);

	if (!(derive_percent(loss.throttled_ns, loss.wall_ns) > THROTTLED_PERCENT))
		return false;
	say(s, "the control group's CPU quota ");
	if (isfinite(session->host.cpu_quota)) {
		say(s, "of ");
		say_value(s, "cpu_quota", session->host.cpu_quota);
		say(s, " CPUs ");
	}
	say(s, "held tasks back in ");
	say_count(s, "throttled_repeats", loss.throttled_repeats);
	say(s, " of ");
	say_count(s, "repeats", loss.repeats);
	say(s, " timed repeats, ");
	say_time(s, "throttled", loss.throttled_ns);
	say(s,
	    " on all CPUs together, which looks like waits in the run queue: raise it (cpu.max), "
	    "race outside of the group, or with fewer workers");
	return true;
}

/* Which clock source it is does not matter, so far as reading it is quick and its steps are fine. */
bool warn_clock(struct sentence *s, const struct session *session)
{
	const struct host *host = &session->host;
	bool slow = host->timer_cost_ns > CLOCK_COST_NS;
	bool coarse = host->clock_step_ns > CLOCK_STEP_NS;

	if (!slow && !coarse)
		return false;
	say(s, "the clock ");
	if (host->clocksource) {
		say(s, "(");
		say(s, host->clocksource);
		say(s, ") ");
	}
	if (slow) {
		say(s, "takes ");
		say_time(s, "timer_cost", host->timer_cost_ns);
		say(s, " to read");
	}
	if (coarse) {
		say(s, slow ? " and moves in steps of " : "moves in steps of ");
		say_time(s, "clock_step", host->clock_step_ns);
	}
	say(s, ": choose a better one if there is any (current_clocksource in "
	       "/sys/devices/system/clocksource), or race longer (--duration)");
	return true;
}

/* The repeats of some result differ, by their interval or by a trend. */
static bool repeats_differ(const struct session *session)
{
	for (size_t i = 0; i < session->n_results; i++) {
		const struct result *result = &session->results[i];

		if (result->status == RESULT_OK &&
		    (derive_half_width_percent(&result->time.ns_per_op) > SPREAD_PERCENT ||
		     warn_drift_percent(result) != 0))
			return true;
	}
	return false;
}

/*
 * powersave keeps the rate down, and with intel_pstate or amd_pstate in charge lets it follow the
 * load; conservative climbs in steps of whole seconds. ondemand and schedutil are up within some
 * ms of a full load: they matter to who sleeps, and where the repeats show it.
 */
bool warn_governor(struct sentence *s, const struct session *session)
{
	const char *governor = session->host.governor;
	bool slow, quick;

	if (!governor)
		return false;
	slow = !strcmp(governor, "powersave") || !strcmp(governor, "conservative");
	quick = !strcmp(governor, "ondemand") || !strcmp(governor, "schedutil");
	if (!slow && !(quick && repeats_differ(session)))
		return false;
	say(s, "the CPU frequency governor is ");
	say(s, governor);
	say(s, ", so that the rate follows the load and who sleeps looks slower than it is: choose "
	       "performance (cpupower frequency-set -g performance)");
	return true;
}

bool warn_turbo(struct sentence *s, const struct session *session)
{
	const char *boost = session->host.boost;

	if (!boost || strcmp(boost, "on") != 0 || !repeats_differ(session))
		return false;
	say(s, "CPUs may run faster than their nominal rate while they are cool and few are busy "
	       "(turbo), and repeats differ: switch it off (boost in "
	       "/sys/devices/system/cpu/cpufreq, or intel_pstate's no_turbo)");
	return true;
}
