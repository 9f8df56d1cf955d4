/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The probe: BPF programs that count what the kernel does with the tasks of a race. Loaded once,
 * attached only while a traced race runs, and the only owner of its skeleton.
 */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <tracebench/slot.h>

#include "base/level.h"
#include "probe/cost.h"
#include "probe/findings.h"

struct probe;
struct timeline;

/* Enough for two tasks that sleep on 10,000 words each, in 1.5 MiB. */
#define PROBE_LOCKS 32768

struct probe_options {
	unsigned int max_tasks; /* slots: tasks of the largest race */
	bool calls; /* it is to be attached at LEVEL_CALLS, too */
	bool wakers; /* and at LEVEL_WAKERS */
	bool stacks; /* and at LEVEL_STACKS */
	/* It is to be attached at LEVEL_TIMELINE, and at no other: the programs are others then. */
	bool timeline;
	size_t ring_bytes; /* of each CPU's, rounded up to a power of two; 0: timeline_ring_bytes() */
	unsigned int max_locks; /* entries of the table of locks; 0: PROBE_LOCKS */
	unsigned int max_stacks; /* places of which stacks are taken; 0: by the number of tasks */
	unsigned int ways; /* to be taken, see base/way.h; 0 of a pair: the probe chooses */
	/* Faults for tests; 0: none. The so-manieth switch is not counted at all ... */
	uint64_t switch_to_miss;
	/* ... every so-manieth switch-in and wake-up is hidden, as some kernels do. */
	uint64_t hide_every;
	/* ... tasks are found the slow way only. */
	bool buckets_are_full;
	/* ... so many pairs of a waker and a wakee have room, and as many owners; 0: enough. */
	unsigned int max_edges;
	/* ... the kernel has no system-call tracepoints. */
	bool no_syscall_tracepoints;
};

/*
 * Loads and verifies the programs. Returns 0 or a negative errno; free with probe_free(). It fails
 * where a way is wished that is refused; way_refused() says which.
 */
int probe_load(const struct probe_options *options, struct probe **probe);
void probe_free(struct probe *probe); /* NULL is fine */
double probe_load_ms(const struct probe *probe);
/* Whether it can be attached at LEVEL_CALLS: it was wished for, and this kernel lets it. */
bool probe_sees_calls(const struct probe *probe);
/* The ways that were taken, one of each pair. */
unsigned int probe_ways(const struct probe *probe);
/* Whether io_uring's futex operations are seen then. */
bool probe_sees_uring(const struct probe *probe);

/*
 * Empties the slots and attaches what LEVEL_SLEEPS, _CALLS, _WAKERS, _TIMELINE or _STACKS needs. No task of an earlier race
 * may be alive. Returns 0 or a negative errno, and then is not attached.
 *
 * `one_cpu`: the race's tasks, several, are all pinned to one CPU. Then wake-ups need not be watched, which
 * saves a third of what watching costs: a task gets the CPU from another one that ran, so the
 * scheduler's own account of when it was queued is as good as a time stamp of ours. (An idle CPU
 * has to be woken first, and that wait is missing in the account.)
 */
int probe_attach(struct probe *probe, enum level level, bool one_cpu);
void probe_detach(struct probe *probe);

/*
 * Where the next race's object has locks that say who has them: `first` and `owner` are offsets, and
 * `end` is ignored. Looked at at LEVEL_WAKERS. All zero: nowhere.
 */
void probe_mutexes(struct probe *probe, const struct tb_mutexes *mutexes);

/*
 * Marks the process: its children to come are traced, it is not. For race_spec.before_start,
 * hence the void pointer. Returns 0 or a negative errno.
 */
int probe_target(void *probe, pid_t pid, int pidfd, uint64_t object, uint64_t object_bytes);

/* The slots, mapped to be read, valid until probe_free(); the mapping is inherited by fork. */
const struct tb_slot *probe_slots(const struct probe *probe, unsigned int *n);

/* Its rings and what stands beside them; NULL: no timeline was asked for. */
struct timeline *probe_timeline(struct probe *probe);

/* What the kernel's own threads did that worked for a race: those of io_uring. */
struct probe_threads {
	uint64_t tasks;
	uint64_t on_cpu_ns;
	uint64_t voluntary;
	uint64_t involuntary;
};

/*
 * Adds the threads since probe_attach(), from their birth until probe_detach(), which has to be
 * over: they have no timed window. What was done by one without a slot is lost, see below.
 */
void probe_add_threads(const struct probe *probe, struct probe_threads *sum);

/* Adds to lost[] what no slot could be charged with since probe_attach(). */
void probe_add_losses(const struct probe *probe, uint64_t lost[TB_LOSSES]);

/*
 * What the tasks of the last race waited for, and, at LEVEL_WAKERS, by whom they were woken, at
 * LEVEL_STACKS, where they and their wakers were. To be asked for before the next probe_attach(). Returns 0 or a negative errno; free with
 * findings_free() either way.
 */
int probe_findings(const struct probe *probe, struct findings *findings);

/*
 * What it takes of the machine: its maps and its programs, as in cost.h, and the medians, within 0.8 %,
 * of what probe_attach() and probe_detach() have taken so far; NaN before the first.
 */
int probe_maps(const struct probe *probe, struct map_cost **maps, size_t *n);
int probe_programs(const struct probe *probe, struct program_cost **programs, size_t *n);
double probe_attach_ms(const struct probe *probe);
double probe_detach_ms(const struct probe *probe);

#endif
