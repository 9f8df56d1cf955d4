/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "race/window.h"

#include <gsl/gsl_statistics_double.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"

/* The kernel writes a task's slot only while the task is switched: the compiler must not move
 * reads across this, the processor may, for a task sees its own CPU's past in order. */
#define COMPILER_BARRIER() __asm__ volatile("" ::: "memory")

const struct tb_slot *window_slot(const struct tb_slot *slots, unsigned int n_slots, pid_t tid)
{
	for (unsigned int i = 0; slots && i < n_slots; i++)
		if (slots[i].tid == (uint32_t)tid)
			return &slots[i];
	return NULL;
}

static bool looks_off_cpu(const struct tb_slot *slot)
{
	return slot && ((const volatile struct tb_slot *)slot)->state != TB_RUNNING;
}

/*
 * Where the kernel hides other tasks from tracing, a switch to this one may go unseen, and the
 * slot then takes it for waiting until it is next switched out. Setting one's name is an event
 * that the probe listens to for this (bpf/sched.bpf.c), and puts the slot right.
 */
static void settle(const struct tb_slot *slot)
{
	char name[TB_COMM];

	while (looks_off_cpu(slot)) {
		prctl(PR_GET_NAME, name);
		prctl(PR_SET_NAME, name);
	}
}

/*
 * The probe counts by lock between the two, which no copy of a slot could tell apart. No switch lies
 * between a snapshot and the last announcement of it, so who counts switches between the last ones
 * (the timeline) has those of the snapshots.
 */
static void announce(const struct tb_slot *slot, const char *window)
{
	char name[TB_COMM];

	if (!slot)
		return;
	prctl(PR_GET_NAME, name);
	prctl(PR_SET_NAME, window);
	prctl(PR_SET_NAME, name);
}

static uint64_t switches(const struct tb_slot *slot)
{
	uint64_t count = slot ? tb_slot_switches(slot) : 0;

	COMPILER_BARRIER();
	return count;
}

static void read_usage(struct snapshot *snapshot)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	snapshot->voluntary = (uint64_t)usage.ru_nvcsw;
	snapshot->involuntary = (uint64_t)usage.ru_nivcsw;
	snapshot->minor_faults = (uint64_t)usage.ru_minflt;
	snapshot->major_faults = (uint64_t)usage.ru_majflt;
}

static void read_slot(struct snapshot *snapshot, const struct tb_slot *slot)
{
	if (slot)
		snapshot->slot = *slot;
	COMPILER_BARRIER();
}

void window_open(struct snapshot *snapshot, const struct tb_slot *slot)
{
	uint64_t before;

	do {
		settle(slot);
		before = switches(slot);
		announce(slot, TB_WINDOW_OPENS);
		read_usage(snapshot);
		snapshot->cpu_ns = clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
		read_slot(snapshot, slot);
		snapshot->clock_ns = clock_now_ns();
		COMPILER_BARRIER();
	} while (switches(slot) != before);
}

/*
 * Calls are copied first: reading the clocks and the usage makes some, as often as it has to be
 * done, and those are none of the race's.
 */
void window_close(struct snapshot *snapshot, const struct tb_slot *slot)
{
	bool counts_calls = slot && slot->calls.entered;
	struct tb_calls calls;
	uint64_t before;

	if (counts_calls)
		calls = slot->calls;
	COMPILER_BARRIER();
	do {
		settle(slot);
		before = switches(slot);
		snapshot->clock_ns = clock_now_ns();
		read_slot(snapshot, slot);
		snapshot->cpu_ns = clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
		read_usage(snapshot);
		announce(slot, TB_WINDOW_CLOSES);
		COMPILER_BARRIER();
	} while (switches(slot) != before);
	if (counts_calls)
		snapshot->slot.calls = calls;
}

#define CROSSING_ROUNDS 15
#define CROSSING_CALLS 40

static uint64_t on_cpu_ns(const struct tb_slot *slot)
{
	uint64_t ns, before;

	do {
		settle(slot);
		before = switches(slot);
		ns = slot->on_cpu_ns + clock_now_ns() - slot->since_ns;
		COMPILER_BARRIER();
	} while (switches(slot) != before);
	return ns;
}

double window_crossing_ns(const struct tb_slot *slot)
{
	double costs[CROSSING_ROUNDS];

	if (!slot || !slot->calls.entered)
		return 0;
	for (int round = 0; round < CROSSING_ROUNDS; round++) {
		uint64_t inside_ns = slot->calls.system_ns;
		uint64_t start_ns = on_cpu_ns(slot);

		for (int call = 0; call < CROSSING_CALLS; call++)
			syscall(SYS_getppid);
		COMPILER_BARRIER();
		inside_ns = slot->calls.system_ns - inside_ns;
		costs[round] = (double)(on_cpu_ns(slot) - start_ns - inside_ns) / CROSSING_CALLS;
	}
	return gsl_stats_median(costs, 1, CROSSING_ROUNDS);
}
