/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every task that is made is traced from its birth to its last switch, and its switches are those of
 * getrusage, by the rule of experiment/spawn.h. Processes that are not waited for before they have
 * made their last switch show that the rule has no other exception: then both counts are equal.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "experiment/spawn.h"
#include "lib/tap.h"
#include "lib/traced.h"
#include "race/window.h"

#define N 100
#define REPEATS 2

static const struct spawn_options common = {
	.iterations = N,
	.repeats = REPEATS,
	.timeout_ns = 60 * NS_PER_S,
	.seed = 1,
	.program = "/bin/true",
	.interrupt_fd = -1,
};

static struct probe *spawn_probe(struct probe_options options, const char **why)
{
	options.max_tasks = spawn_slots(&common);
	return traced_probe(options, why);
}

static struct spawn_row measured(struct probe *probe, const struct spawn_method *method)
{
	struct spawn_options options = common;
	struct spawn_row row;
	bool complete;

	options.probe = probe;
	if (spawn_measure(&options, &method, 1, &row, &complete))
		exit(EXIT_FAILURE);
	tap_ok(complete && row.status == RACE_OK, "%s: it is measured%s", method->name, row.reason);
	return row;
}

static void check_method(struct probe *probe, const struct spawn_method *method)
{
	struct spawn_row row = measured(probe, method);
	const struct spawn_kernel *kernel = &row.kernel;

	tap_equal(kernel->creations, N * REPEATS, "%s: as many were made as asked for",
		  method->name);
	tap_equal(kernel->tasks, kernel->creations, "%s: all of them are traced, and nothing else",
		  method->name);
	tap_equal(kernel->agree, kernel->creations, "%s: their switches agree with getrusage",
		  method->name);
	tap_equal(kernel->spawners_agree, REPEATS, "%s: the spawner's, exactly", method->name);
	tap_ok(kernel->voluntary >= kernel->creations, "%s: each has its last switch",
	       method->name);
	if (method->makes == MAKES_THREAD)
		tap_equal(kernel->voluntary - kernel->rusage_voluntary, kernel->creations,
			  "%s: which getrusage never counts of a thread", method->name);
	tap_ok(spawn_is_reconciled(kernel), "%s: so all is reconciled, and nothing lost",
	       method->name);
	tap_ok(kernel->on_cpu_ns > 0 && kernel->starts_ns.median > 0,
	       "%s: they ran, after the call", method->name);
	tap_ok(fabs((double)counts_unaccounted_ns(&kernel->spawner)) <=
		       0.01 * (double)kernel->spawner.wall_ns,
	       "%s: the spawner's time adds up", method->name);
	spawn_free(&row, 1);
}

/* The mapping is inherited by whoever waits. */
static const struct tb_slot *slots;
static unsigned int n_slots;

static int create(struct creation *creation)
{
	creation->pid = fork();
	if (creation->pid == 0)
		_exit(EXIT_SUCCESS);
	return creation->pid < 0 ? -errno : 0;
}

/* Waits for it to be a zombie, then for its last switch, and only then for its usage. */
static int join_the_dead(struct creation *creation, int *status, struct rusage *usage)
{
	const volatile struct tb_slot *slot = window_slot(slots, n_slots, creation->pid);
	siginfo_t info;

	if (waitid(P_PID, (id_t)creation->pid, &info, WEXITED | WNOWAIT))
		return -errno;
	while (slot && slot->state != TB_BLOCKED)
		usleep(10);
	return wait4(creation->pid, status, 0, usage) == creation->pid ? 0 : -errno;
}

static const struct spawn_method reaped_late = {
	.name = "fork, reaped late",
	.makes = MAKES_PROCESS,
	.create = create,
	.join = join_the_dead,
};

static void check_reaped_late(struct probe *probe)
{
	struct spawn_row row;

	slots = probe_slots(probe, &n_slots);
	row = measured(probe, &reaped_late);
	tap_equal(row.kernel.voluntary, row.kernel.rusage_voluntary,
		  "who is dead before it is waited for: voluntary switches equal getrusage's");
	tap_equal(row.kernel.involuntary, row.kernel.rusage_involuntary, "involuntary ones, too");
	tap_ok(spawn_is_reconciled(&row.kernel), "and so is each of them");
	spawn_free(&row, 1);
}

/* A switch of the middle, which may be a child's or its spawner's. */
static void check_missed(const struct spawn_method *method)
{
	const char *why;
	struct probe *probe = spawn_probe((struct probe_options){ .switch_to_miss = N }, &why);
	struct spawn_row row = measured(probe, method);

	tap_ok(!spawn_is_reconciled(&row.kernel),
	       "%s: a probe that misses one switch does not "
	       "reconcile",
	       method->name);
	spawn_free(&row, 1);
	probe_free(probe);
}

int main(void)
{
	const char *why;
	struct probe *probe = spawn_probe((struct probe_options){ 0 }, &why);

	if (!probe) {
		tap_skip("bpf: %s", why);
		return tap_done();
	}
	for (size_t i = 0; i < n_spawn_methods; i++)
		if (!spawn_methods[i].unsupported || !spawn_methods[i].unsupported())
			check_method(probe, &spawn_methods[i]);
	check_reaped_late(probe);
	probe_free(probe);
	check_missed(&spawn_methods[0]);
	check_missed(&spawn_methods[1]);
	return tap_done();
}
