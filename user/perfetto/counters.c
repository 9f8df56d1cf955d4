/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "perfetto/counters.h"

#define INTERVAL_NS 1000000ULL

static void pass_time(struct counters *counters, uint64_t ns)
{
	counters->running_ns += counters->running * (ns - counters->last_ns);
	counters->waiting_ns += counters->waiting * (ns - counters->last_ns);
	counters->last_ns = ns;
}

/* The values of an interval stand from its start on. */
static void put(const struct counters *counters, struct trace *trace, uint64_t length_ns)
{
	double length = (double)length_ns;

	trace_count(trace, TRACK_SWITCHES, counters->since_ns, (double)counters->switches);
	trace_count(trace, TRACK_RUNNING, counters->since_ns,
		    (double)counters->running_ns / length);
	trace_count(trace, TRACK_WAITING, counters->since_ns,
		    (double)counters->waiting_ns / length);
}

static void next_interval(struct counters *counters, uint64_t since_ns)
{
	counters->since_ns = since_ns;
	counters->switches = counters->running_ns = counters->waiting_ns = 0;
}

void counters_advance(struct counters *counters, struct trace *trace, uint64_t ns)
{
	uint64_t whole;

	if (!counters->since_ns)
		counters->since_ns = counters->last_ns = ns;
	if (ns - counters->since_ns >= INTERVAL_NS) {
		pass_time(counters, counters->since_ns + INTERVAL_NS);
		put(counters, trace, INTERVAL_NS);
		next_interval(counters, counters->last_ns);
	}
	/* Of several in a row in which nothing happened, the first says it for all. */
	whole = (ns - counters->since_ns) / INTERVAL_NS;
	if (whole) {
		pass_time(counters, counters->since_ns + INTERVAL_NS);
		put(counters, trace, INTERVAL_NS);
		counters->last_ns = counters->since_ns + whole * INTERVAL_NS;
		next_interval(counters, counters->last_ns);
	}
	pass_time(counters, ns);
}

static void count(struct counters *counters, enum task_state state, unsigned int by)
{
	if (state == TASK_RUNNING)
		counters->running += by;
	if (state == TASK_WAITING)
		counters->waiting += by;
}

void counters_change(struct counters *counters, enum task_state from, enum task_state to)
{
	count(counters, from, -1U);
	count(counters, to, 1);
}

void counters_switch(struct counters *counters)
{
	counters->switches++;
}

void counters_end_race(struct counters *counters, struct trace *trace, uint64_t ns)
{
	if (!counters->since_ns)
		return;
	counters_advance(counters, trace, ns);
	/* A tick longer than nothing. */
	put(counters, trace, ns > counters->since_ns ? ns - counters->since_ns : 1);
	*counters = (struct counters){ .since_ns = ns };
	put(counters, trace, 1);
	*counters = (struct counters){ 0 };
}
