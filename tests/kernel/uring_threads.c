/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel's own threads do for a race through io_uring is shown apart: those that do what
 * would block, and the one that polls for submissions. They take no slot of a task's: there is one
 * here for the only worker. Each one's switches are compared with its own by /proc, at a moment at
 * which it sleeps, and how many there are with the worker's own list of its threads.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "experiment/whereabouts.h"
#include "lib/tap.h"
#include "lib/traced.h"
#include "race/window.h"
#include "strategy/registry.h"
#include "strategy/uring.h"

#define READS 20
#define IDLE_MS 10
#define OF_URING "iou-"
#define LEAST_SHARE 0.9 /* of the CPU clock: docs/design.md, "The CPU clock" */

static const struct way {
	const char *name;
	const char *thread; /* what the kernel calls it */
	unsigned int ring;
	unsigned int entry;
	bool polls;
} ways[] = {
	{ "reads by a worker", "iou-wrk-", 0, IOSQE_ASYNC, false },
	{ "submissions polled for", "iou-sqp-", IORING_SETUP_SQPOLL, 0, true },
};

/* What the worker saw of its kernel threads, asleep; shared with the test. */
struct seen {
	uint64_t threads; /* of either kind: old kernels leave what is polled for to a worker as well */
	uint64_t wanted; /* of the kind that this is about */
	uint64_t differ; /* whose switches are not those of their slots */
	struct probe_threads sum; /* by their slots */
	uint64_t cpu_ns; /* by their clocks */
};

/* Inherited by the arena and its task. */
static const struct way *way;
static const struct tb_slot *slots; /* of the kernel's threads */

static int read_once(struct io_uring *ring, const int fds[2])
{
	struct io_uring_sqe *entry = io_uring_get_sqe(ring);
	struct io_uring_cqe *completion;
	char byte = 0;
	int err;

	if (!entry || write(fds[1], &byte, 1) != 1)
		return -EIO;
	io_uring_prep_read(entry, fds[0], &byte, 1, 0);
	io_uring_sqe_set_flags(entry, way->entry);
	err = io_uring_submit(ring);
	if (err >= 0)
		err = io_uring_wait_cqe(ring, &completion);
	if (err < 0)
		return err;
	err = completion->res == 1 ? 0 : -EIO;
	io_uring_cqe_seen(ring, completion);
	return err;
}

/* Whoever is asleep in its slot has been switched out, and counted, by the kernel as well. */
static int compare(struct seen *seen, pid_t thread)
{
	const struct timespec a_little = { .tv_nsec = 1000000 };
	const volatile struct tb_slot *slot = window_slot(slots, TB_KERNEL_SLOTS, thread);
	struct proc_counts counts;
	uint64_t before, cpu_ns;
	int err;

	if (!slot)
		return -ESRCH;
	do {
		while (slot->state != TB_BLOCKED)
			nanosleep(&a_little, NULL);
		before = slot->voluntary;
		err = whereabouts_switches(getpid(), thread, &counts);
		if (!err)
			err = whereabouts_cpu_ns(getpid(), thread, &cpu_ns);
	} while (!err && (slot->state != TB_BLOCKED || slot->voluntary != before));
	if (err)
		return err;
	seen->threads++;
	seen->differ += counts.voluntary != before || counts.involuntary != slot->involuntary;
	seen->sum.voluntary += before;
	seen->sum.involuntary += slot->involuntary;
	seen->sum.on_cpu_ns += slot->on_cpu_ns;
	seen->cpu_ns += cpu_ns;
	return 0;
}

static bool is_called(pid_t thread, const char *prefix)
{
	char path[64], name[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", thread);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (!fgets(name, sizeof(name), file))
		name[0] = '\0';
	fclose(file);
	return strncmp(name, prefix, strlen(prefix)) == 0;
}

static int look_at_threads(struct seen *seen)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *entry;
	int err = 0;

	if (!tasks)
		return -errno;
	while (!err && (entry = readdir(tasks))) {
		pid_t thread = atoi(entry->d_name);

		seen->wanted += is_called(thread, way->thread);
		if (is_called(thread, OF_URING))
			err = compare(seen, thread);
	}
	closedir(tasks);
	return err;
}

static int work(struct worker *worker)
{
	struct io_uring_params parameters = { .flags = way->ring, .sq_thread_idle = IDLE_MS };
	struct io_uring ring;
	int fds[2];
	int err = pipe2(fds, O_CLOEXEC) ? -errno : 0;

	if (!err)
		err = io_uring_queue_init_params(1, &ring, &parameters);
	if (err)
		return err;
	for (; worker->done < READS && !err; worker->done++)
		err = read_once(&ring, fds);
	if (!err)
		err = look_at_threads(worker->race->object);
	io_uring_queue_exit(&ring);
	return err;
}

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct seen);
}

static const struct strategy strategy = {
	.name = "uring threads",
	.modes = IN_BOTH,
	.object_size = object_size,
	.work = work,
};

static void check_threads(const struct probe *probe, const struct seen *seen, const char *label)
{
	struct probe_threads sum = { 0 };
	uint64_t lost[TB_LOSSES] = { 0 };

	probe_add_threads(probe, &sum);
	probe_add_losses(probe, lost);
	tap_ok(seen->wanted > 0, "%s: there are threads of the kernel", label);
	tap_equal(seen->differ, 0, "%s: each with as many switches as /proc says", label);
	tap_equal(sum.tasks, seen->threads, "%s: as many as the worker knows of", label);
	tap_ok(sum.voluntary >= seen->sum.voluntary && sum.voluntary > 0 &&
		       sum.on_cpu_ns >= seen->sum.on_cpu_ns,
	       "%s: all that they did until then is in their sum", label);
	if (way->polls)
		tap_ok((double)seen->sum.on_cpu_ns >= LEAST_SHARE * (double)seen->cpu_ns,
		       "%s: on CPU for %.1f ms, by its clock %.1f ms", label,
		       (double)seen->sum.on_cpu_ns / 1e6, (double)seen->cpu_ns / 1e6);
	tap_equal(lost[TB_LOST_SLOTS], 0, "%s: they take no task's slot", label);
}

static void check(struct probe *probe, enum mode mode)
{
	struct race_spec spec = traced_spec(&strategy, mode, false);
	struct seen *seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct race_outcome outcome;
	unsigned int n_slots;
	char label[64];

	snprintf(label, sizeof(label), "%s, %s", way->name, mode_name(mode));
	if (!tap_ok(seen != MAP_FAILED, "%s: memory", label))
		return;
	slots = probe_slots(probe, &n_slots) + n_slots;
	spec.object = seen;
	spec.workers = 1;
	spec.duration_ns = 0;
	spec.iterations = READS;
	traced_run(probe, &spec, &outcome);
	check_threads(probe, seen, label);
	tap_ok(traced_switches_agree(&outcome) && traced_nothing_lost(&outcome) &&
		       traced_worst_unaccounted(&outcome) <= 0.01,
	       "%s: the worker's own counts are as ever", label);
	race_outcome_free(&outcome);
	munmap(seen, sizeof(*seen));
}

int main(void)
{
	const char *obstacle = uring_obstacle(), *why;
	struct probe *probe = traced_probe((struct probe_options){ .max_tasks = 1 }, &why);

	if (!probe) {
		tap_skip("bpf: %s", why);
		return tap_done();
	}
	for (enum mode mode = 0; mode < MODES; mode++)
		for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
			way = &ways[i];
			if (obstacle)
				tap_skip("%s: %s", way->name, obstacle);
			else
				check(probe, mode);
		}
	probe_free(probe);
	return tap_done();
}
