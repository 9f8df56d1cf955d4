/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/watched.h"

#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>

#include "empty.skel.h"
#include "probe/drain.h"
#include "probe/timeline.h"

const char *const watch_names[WATCHES] = {
	[WATCH_NONE] = "untraced", [WATCH_EMPTY_SLEEPS] = "empty sleeps",
	[WATCH_SLEEPS] = "sleeps", [WATCH_EMPTY_CALLS] = "empty calls",
	[WATCH_CALLS] = "calls",   [WATCH_WAKERS] = "wakers",
	[WATCH_STACKS] = "stacks", [WATCH_TIMELINE] = "timeline",
};

__attribute__((noreturn)) static void give_up(const char *what)
{
	fprintf(stderr, "%s; tracebench doctor says why\n", what);
	exit(EXIT_FAILURE);
}

static struct probe *load(unsigned int max_tasks, bool stacks)
{
	const struct probe_options options = {
		.max_tasks = max_tasks,
		.calls = true,
		.wakers = true,
		.stacks = stacks,
	};
	struct probe *probe;

	if (probe_load(&options, &probe))
		give_up("the probe cannot be loaded");
	return probe;
}

void watcher_load(struct watcher *watcher, unsigned int max_tasks)
{
	*watcher = (struct watcher){ .max_tasks = max_tasks };
	libbpf_set_print(NULL);
	watcher->empty = empty_bpf__open_and_load();
	if (!watcher->empty)
		give_up("no BPF program can be loaded");
	watcher->probe = load(max_tasks, false);
	if (!probe_sees_calls(watcher->probe))
		give_up("the probe sees no system calls");
}

void watcher_free(struct watcher *watcher)
{
	probe_free(watcher->probe);
	probe_free(watcher->stacks);
	probe_free(watcher->timeline);
	empty_bpf__destroy(watcher->empty);
}

/* Empty programs where the probe would have its own: on one CPU it watches no wake-ups either. */
static struct bench_race race_with_empty(struct empty_bpf *empty, enum level level,
					 const struct race_spec *spec)
{
	bool calls = level == LEVEL_CALLS;
	struct bench_race race;

	bpf_program__set_autoattach(empty->progs.empty_wakeup, !race_is_on_one_cpu(spec));
	bpf_program__set_autoattach(empty->progs.empty_sys_enter, calls);
	bpf_program__set_autoattach(empty->progs.empty_sys_exit, calls);
	if (empty_bpf__attach(empty))
		give_up("empty programs cannot be attached");
	race = bench_race(spec);
	empty_bpf__detach(empty);
	return race;
}

static struct bench_race race_with_probe(struct probe *probe, enum level level,
					 struct race_spec spec)
{
	struct bench_race race;

	if (probe_attach(probe, level, race_is_on_one_cpu(&spec)))
		give_up("the probe cannot be attached");
	spec.slots = probe_slots(probe, &spec.n_slots);
	spec.before_start = probe_target;
	spec.context = probe;
	race = bench_race(&spec);
	probe_detach(probe);
	return race;
}

static struct probe *timeline_of(struct watcher *watcher, unsigned int max_tasks)
{
	const struct probe_options options = { .max_tasks = max_tasks, .timeline = true };

	if (!watcher->timeline && probe_load(&options, &watcher->timeline))
		give_up("the probe for a timeline cannot be loaded");
	return watcher->timeline;
}

struct start {
	struct probe *probe;
	struct capture_writer *writer;
	const struct race_spec *spec;
	struct drain *drain;
};

static int before_start(void *context, pid_t arena, int pidfd, uint64_t object,
			uint64_t object_bytes)
{
	struct start *start = context;
	int err = probe_target(start->probe, arena, pidfd, object, object_bytes);

	return err ? err :
		     drain_start(start->probe, start->writer, start->spec->cpus,
				 start->spec->workers, &start->drain);
}

/* As a session records it, with the default rings: an event that is lost is a failure. */
static struct bench_race race_with_timeline(struct probe *probe, struct race_spec spec)
{
	const struct capture_about about = { "bench", "", "", 1 };
	const struct capture_race about_race = { .strategy = spec.strategy->name, .mode = "" };
	const struct capture_race_end end = { 0 };
	struct start start = { .probe = probe, .spec = &spec };
	struct bench_race race;

	if (capture_create("timeline.cap", true, &about, &start.writer) ||
	    capture_begin_race(start.writer, &about_race))
		give_up("no capture can be written");
	if (probe_attach(probe, LEVEL_TIMELINE, race_is_on_one_cpu(&spec)))
		give_up("the probe cannot be attached");
	spec.slots = probe_slots(probe, &spec.n_slots);
	spec.before_start = before_start;
	spec.context = &start;
	race = bench_race(&spec);
	probe_detach(probe);
	drain_stop(start.drain);
	if (timeline_lost(probe_timeline(probe)))
		give_up("events were lost");
	if (capture_end_race(start.writer, &end))
		give_up("the capture cannot be written");
	capture_free(start.writer);
	return race;
}

struct bench_race watcher_race(struct watcher *watcher, enum watch watch,
			       const struct race_spec *spec)
{
	switch (watch) {
	case WATCH_EMPTY_SLEEPS:
		return race_with_empty(watcher->empty, LEVEL_SLEEPS, spec);
	case WATCH_SLEEPS:
		return race_with_probe(watcher->probe, LEVEL_SLEEPS, *spec);
	case WATCH_EMPTY_CALLS:
		return race_with_empty(watcher->empty, LEVEL_CALLS, spec);
	case WATCH_CALLS:
		return race_with_probe(watcher->probe, LEVEL_CALLS, *spec);
	case WATCH_WAKERS:
		return race_with_probe(watcher->probe, LEVEL_WAKERS, *spec);
	case WATCH_STACKS:
		if (!watcher->stacks)
			watcher->stacks = load(watcher->max_tasks, true);
		return race_with_probe(watcher->stacks, LEVEL_STACKS, *spec);
	case WATCH_TIMELINE:
		return race_with_timeline(timeline_of(watcher, spec->workers), *spec);
	default:
		return bench_race(spec);
	}
}
