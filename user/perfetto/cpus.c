/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "perfetto/cpus.h"

#include <errno.h>
#include <stdlib.h>

#include "capture/blocks.h"

#define TRACE_FLAG_HARDIRQ 8 /* the kernel's include/linux/trace_events.h */
#define DEFAULT_PRIORITY 120

/* Bundles in the making have room for so many events, all together, but each for a few. */
#define EVENTS_TOGETHER 65536
#define BUNDLE_LEAST 16

/* An event and the one of its two parts that it has. */
struct bundled {
	Pb__FtraceEvent event;
	union {
		Pb__SchedSwitchFtraceEvent of_switch;
		Pb__SchedWakingFtraceEvent waking;
	};
};

struct cpu {
	bool seen; /* there was a switch */
	uint32_t current;
	int32_t priority;
	uint64_t last_ns; /* of its last event */
	struct bundled *bundle; /* NULL: nothing has happened here in this race */
	Pb__FtraceEvent **list;
	size_t n;
	char idle_name[sizeof("swapper/8191")];
};

struct cpus {
	struct trace *trace;
	struct cpu cpu[CAPTURE_CPUS];
	size_t n; /* one more than the highest that was seen */
	size_t per_bundle;
};

struct cpus *cpus_new(struct trace *trace)
{
	struct cpus *cpus = calloc(1, sizeof(*cpus));

	if (cpus)
		cpus->trace = trace;
	return cpus;
}

static void free_bundles(struct cpus *cpus)
{
	for (size_t i = 0; i < cpus->n; i++) {
		free(cpus->cpu[i].bundle);
		free(cpus->cpu[i].list);
		cpus->cpu[i].bundle = NULL;
		cpus->cpu[i].list = NULL;
	}
}

void cpus_free(struct cpus *cpus)
{
	if (!cpus)
		return;
	free_bundles(cpus);
	free(cpus);
}

const char *cpus_idle_name(struct cpus *cpus, uint32_t cpu)
{
	char *name = cpus->cpu[cpu].idle_name;

	if (!*name)
		snprintf(name, sizeof(cpus->cpu[cpu].idle_name), "swapper/%u", cpu);
	return name;
}

void cpus_begin_race(struct cpus *cpus, size_t rings)
{
	size_t each = EVENTS_TOGETHER / (rings ? rings : 1);

	cpus->per_bundle = each < BUNDLE_LEAST	? BUNDLE_LEAST :
			   each > BUNDLE_EVENTS ? BUNDLE_EVENTS :
						  each;
}

uint32_t cpus_current(const struct cpus *cpus, uint32_t cpu)
{
	return cpus->cpu[cpu].seen ? cpus->cpu[cpu].current : NOT_RECORDED;
}

static void flush(struct cpus *cpus, uint32_t cpu)
{
	struct cpu *here = &cpus->cpu[cpu];

	if (here->n)
		trace_put_bundle(cpus->trace, cpu, here->list, here->n);
	here->n = 0;
}

void cpus_flush(struct cpus *cpus)
{
	for (uint32_t i = 0; i < cpus->n; i++)
		flush(cpus, i);
}

static int make_bundle(struct cpus *cpus, struct cpu *here)
{
	if (here->bundle)
		return 0;
	here->bundle = calloc(cpus->per_bundle, sizeof(*here->bundle));
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
	here->list = calloc(cpus->per_bundle, sizeof(*here->list));
	if (!here->bundle || !here->list)
		return -ENOMEM;
	for (size_t i = 0; i < cpus->per_bundle; i++)
		here->list[i] = &here->bundle[i].event;
	return 0;
}

/* The next event of the bundle, with its time and whose it is. NULL: no memory. */
static struct bundled *add(struct cpus *cpus, uint32_t cpu, uint64_t ns, uint32_t pid)
{
	struct cpu *here = &cpus->cpu[cpu];
	struct bundled *made;

