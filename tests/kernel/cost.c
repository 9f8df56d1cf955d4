/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the probe takes of the machine. The kernel's statistics of its programs and what these counted
 * are two accounts of the same events: nothing is counted but by a run, and no switch has two.
 */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/privilege.h"
#include "lib/tap.h"
#include "lib/traced.h"
#include "session/own_cost.h"
#include "strategy/registry.h"

/* Since boot, on all CPUs. */
static uint64_t machine_switches(void)
{
	FILE *file = fopen("/proc/stat", "r");
	uint64_t switches = 0;
	char line[4096];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "ctxt %" SCNu64, &switches) == 1)
			break;
	if (file)
		fclose(file);
	return switches;
}

static unsigned int open_files(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned int n = 0;

	while (directory && readdir(directory))
		n++;
	if (directory)
		closedir(directory);
	return n;
}

static struct program_cost *find(struct program_cost *list, size_t n, const char *name)
{
	static struct program_cost none;

	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	tap_ok(false, "%s is attached", name);
	return &none;
}

/* Up to the end of the windows, when every run that was for them is over and counted. */
struct seen {
	uint64_t switches, wakeups, recovered, entered, returned;
};

static struct seen seen_by_slots(const struct race_outcome *outcome)
{
	struct seen seen = { 0 };

	for (unsigned int i = 0; i < outcome->n_tasks; i++) {
		const struct tb_slot *slot = &outcome->tasks[i].end.slot;

		seen.switches += tb_slot_switches(slot);
		seen.wakeups += slot->wakeups;
		seen.recovered += slot->recovered;
		seen.entered += slot->calls.entered;
		seen.returned += slot->calls.returned;
	}
	return seen;
}

static void compare(struct program_cost *list, size_t n, const struct race_outcome *outcome,
		    uint64_t switched)
{
	const struct program_cost *on_switch = find(list, n, "tp_btf/sched_switch");
	const struct program_cost *on_wakeup = find(list, n, "tp_btf/sched_wakeup");
	const struct program_cost *on_enter = find(list, n, "tp_btf/sys_enter");
	const struct program_cost *on_exit = find(list, n, "tp_btf/sys_exit");
	struct seen seen = seen_by_slots(outcome);

	tap_ok(seen.switches > 100 && on_switch->runs >= seen.switches,
	       "a run for each switch (%" PRIu64 " of %" PRIu64 ")", on_switch->runs,
	       seen.switches);
	tap_ok(on_switch->runs <= switched, "and for no other (%" PRIu64 " on the machine)",
	       switched);
	tap_ok(on_wakeup->runs + seen.recovered >= seen.wakeups,
	       "a run for each wake-up that was shown (%" PRIu64 " of %" PRIu64 ")",
	       on_wakeup->runs, seen.wakeups);
	tap_ok(seen.entered > 100 && on_enter->runs >= seen.entered,
	       "a run for each call entered (%" PRIu64 " of %" PRIu64 ")", on_enter->runs,
	       seen.entered);
	tap_ok(on_exit->runs >= seen.returned,
	       "a run for each that returned (%" PRIu64 " of %" PRIu64 ")", on_exit->runs,
	       seen.returned);
	tap_ok(find(list, n, "tp_btf/task_newtask")->runs >= outcome->n_tasks,
	       "a run for each task");
	tap_ok(on_switch->run_ns && on_wakeup->run_ns && on_enter->run_ns && on_exit->run_ns,
	       "and they took time");
}

/* One race, with everything watched, of a probe whose programs have never run. */
static void check_runs(struct probe *probe)
{
	struct race_spec spec =
		traced_spec(strategy_find("turn-futex"), MODE_THREADS, /* one_cpu */ true);
	uint64_t switched = machine_switches();
	struct program_cost *list = NULL;
	struct race_outcome outcome;
	size_t n = 0;
	int err;

	spec.slots = probe_slots(probe, &spec.n_slots);
	spec.before_start = probe_target;
	spec.context = probe;
	err = probe_attach(probe, LEVEL_CALLS, false);
	if (err)
		exit(EXIT_FAILURE);
	race_run(&spec, &outcome);
	tap_ok(outcome.status == RACE_OK, "it was raced %s", outcome.reason);
	err = probe_programs(probe, &list, &n);
	probe_detach(probe);
	switched = machine_switches() - switched;
	if (tap_ok(err == 0 && outcome.status == RACE_OK, "the programs are known"))
		compare(list, n, &outcome, switched);
	free(list);
	race_outcome_free(&outcome);
}

