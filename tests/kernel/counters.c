/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a task has counted of its timed window besides, by perf_event_open(2). With events that the
 * kernel counts by itself, which every machine has, and getrusage and the clock know better: a
 * processor's own come the same way.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/tap.h"
#include "lib/traced.h"
#include "plan/machine.h"
#include "session/collect.h"
#include "session/merge.h"
#include "strategy/registry.h"

#define TIMES 200

/* As many as there are of the processor's, one of which no kernel has. */
enum { TASK_CLOCK, NO_SUCH, SWITCHES, FAULTS, MIGRATIONS, EVENTS };

static const struct perf_kind events[] = {
	[TASK_CLOCK] = { PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK },
	[NO_SUCH] = { PERF_TYPE_SOFTWARE, 1 << 20 },
	[SWITCHES] = { PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES },
	[FAULTS] = { PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS },
	[MIGRATIONS] = { PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS },
};

_Static_assert((int)EVENTS == (int)HARDWARE_EVENTS, "they stand for the processor's");

static const struct perf_choice choice = { .events = events,
					   .n_events = EVENTS,
					   .with_kernel = true };

/* Each time one sleep and one page fault. */
static int sleep_and_fault(struct worker *worker)
{
	const struct timespec moment = { .tv_nsec = 50 * NS_PER_US };
	size_t bytes = (size_t)sysconf(_SC_PAGESIZE);
	char *page = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int err = page == MAP_FAILED ? -errno : 0;

	while (!err && race_goes_on(worker->race, worker->done)) {
		nanosleep(&moment, NULL);
		*(volatile char *)page = 1;
		if (madvise(page, bytes, MADV_DONTNEED))
			err = -errno;
		worker->done++;
	}
	munmap(page, bytes);
	return err;
}

static const struct strategy strategy = { .name = "sleep-and-fault",
					  .modes = IN_BOTH,
					  .work = sleep_and_fault };

static void check_task(const struct task_report *task, const char *mode)
{
	const struct snapshot *start = &task->start, *end = &task->end;
	const struct perf_reading *counted = &task->counted;
	uint64_t switches =
		end->voluntary + end->involuntary - start->voluntary - start->involuntary;
	uint64_t faults =
		end->minor_faults + end->major_faults - start->minor_faults - start->major_faults;

	tap_equal(counted->counted,
		  1U << TASK_CLOCK | 1U << SWITCHES | 1U << FAULTS | 1U << MIGRATIONS,
		  "%s: the event that there is not is left out, and no other", mode);
	tap_ok(counted->values[SWITCHES] >= TIMES && counted->values[SWITCHES] <= switches,
	       "%s: switches are those of the window", mode);
	tap_ok(counted->values[FAULTS] >= TIMES && counted->values[FAULTS] <= faults,
	       "%s: page faults are those of the window", mode);
	tap_ok(counted->values[TASK_CLOCK] > 0 &&
		       counted->values[TASK_CLOCK] <= end->clock_ns - start->clock_ns,
	       "%s: its time is a part of the window", mode);
	tap_ok(counted->running_ns > 0 && counted->running_ns == counted->enabled_ns,
	       "%s: they were counted all the time", mode);
}

static void check_race(enum mode mode)
{
	struct race_spec spec = traced_spec(&strategy, mode, false);
	struct race_outcome outcome;

	spec.duration_ns = 0;
	spec.iterations = TIMES;
	spec.keep_root = true;
	spec.counted = &choice;
	race_run(&spec, &outcome);
	tap_ok(outcome.status == RACE_OK, "%s: raced %s", mode_name(mode), outcome.reason);
	for (unsigned int i = 0; i < outcome.n_tasks; i++)
		check_task(&outcome.tasks[i], mode_name(mode));
	race_outcome_free(&outcome);
}

/* The race is worth something without. */
static void check_refused(void)
{
	const struct perf_choice none = { .events = &events[NO_SUCH], .n_events = 1 };
	struct race_spec spec = traced_spec(&strategy, MODE_THREADS, false);
	struct race_outcome outcome;

	spec.duration_ns = 0;
	spec.iterations = 1;
	spec.counted = &none;
	race_run(&spec, &outcome);
	tap_ok(outcome.status == RACE_OK, "a race in which nothing can be counted goes on");
	tap_equal((uint64_t)-outcome.tasks[0].counted.error, ENOENT, "and its tasks say why");
	race_outcome_free(&outcome);
}

static void check_result(const struct result *result)
{
	const struct hardware *hardware = result->hardware;
	int64_t clock = 0;

	tap_ok(hardware && !hardware->reason && hardware->repeats == 3 &&
		       hardware->n_per_worker == 3,
	       "three races are for it, and all tasks are in, the owner too");
	if (!hardware || hardware->n_per_worker != 3)
		return;
	for (size_t i = 0; i < 3; i++)
		clock += hardware->per_worker[i].cycles;
	tap_ok(clock > 0 && hardware->cycles == clock, "tasks add up to the total");
	tap_equal((uint64_t)hardware->ops, 3 * 2 * TIMES, "of all that these races did");
	tap_ok(hardware->instructions == NO_INT && hardware->per_worker[2].instructions == NO_INT,
	       "what is not counted is null");
	tap_ok(hardware->kernel_included && !hardware->multiplexed,
	       "and how it was counted is said");
	tap_equal(result->time.ns_per_op.n_samples, 4, "they are not among the timed ones");
	tap_equal(result->counter.n_totals, 7, "but their counter is checked");
}

/* From the plan to the session, with nothing but the events exchanged. */
static void check_session(void)
{
	char *argv[] = { "tracebench", "pipe",	     "-n200",	    "-w2",	   "-r4",
			 "-q",	       "--warmup=0", "--latency=0", "--trace=off", "--keep-root" };
	struct options options;
	struct machine machine;
	struct plan plan;
	struct record record;
	struct session *session;
	bool done, complete;
	struct collector collector = { .plan = &plan, .counted = &choice, .interrupt_fd = -1 };
	struct merge_input input = { .plan = &plan,
				     .machine = &machine,
				     .records = &record,
				     .started = "",
				     .tracing = TRACING_OFF,
				     .load_ms = NAN };

	if (options_parse(sizeof(argv) / sizeof(argv[0]), argv, &options, &done) ||
	    machine_read(&machine))
		exit(EXIT_FAILURE);
	machine.hardware = (struct hardware_support){ .works = true, .with_kernel = true };
	if (plan_make(&options, &machine, false, &plan) || record_init(&record, &plan.entries[0]) ||
	    collect(&collector, &record, &complete) || merge(&input, &session))
		exit(EXIT_FAILURE);
	tap_ok(session->hardware.available && !session->hardware.reason, "they are available");
	check_result(&session->results[0]);
	session_free(session);
	record_free(&record);
	plan_free(&plan);
	machine_free(&machine);
	options_free(&options);
}

int main(void)
{
	struct perf_group group;
	int err = perf_group_open(&choice, &group);

	check_refused();
	if (err) {
		tap_skip("perf: this user may not count what the kernel does: %s", strerror(-err));
		return tap_done();
	}
	perf_group_close(&group);
	for (enum mode mode = 0; mode < MODES; mode++)
		check_race(mode);
	check_session();
	return tap_done();
}