	if (cpu >= cpus->n)
		cpus->n = cpu + 1;
	if (make_bundle(cpus, here))
		return NULL;
	if (here->n == cpus->per_bundle)
		flush(cpus, cpu);
	made = &here->bundle[here->n++];
	pb__ftrace_event__init(&made->event);
	made->event.has_timestamp = made->event.has_pid = true;
	made->event.timestamp = trace_time(cpus->trace, ns);
	made->event.pid = pid;
	here->last_ns = ns;
	return made;
}

int cpus_switch(struct cpus *cpus, uint32_t cpu, uint64_t ns, const struct cpu_task *prev,
		int64_t state, const struct cpu_task *next)
{
	struct bundled *made = add(cpus, cpu, ns, prev->pid);

	if (!made)
		return -ENOMEM;
	made->event.sched_switch = &made->of_switch;
	pb__sched_switch_ftrace_event__init(&made->of_switch);
	made->of_switch = (Pb__SchedSwitchFtraceEvent){
		.base = made->of_switch.base,
		.prev_comm = (char *)prev->name,
		.has_prev_pid = true,
		.prev_pid = (int32_t)prev->pid,
		.has_prev_prio = true,
		.prev_prio = prev->priority,
		.has_prev_state = true,
		.prev_state = state,
		.next_comm = (char *)next->name,
		.has_next_pid = true,
		.next_pid = (int32_t)next->pid,
		.has_next_prio = true,
		.next_prio = next->priority,
	};
	cpus->cpu[cpu].seen = true;
	cpus->cpu[cpu].current = next->pid;
	cpus->cpu[cpu].priority = next->priority;
	return 0;
}

int cpus_waking(struct cpus *cpus, uint32_t cpu, uint64_t ns, uint32_t waker, bool interrupt,
		const struct cpu_task *wakee, int32_t target_cpu)
{
	struct bundled *made = add(cpus, cpu, ns, waker);

	if (!made)
		return -ENOMEM;
	made->event.has_common_flags = interrupt;
	made->event.common_flags = TRACE_FLAG_HARDIRQ;
	made->event.sched_waking = &made->waking;
	pb__sched_waking_ftrace_event__init(&made->waking);
	made->waking.comm = (char *)wakee->name;
	made->waking.has_pid = made->waking.has_prio = made->waking.has_success = true;
	made->waking.pid = (int32_t)wakee->pid;
	made->waking.prio = wakee->priority;
	made->waking.success = 1;
	made->waking.has_target_cpu = true;
	made->waking.target_cpu = target_cpu;
	return 0;
}

static const struct cpu_task nobody_known = { NOT_RECORDED, NOT_RECORDED_NAME, DEFAULT_PRIORITY };

int cpus_gap(struct cpus *cpus, uint32_t cpu, uint64_t ns, const struct cpu_task *prev,
	     const struct cpu_task *next)
{
	struct cpu *here = &cpus->cpu[cpu];
	struct cpu_task leaves = *prev;
	int err = 0;

	leaves.priority = here->seen ? here->priority : DEFAULT_PRIORITY;
	if (prev->pid == NOT_RECORDED || here->last_ns >= ns)
		return cpus_switch(cpus, cpu, ns, &leaves, 0, next);
	err = cpus_switch(cpus, cpu, here->last_ns, &leaves, 0, &nobody_known);
	return err ? err : cpus_switch(cpus, cpu, ns, &nobody_known, 0, next);
}

int cpus_end_race(struct cpus *cpus, uint64_t ns,
		  struct cpu_task (*who)(void *of, uint32_t cpu, uint32_t pid), void *of)
{
	int err = 0;

	for (uint32_t i = 0; i < cpus->n && !err; i++) {
		struct cpu *here = &cpus->cpu[i];

		if (here->bundle && here->seen && here->current != NOT_RECORDED) {
			struct cpu_task prev = who(of, i, here->current);

			prev.priority = here->priority;
			err = cpus_switch(cpus, i, ns, &prev, 0, &nobody_known);
		}
		here->last_ns = 0;
	}
	cpus_flush(cpus);
	free_bundles(cpus);
	return err;
}
