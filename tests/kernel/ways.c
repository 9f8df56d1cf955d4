/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each way into the kernel, forced: what is promised of counts holds for all of them. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/tap.h"
#include "lib/traced.h"
#include "probe/way.h"
#include "session/call_totals.h"
#include "strategy/registry.h"

static const struct {
	const char *name;
	unsigned int ways;
} forced[] = {
	{ "by itself", 0 },
	{ "futex=fexit", WAY_FUTEX_FEXIT },
	{ "futex=syscall", WAY_FUTEX_SYSCALL },
	{ "switch=argument", WAY_SWITCH_ARGUMENT },
	{ "switch=state-of-task", WAY_SWITCH_TASK },
	{ "storage=task", WAY_STORAGE_TASK },
	{ "storage=hash", WAY_STORAGE_HASH },
};

#define WAKES_OF_NOBODY 300
#define WAITS_FOR_NOTHING 200

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(uint32_t);
}

/* So many calls of either kind, none of which sleeps, and one that does. */
static int make_calls(struct worker *worker)
{
	const struct timespec soon = { .tv_nsec = 20 * 1000 * 1000 };
	uint32_t *word = worker->race->object;

	for (int i = 0; i < WAKES_OF_NOBODY; i++)
		if (syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0) != 0)
			return -EPROTO;
	for (int i = 0; i < WAITS_FOR_NOTHING; i++)
		if (syscall(SYS_futex, word, FUTEX_WAIT, 1, NULL, NULL, 0) != -1 || errno != EAGAIN)
			return -EPROTO;
	if (syscall(SYS_futex, word, FUTEX_WAIT, 0, &soon, NULL, 0) != -1 || errno != ETIMEDOUT)
		return -EPROTO;
	return 0;
}

static const struct strategy calls = {
	.name = "futex calls",
	.modes = IN_BOTH,
	.object_size = object_size,
	.work = make_calls,
};

static void check_futex(struct probe *probe, const char *name)
{
	struct race_spec spec = traced_spec(&calls, MODE_PROCESSES, false);
	struct call_totals totals = { 0 };
	struct race_outcome outcome;

	spec.workers = 1;
	spec.duration_ns = 0;
	spec.iterations = 1;
	traced_run_at(probe, LEVEL_CALLS, &spec, &outcome);
	call_totals_add(&totals, &outcome.tasks[0].start.slot.calls,
			&outcome.tasks[0].end.slot.calls, 0);
	tap_equal(totals.futex[FUTEX_WAKE].calls, WAKES_OF_NOBODY, "%s: wakes", name);
	tap_equal(totals.futex[FUTEX_WAKE].zero, WAKES_OF_NOBODY, "%s: that woke nobody", name);
	tap_equal(totals.futex[FUTEX_WAIT].calls, WAITS_FOR_NOTHING + 1, "%s: waits", name);
	tap_equal(totals.futex[FUTEX_WAIT].eagain, WAITS_FOR_NOTHING, "%s: for nothing", name);
	tap_equal(totals.futex[FUTEX_WAIT].timedout, 1, "%s: and one that ran out of time", name);
	tap_equal(totals.futex[FUTEX_WAIT].slept, 1, "%s: asleep", name);
	tap_equal(totals.syscalls[SYS_futex].count, WAKES_OF_NOBODY + WAITS_FOR_NOTHING + 1,
		  "%s: as many as system calls", name);
	tap_equal(totals.futex_agree, 1, "%s: which both of them say", name);
	race_outcome_free(&outcome);
}

static void check_race(struct probe *probe, enum level level, enum mode mode, bool one_cpu,
		       const char *name)
{
	const char *cpus = one_cpu ? "one CPU" : "two CPUs";
	struct race_spec spec = traced_spec(strategy_find("turn-futex"), mode, one_cpu);
	struct race_outcome outcome;
	struct counts total;

	traced_run_at(probe, level, &spec, &outcome);
	total = traced_total(&outcome);
	tap_ok(total.voluntary > 0 && traced_switches_agree(&outcome),
	       "%s, %s, %s: switches equal getrusage's", name, mode_name(mode), cpus);
	tap_ok(total.blocked_ns[TB_FUTEX] > 0 && total.wakeups > 0,
	       "%s, %s, %s: who sleeps is known to, and for what", name, mode_name(mode), cpus);
	tap_ok(traced_nothing_lost(&outcome), "%s, %s, %s: nothing is lost", name, mode_name(mode),
	       cpus);
	tap_time(traced_worst_unaccounted(&outcome) <= 0.01, "%s, %s, %s: the time adds up", name,
		 mode_name(mode), cpus);
	race_outcome_free(&outcome);
}

