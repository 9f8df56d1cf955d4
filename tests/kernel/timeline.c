/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a capture says of a task, read by a program that knows the format alone (tests/lib/capture.py),
 * is what its slot counted: as many switches of each kind, and the same time off the CPU, to the
 * nanosecond. So it is where the kernel hides switches, and the events are recovered.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/tap.h"
#include "lib/traced.h"
#include "session/timeline.h"
#include "strategy/registry.h"

#define READER "tests/lib/capture.py"

static char path[] = "/tmp/tracebench-timeline-XXXXXX";

/* One race into a capture of its own. */
static void capture_race(struct probe *probe, const struct entry *entry, struct race_spec *spec,
			 struct race_outcome *outcome)
{
	const struct capture_about about = { "test", "host", "kernel", 1 };
	struct timeline_pass pass = { .probe = probe, .entry = entry };
	struct found found = { 0 };

	if (capture_create(path, true, &about, &pass.writer))
		exit(EXIT_FAILURE);
	timeline_race(&pass, spec, outcome);
	if (outcome->status != RACE_OK) {
		fprintf(stderr, "%s: %s\n", entry->strategy->name, outcome->reason);
		exit(EXIT_FAILURE);
	}
	if (probe_findings(probe, &found.findings) || timeline_end(&pass, outcome, &found) ||
	    capture_finish(pass.writer))
		exit(EXIT_FAILURE);
	findings_free(&found.findings);
	capture_free(pass.writer);
}

static const struct task_report *report_of(const struct race_outcome *outcome, int tid)
{
	for (unsigned int i = 0; i < outcome->n_tasks; i++)
		if (outcome->tasks[i].tid == tid)
			return &outcome->tasks[i];
	return NULL;
}

/* Compares line by line what the reader says. Returns how many arrivals were recovered. */
static uint64_t compare(const struct race_outcome *outcome, const char *what)
{
	uint64_t voluntary, involuntary, off_cpu_ns, recovered, all_recovered = 0;
	unsigned int race, seen = 0, agree = 0;
	char command[128];
	FILE *reader;
	int tid;

	snprintf(command, sizeof(command), "python3 %s counts %s", READER, path);
	reader = popen(command, "r");
	if (!reader)
		exit(EXIT_FAILURE);
	while (fscanf(reader, "%u %d %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64, &race, &tid,
		      &voluntary, &involuntary, &off_cpu_ns, &recovered) == 6) {
		const struct task_report *report = report_of(outcome, tid);
		struct counts window;

		if (!report)
			continue;
		counts_of_window(&window, report);
		all_recovered += recovered;
		seen++;
		if (voluntary == window.voluntary && involuntary == window.involuntary &&
		    off_cpu_ns == window.run_queue_ns + counts_blocked_ns(&window))
			agree++;
		else
			tap_note("%d: %" PRIu64 " %" PRIu64 " %" PRIu64 ", slot %" PRIu64
				 " %" PRIu64 " %" PRIu64,
				 tid, voluntary, involuntary, off_cpu_ns, window.voluntary,
				 window.involuntary,
				 window.run_queue_ns + counts_blocked_ns(&window));
	}
	tap_equal(pclose(reader), 0, "%s: the capture can be read", what);
	tap_equal(seen, outcome->n_tasks, "%s: every task is in it", what);
	tap_equal(agree, outcome->n_tasks, "%s: switches and time off the CPU are the slots'",
		  what);
	return all_recovered;
}

static void check(struct probe *probe, const char *name, enum mode mode, bool one_cpu, bool hidden)
{
	struct race_spec spec = traced_spec(strategy_find(name), mode, one_cpu);
	unsigned int n = spec.workers + (strategy_has_owner(spec.strategy) ? 1 : 0);
	const struct entry entry = {
		.strategy = spec.strategy,
		.mode = mode,
		.workers = spec.workers,
		.load = spec.load,
		.n_cpus = n,
	};
	struct race_outcome outcome;
	uint64_t recovered;
	char what[64];

	snprintf(what, sizeof(what), "%s, %s, %s%s", name, mode_name(mode),
		 one_cpu ? "one CPU" : "two CPUs", hidden ? ", hidden" : "");
	spec.duration_ns = 50 * NS_PER_MS;
	capture_race(probe, &entry, &spec, &outcome);
	tap_ok(traced_nothing_lost(&outcome) && traced_switches_agree(&outcome),
	       "%s: nothing is lost, switches equal getrusage's", what);
	recovered = compare(&outcome, what);
	if (hidden)
		tap_ok(recovered > 0, "%s: arrivals were recovered", what);
	race_outcome_free(&outcome);
}

/* Of the probe as it is, and of one from which arrivals are hidden. */
static int check_probe(uint64_t hide_every, const char **why)
{
	static const char *const names[] = { "turn-futex", "pipe", "mutex", "sem-futex", "atomic" };
	const struct probe_options options = { .timeline = true, .hide_every = hide_every };
	struct probe *probe = traced_probe(options, why);

	if (!probe)
		return -1;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		check(probe, names[i], MODE_THREADS, false, hide_every && i < 2);
		check(probe, names[i], MODE_PROCESSES, true, hide_every && i < 2);
	}
	probe_free(probe);
	return 0;
}

int main(void)
{
	const char *why;
	int fd = mkstemp(path);

	if (fd < 0)
		return EXIT_FAILURE;
	close(fd);
	if (check_probe(0, &why) || check_probe(3, &why))
		tap_skip("bpf: %s", why);
	unlink(path);
	return tap_done();
}