/* The calls level adds its own to those of the sleeps level, and has all of these again. */
static void check_levels(const struct own_cost *cost, uint64_t switched)
{
	size_t at_sleeps = 0, at_calls = 0;
	uint64_t runs = 0;
	bool right = true;

	for (size_t i = 0; i < cost->n_programs; i++) {
		const struct program_runs *program = &cost->programs[i];
		bool of_calls = strncmp(program->name, "tp_btf/sys_", 11) == 0;

		at_sleeps += program->level == LEVEL_SLEEPS;
		at_calls += program->level == LEVEL_CALLS;
		right = right && (!of_calls || program->level == LEVEL_CALLS);
		if (strcmp(program->name, "tp_btf/sched_switch") == 0)
			runs += program->runs;
	}
	tap_ok(right && at_sleeps >= 6 && at_calls >= at_sleeps + 2,
	       "at each level its programs (%zu and %zu)", at_sleeps, at_calls);
	tap_ok(runs > 100 && runs <= switched,
	       "runs in its own time alone (%" PRIu64 " of %" PRIu64 ")", runs, switched);
}

static void check_measured(struct probe *probe)
{
	const struct own_cost_pass pass = { .levels = 1U << LEVEL_SLEEPS | 1U << LEVEL_CALLS,
					    .cpu = traced_spec(NULL, MODE_THREADS, true).cpus[0],
					    .interrupt_fd = -1 };
	unsigned int files = open_files();
	uint64_t switched = machine_switches();
	struct own_cost cost = { 0 };

	tap_equal(own_cost_measure(probe, &pass, &cost), 0, "it is measured");
	tap_ok(!*cost.reason, "no program is left out %s", cost.reason);
	check_levels(&cost, machine_switches() - switched);
	tap_ok(probe_attach_ms(probe) > 0 && probe_detach_ms(probe) > 0,
	       "attaching was clocked, and detaching");
	tap_equal(open_files(), files, "statistics are not kept open");
	own_cost_free(&cost);
}

static void check_maps(struct probe *probe)
{
	struct map_cost *maps = NULL;
	uint64_t bytes = 0;
	unsigned int n_slots;
	size_t n = 0;

	probe_slots(probe, &n_slots);
	tap_equal(probe_maps(probe, &maps, &n), 0, "the kernel tells what the maps take");
	for (size_t i = 0; i < n; i++)
		if (strcmp(maps[i].name, "slots") == 0)
			bytes = maps[i].bytes;
	tap_ok(bytes >= n_slots * sizeof(struct tb_slot) && bytes < 16 << 20,
	       "the slots are in there (%" PRIu64 " bytes)", bytes);
	free(maps);
}

static void check_without_the_right(struct probe *probe)
{
	const struct own_cost_pass pass = { .levels = 1U << LEVEL_SLEEPS, .interrupt_fd = -1 };
	struct own_cost cost = { 0 };

	if (privilege_limit(PRIVILEGE_TRACING))
		exit(EXIT_FAILURE);
	tap_equal(own_cost_measure(probe, &pass, &cost), 0, "without the right it is no error");
	tap_ok(strstr(cost.reason, "CAP_SYS_ADMIN"), "the right is named: %s", cost.reason);
	tap_equal(cost.n_programs, 0, "and no program's time is made up");
	own_cost_free(&cost);
}

int main(void)
{
	const char *why;
	struct probe *probe = traced_probe((struct probe_options){ 0 }, &why);
	int statistics;

	if (!probe) {
		tap_skip("bpf: %s", why);
		return tap_done();
	}
	tap_ok(isnan(probe_attach_ms(probe)), "never attached, it took no time");
	check_maps(probe);
	statistics = cost_statistics_open();
	if (statistics < 0) {
		tap_skip("statistics: %s", strerror(-statistics));
	} else {
		check_runs(probe);
		close(statistics);
		check_measured(probe);
	}
	check_without_the_right(probe);
	probe_free(probe);
	return tap_done();
}