/* ---- Marks by pid ---- */

/* This process's map of that name, or -1. */
static int find_map(const char *name)
{
	for (int fd = 0; fd < 256; fd++) {
		struct bpf_map_info info = { 0 };
		__u32 size = sizeof(info);

		if (bpf_obj_get_info_by_fd(fd, &info, &size) == 0 && strcmp(info.name, name) == 0)
			return fd;
	}
	return -1;
}

static unsigned int count_marks(int map)
{
	__u32 pid, next;
	unsigned int n = 0;

	for (int err = bpf_map_get_next_key(map, NULL, &next); !err;
	     err = bpf_map_get_next_key(map, &pid, &next)) {
		pid = next;
		n++;
	}
	return n;
}

/* This process, marked as if another one had had its pid, makes a child. */
static int pretend_pid_is_used_again(void *probe, pid_t arena, int pidfd, uint64_t object,
				     uint64_t object_bytes)
{
	const struct tb_pid_mark stale = { .born_ns = 1, .mark = { .slot = TB_NO_SLOT } };
	__u32 pid = (__u32)getpid();
	int err = probe_target(probe, arena, pidfd, object, object_bytes);
	pid_t child;

	if (!err)
		err = bpf_map_update_elem(find_map("pid_marks"), &pid, &stale, BPF_NOEXIST);
	if (err)
		return err;
	child = fork();
	if (child == 0)
		_exit(0);
	return waitpid(child, NULL, 0) == child ? 0 : -errno;
}

static unsigned int slots_taken(const struct tb_slot *slots, unsigned int n)
{
	unsigned int taken = 0;

	for (unsigned int i = 0; i < n; i++)
		taken += slots[i].tid != 0;
	return taken;
}

/* Tasks are freed some time after they were waited for (RCU). The stale mark is of no task. */
static bool stale_is_left_alone(int map)
{
	for (int i = 0; i < 500 && count_marks(map) != 1; i++)
		usleep(10 * 1000);
	return count_marks(map) == 1;
}

static void check_pids(struct probe *probe)
{
	struct race_spec spec = traced_spec(&calls, MODE_PROCESSES, false);
	struct race_outcome outcome;
	int map = find_map("pid_marks");

	spec.workers = 1;
	spec.duration_ns = 0;
	spec.iterations = 1;
	spec.slots = probe_slots(probe, &spec.n_slots);
	spec.before_start = pretend_pid_is_used_again;
	spec.context = probe;
	if (!tap_equal(probe_attach(probe, LEVEL_SLEEPS, false), 0, "marks by pid: it attaches"))
		return;
	race_run(&spec, &outcome);
	tap_ok(stale_is_left_alone(map), "marks by pid: the dead have none, in the end");
	probe_detach(probe);
	tap_ok(outcome.status == RACE_OK, "marks by pid: raced %s", outcome.reason);
	tap_equal(slots_taken(spec.slots, spec.n_slots), spec.workers,
		  "marks by pid: a pid that is used again is nobody's");
	race_outcome_free(&outcome);
}

/* ---- */

static void check(const char *name, unsigned int ways)
{
	char refused[WAY_REFUSED];
	struct probe *probe;
	const char *why;

	if (ways && way_refused(ways, refused)) {
		tap_skip("%s", refused);
		return;
	}
	probe = traced_probe((struct probe_options){ .ways = ways }, &why);
	tap_equal(probe_ways(probe) & ways, ways, "%s: it is taken", name);
	check_race(probe, LEVEL_SLEEPS, MODE_PROCESSES, true, name);
	check_race(probe, LEVEL_CALLS, MODE_THREADS, false, name);
	check_futex(probe, name);
	if (ways & WAY_STORAGE_HASH)
		check_pids(probe);
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
	probe_free(probe);
	for (size_t i = 0; i < sizeof(forced) / sizeof(forced[0]); i++)
		check(forced[i].name, forced[i].ways);
	return tap_done();
}
