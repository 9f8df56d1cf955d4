/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a test of ground truth says about a case. */
#ifndef TRACEBENCH_TESTS_TRUTH_MAIN_H
#define TRACEBENCH_TESTS_TRUTH_MAIN_H

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "lib/traced_main.h"
#include "lib/truth.h"
#include "strategy/registry.h"

#define TRUTH_TOLERANCE 0.05

/* A task may sleep for the kernel's own sake besides: for its locks, or for a page. */
static inline uint64_t truth_besides(const struct truth_case *one, const uint64_t of[TB_REASONS])
{
	return (one->reason == TB_KERNEL_LOCK ? 0 : of[TB_KERNEL_LOCK]) +
	       (one->reason == TB_PAGE_FAULT ? 0 : of[TB_PAGE_FAULT]);
}

static inline void truth_check_times(const struct truth *truth, uint64_t blocked_ns,
				     const char *label)
{
	uint64_t own_ns = 0, sum = 0;

	for (unsigned int i = 0; i < TRUTH_SLEEPS; i++) {
		const struct truth_round *round = &truth->rounds[i];

		own_ns += round->own_ns;
		sum += round->blocked_ns;
		if (round->slept != 1)
			tap_note("%s: round %u slept %" PRIu64 " times, %.1f ms of %.1f", label, i,
				 round->slept, (double)round->blocked_ns / 1e6,
				 (double)round->own_ns / 1e6);
	}
	tap_equal(sum, blocked_ns, "%s: blocked in these sleeps, and at no other time", label);
	tap_ok(fabs((double)blocked_ns - (double)own_ns) <= TRUTH_TOLERANCE * (double)own_ns,
	       "%s: blocked for %.1f ms, by its own clocks %.1f ms", label,
	       (double)blocked_ns / 1e6, (double)own_ns / 1e6);
}

static inline void truth_check_reason(const struct truth_case *one, const struct counts *counts,
				      const struct truth *truth, const char *label)
{
	uint64_t slept = counts->slept[one->reason];
	uint64_t blocked_ns = counts->blocked_ns[one->reason];
	uint64_t besides = truth_besides(one, counts->slept);

	tap_equal(slept, TRUTH_SLEEPS, "%s: as many sleeps for this reason as there were", label);
	if (!tap_equal(counts->voluntary + counts->wakeups, 2 * (slept + besides),
		       "%s: and no other switches away or wake-ups", label))
		for (unsigned int i = 0; i < TB_REASONS; i++)
			if (counts->slept[i])
				tap_note("reason %u: %" PRIu64 " sleeps", i, counts->slept[i]);
	truth_check_times(truth, blocked_ns, label);
	if (one->wake)
		tap_ok(blocked_ns >= TRUTH_SLEEPS * TRUTH_SLEEP_NS, "%s: no shorter than it was",
		       label);
	tap_equal(counts_blocked_ns(counts), blocked_ns + truth_besides(one, counts->blocked_ns),
		  "%s: and for nothing else", label);
}

/* The table's only entry with sleeps in it. */
static inline void truth_check_call(const struct truth_case *one, const struct task_report *task,
				    const struct counts *counts, const char *label)
{
	const struct tb_other *found = NULL;
	unsigned int n = 0;

	for (int i = 0; i < TB_OTHERS; i++)
		if (task->end.slot.others[i].slept != task->start.slot.others[i].slept) {
			found = &task->end.slot.others[i];
			n++;
		}
	tap_ok(n == 1 && found->call == one->call, "%s: all in the one system call", label);
	if (n == 1)
		tap_ok(found->slept == counts->slept[TB_OTHER] &&
			       found->wait_ns == counts->blocked_ns[TB_OTHER],
		       "%s: whose sleeps and time are those of `other`", label);
}

/* By the table of words, in which nobody else has any: it is asked of the last race. */
static inline void truth_check_words(const struct probe *probe, const struct truth_case *one,
				     const char *label)
{
	struct findings findings;
	uint64_t slept = 0;

	if (!tap_ok(probe_findings(probe, &findings) == 0, "%s: findings", label))
		return;
	for (size_t i = 0; i < findings.n_locks; i++)
		if (findings.locks[i].what == TB_WHAT_FUTEX)
			slept += findings.locks[i].count;
	tap_equal(slept, one->in_list ? 0 : TRUTH_SLEEPS, "%s: so many on one word", label);
	findings_free(&findings);
}

/* Which of the two a fault is whose page another task brings has changed with per-VMA locks. */
static inline uint64_t truth_faults(const struct snapshot *snapshot)
{
	return snapshot->minor_faults + snapshot->major_faults;
}

static inline void truth_check_sleeper(const struct truth_case *one,
				       const struct race_outcome *outcome,
				       const struct truth *truth, const char *label)
{
	const struct task_report *task = &outcome->tasks[0];
	struct counts counts;

	counts_of_window(&counts, task);
	truth_check_reason(one, &counts, truth, label);
	if (one->reason == TB_OTHER)
		truth_check_call(one, task, &counts, label);
	if (one->reason == TB_PAGE_FAULT)
		tap_ok(truth_faults(&task->end) - truth_faults(&task->start) >= TRUTH_SLEEPS,
		       "%s: getrusage has no fewer faults", label);
	if (one->kernel_mutexes)
		tap_equal(counts.contention[TB_MUTEX].count, TRUTH_SLEEPS,
			  "%s: waits for kernel mutexes, as many as there were", label);
	tap_ok(traced_switches_agree(outcome) && traced_nothing_lost(outcome),
	       "%s: switches equal getrusage's, nothing is lost", label);
}

/* Races the case, in modes that it has, and says what came out. */
static inline void truth_check(struct probe *probe, const struct truth_case *one, enum mode mode)
{
	const char *why = one->unsupported ? one->unsupported() : NULL;
	struct race_outcome outcome;
	struct truth *truth;
	char label[64];

	if (one->modes && !(one->modes & 1U << mode))
		return;
	snprintf(label, sizeof(label), "%s, %s", one->name, mode_name(mode));
	if (why) {
		tap_skip("%s: %s", label, why);
		return;
	}
	truth = mmap(NULL, sizeof(*truth), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (truth == MAP_FAILED) {
		tap_ok(false, "%s: memory", label);
		return;
	}
	truth_race(probe, one, mode, truth, &outcome);
	truth_check_sleeper(one, &outcome, truth, label);
	if (one->reason == TB_FUTEX)
		truth_check_words(probe, one, label);
	race_outcome_free(&outcome);
	munmap(truth, sizeof(*truth));
}

#endif
