/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The word that a thread sleeps on when it takes a lock twice is the lock's own, by BPF and by /proc
 * alike; where glibc lets it sleep on another one, that is told apart. What the probe counted of it
 * while it is still asleep adds up.
 */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "experiment/reentry.h"
#include "lib/tap.h"
#include "lib/traced.h"

static const struct lock_kind *kind_of(const char *name)
{
	size_t i = 0;

	while (strcmp(lock_kinds[i].name, name) != 0)
		i++;
	return &lock_kinds[i];
}

static struct reentry_finding try(struct probe *probe, const char *name)
{
	const struct reentry_options options = {
		.timeout_ns = 50 * NS_PER_MS,
		.probe = probe,
		.interrupt_fd = -1,
	};
	struct reentry_finding finding;

	tap_equal(reentry_try(&options, kind_of(name), &finding), 0, "%s: it is tried", name);
	return finding;
}

static struct reentry_finding found_with(struct probe *probe, const char *name)
{
	struct reentry_finding finding = try(probe, name);

	tap_ok(finding.counted && finding.reconciled, "%s: its switches reconcile", name);
	tap_ok(fabs((double)counts_unaccounted_ns(&finding.counts)) <=
		       0.01 * (double)finding.counts.wall_ns,
	       "%s: its time adds up", name);
	return finding;
}

/* One that is asleep when it is looked at. */
static void check_asleep(struct probe *probe, const char *name, enum reentry_place place,
			 enum reentry_outcome outcome, int refused)
{
	struct reentry_finding finding = found_with(probe, name);

	tap_ok(finding.by_slot && finding.by_proc && !finding.sources_differ,
	       "%s: BPF and /proc both say where it is, and agree", name);
	tap_equal(finding.where.kind, WHERE_FUTEX, "%s: asleep on a futex word", name);
	tap_equal(finding.place, place, "%s: of the %s", name, reentry_place_name(place));
	if (place == PLACE_LOCK)
		tap_equal(finding.offset, 0, "%s: the first of it", name);
	tap_equal(finding.outcome, outcome, "%s: which is said to be %s", name,
		  reentry_outcome_name(outcome));
	tap_equal(finding.futex_sleeps, 1, "%s: one futex sleep, that has not ended", name);
	tap_equal(finding.futex_calls, 1 + refused, "%s: one futex call that has not returned%s",
		  name, refused ? ", and one that was refused" : "");
	tap_equal(finding.futex_failed, refused, "%s: the kernel refused %d", name, refused);
	tap_ok(finding.counts.blocked_ns[TB_FUTEX] > finding.counts.wall_ns / 2,
	       "%s: its time is blocked on a futex", name);
}

static void check_refused(struct probe *probe, const char *name, const char *by, uint64_t calls)
{
	struct reentry_finding finding = found_with(probe, name);
	const char *refused_by = reentry_refused_by(&finding);

	tap_equal(finding.error, EDEADLK, "%s: EDEADLK", name);
	tap_ok(refused_by && !strcmp(refused_by, by), "%s: by %s", name, by);
	tap_equal(finding.futex_calls, calls, "%s: as its futex calls tell", name);
	tap_equal(finding.futex_sleeps, 0, "%s: without a sleep", name);
}

static void check_spinning(struct probe *probe)
{
	struct reentry_finding finding = found_with(probe, "spin");

	tap_equal(finding.outcome, REENTRY_SPINS, "spin: it spins");
	tap_ok(finding.by_slot && finding.by_proc && !finding.sources_differ,
	       "spin: BPF and /proc both say so");
	tap_equal(finding.counts.voluntary, 0, "spin: it never gave way");
	tap_equal(counts_blocked_ns(&finding.counts), 0, "spin: nor slept");
}

/* Where the kernel shows no system calls, the rest is as it was, and nobody guesses who refused. */
static void check_without_calls(void)
{
	struct probe_options options = { .max_tasks = REENTRY_TASKS };
	struct reentry_finding finding;
	struct probe *probe;

	if (probe_load(&options, &probe)) {
		tap_ok(false, "the probe loads without system calls");
		return;
	}
	finding = found_with(probe, "mutex");
	tap_equal(finding.outcome, REENTRY_SELF_DEADLOCK, "without calls: still a self-deadlock");
	tap_ok(finding.by_slot && !finding.calls_counted, "without calls: by what is left");
	finding = found_with(probe, "futex-pi");
	tap_equal(finding.error, EDEADLK, "without calls: EDEADLK");
	tap_ok(!reentry_refused_by(&finding), "without calls: by nobody knows whom");
	probe_free(probe);
}

/* The first switch of a thread is on its way to the start line. */
static void check_missed(void)
{
	const char *why;
	struct probe *probe = traced_probe((struct probe_options){ .switch_to_miss = 1 }, &why);

	tap_ok(!try(probe, "mutex").reconciled,
	       "a probe that misses one switch does not reconcile");
	probe_free(probe);
}

int main(void)
{
	const char *why;
	struct probe *probe = traced_probe((struct probe_options){ 0 }, &why);

	if (!probe) {
		tap_skip("bpf: %s", why);
		return tap_done();
	}
	check_asleep(probe, "mutex", PLACE_LOCK, REENTRY_SELF_DEADLOCK, 0);
	check_asleep(probe, "robust", PLACE_LOCK, REENTRY_SELF_DEADLOCK, 0);
	check_asleep(probe, "pi", PLACE_STACK, REENTRY_HANGS, 1);
	check_asleep(probe, "sem", PLACE_LOCK, REENTRY_HANGS, 0);
	check_refused(probe, "errorcheck", "the C library", 0);
	check_refused(probe, "pi-errorcheck", "the C library", 0);
	check_refused(probe, "rwlock-ww", "the C library", 0);
	check_refused(probe, "futex-pi", "the kernel", 1);
	check_spinning(probe);
	probe_free(probe);
	check_without_calls();
	check_missed();
	return tap_done();
}
