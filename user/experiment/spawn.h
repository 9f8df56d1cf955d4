/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What it costs to make threads and processes and to wait for their end, one after the other, and
 * what the kernel does meanwhile. Each repeat of a method is a process of its own, the spawner,
 * which makes so many of them; timings come from untraced repeats, the kernel's counts from traced
 * ones, interleaved in random order.
 */
#ifndef EXPERIMENT_SPAWN_H
#define EXPERIMENT_SPAWN_H

#include <stdbool.h>
#include <stdint.h>

#include "experiment/spawn_method.h"
#include "probe/probe.h"
#include "race/engine.h"
#include "session/counts.h"
#include "session/samples.h"
#include "session/session.h"

struct spawn_options {
	uint64_t iterations; /* creations of a repeat */
	uint64_t repeats; /* untraced, and as many traced */
	uint64_t warmup;
	uint64_t timeout_ns; /* of a repeat */
	uint64_t seed;
	const char *program; /* what is executed */
	bool keep_root;
	struct probe *probe; /* with spawn_slots() slots. NULL: not traced */
	int interrupt_fd; /* readable: stop now. -1: none */
	/* Told before each repeat; may be NULL. */
	void (*progress)(size_t step, size_t n_steps, const char *what);
};

/* What tasks used up, by getrusage and the CPU clocks. */
struct spawn_use {
	uint64_t cpu_ns;
	uint64_t minor_faults;
	uint64_t major_faults;
	uint64_t voluntary;
	uint64_t involuntary;
};

/*
 * What the kernel did, by the probe. The children's whole lives are counted, from the first moment
 * on a CPU to the last; of the spawner, the time in which it made them.
 *
 * Their switches are compared with what getrusage shows of them, which misses what comes after it
 * looked. A process has its count taken by whoever waits for it, which may be before the last switch
 * away from it: it has at most one voluntary switch more, and when it has, perhaps involuntary ones
 * before that. A thread's count is taken by itself on its way out: all threads together have exactly
 * one voluntary switch more each.
 */
struct spawn_kernel {
	uint64_t repeats;
	uint64_t creations;
	uint64_t tasks; /* without the spawner; more where a program makes tasks of its own */

	uint64_t voluntary; /* of the children, like all up to migrations */
	uint64_t involuntary;
	uint64_t on_cpu_ns;
	uint64_t run_queue_ns; /* once they had run */
	uint64_t blocked_ns;
	uint64_t migrations;
	uint64_t rusage_voluntary; /* their switches as getrusage shows them */
	uint64_t rusage_involuntary;
	uint64_t agree; /* creations whose switches obey the rule */

	struct counts spawner;
	uint64_t spawners_agree; /* repeats whose spawner's switches equal getrusage's */
	uint64_t lost[TB_LOSSES];

	struct estimate starts_ns; /* from the call to the first moment on a CPU, mean of a repeat */
	struct estimate slowdown; /* whole_ns traced / untraced */
};

struct spawn_row {
	const struct spawn_method *method;
	enum race_status status; /* of the first repeat that did not end well */
	const char *unsupported; /* why it was not tried, or NULL */
	char reason[RACE_REASON_BYTES];

	uint64_t resident_bytes; /* of the largest spawner */

	/* Untraced repeats; per creation, mean of a repeat. */
	struct estimate create_ns; /* until the call returned */
	struct estimate whole_ns; /* until the end was waited for */
	uint64_t creations;
	struct spawn_use children; /* sums */
	struct spawn_use spawner;

	bool traced;
	struct spawn_kernel kernel; /* traced repeats */
};

/* Slots that the probe must have. */
unsigned int spawn_slots(const struct spawn_options *options);

/*
 * Fills a row for each method; free them with spawn_free(). *complete: nobody interrupted. Returns
 * 0 or -ENOMEM.
 */
int spawn_measure(const struct spawn_options *options, const struct spawn_method *const *methods,
		  size_t n_methods, struct spawn_row *rows, bool *complete);
void spawn_free(struct spawn_row *rows, size_t n_rows);

/* Whether all that was compared agrees, and nothing was lost. */
bool spawn_is_reconciled(const struct spawn_kernel *kernel);

/* Tasks that nobody here made: the program's own, of which not all can be counted. */
uint64_t spawn_strangers(const struct spawn_kernel *kernel);

#endif
