/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The race engine, with strategies that go wrong on purpose. Needs neither rights nor BPF. */
#include <errno.h>
#include <glob.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/check_main.h"
#include "lib/races.h"
#include "race/engine.h"
#include "strategy/registry.h"

static struct race_spec spec_of(const struct strategy *strategy, enum mode mode)
{
	return races_spec(strategy, mode, 1000);
}

/* No process that this one would have to wait for is left. */
static void assert_nothing_left(void)
{
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}

static struct race_outcome run(const struct race_spec *spec)
{
	struct race_outcome outcome;

	race_run(spec, &outcome);
	assert_nothing_left();
	return outcome;
}

static uint64_t increments(const struct race_outcome *outcome)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < outcome->n_tasks; i++)
		sum += outcome->tasks[i].done;
	return sum;
}

START_TEST(fixed_work_is_done_to_the_last_increment_by_every_strategy)
{
	for (size_t i = 0; i < n_strategies; i++) {
		for (enum mode mode = 0; mode < MODES; mode++) {
			struct race_spec spec = spec_of(strategies[i], mode);
			struct race_outcome outcome;

			if (!races_can_run(strategies[i], mode))
				continue;
			outcome = run(&spec);
			ck_assert_msg(outcome.status == RACE_OK, "%s: %s", strategies[i]->name,
				      outcome.reason);
			ck_assert_uint_eq(increments(&outcome), spec.workers * 1000);
			if (strategies[i]->promises_exact)
				ck_assert_uint_eq(outcome.final, spec.workers * 1000);
			race_outcome_free(&outcome);
		}
	}
}
END_TEST

START_TEST(a_duration_is_kept_and_every_increment_counted)
{
	for (size_t i = 0; i < n_strategies; i++) {
		for (enum mode mode = 0; mode < MODES; mode++) {
			struct race_spec spec = spec_of(strategies[i], mode);
			struct race_outcome outcome;

			if (!races_can_run(strategies[i], mode))
				continue;
			spec.iterations = RACE_NO_LIMIT;
			spec.duration_ns = 50 * NS_PER_MS;
			outcome = run(&spec);
			ck_assert_msg(outcome.status == RACE_OK, "%s: %s", strategies[i]->name,
				      outcome.reason);
			ck_assert_uint_gt(increments(&outcome), 0);
			if (strategies[i]->promises_exact)
				ck_assert_uint_eq(outcome.final, increments(&outcome));
			race_outcome_free(&outcome);
		}
	}
}
END_TEST

START_TEST(batches_change_nothing_about_the_sum)
{
	static const uint64_t batches[] = { 7, 64, RACE_BATCH_ALL };

	for (size_t i = 0; i < n_strategies; i++) {
		for (size_t b = 0; b < 3; b++) {
			struct race_spec spec = spec_of(strategies[i], MODE_PROCESSES);
			struct race_outcome outcome;

			if (!races_can_run(strategies[i], MODE_PROCESSES))
				continue;
			spec.load.batch = batches[b];
			outcome = run(&spec);
			ck_assert_int_eq(outcome.status, RACE_OK);
			ck_assert_uint_eq(increments(&outcome), spec.workers * 1000);
			if (strategies[i]->promises_exact)
				ck_assert_uint_eq(outcome.final, spec.workers * 1000);
			race_outcome_free(&outcome);
		}
	}
}
END_TEST

static uint64_t reads(const struct race_outcome *outcome)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < outcome->n_tasks; i++)
		sum += outcome->tasks[i].reads;
	return sum;
}

START_TEST(of_a_share_of_reads_the_counter_shows_the_rest)
{
	for (enum mode mode = 0; mode < MODES; mode++) {
		for (unsigned int share = 0; share <= 100; share += 20) {
			struct race_spec spec = spec_of(strategy_find("rwlock"), mode);
			struct race_outcome outcome;

			spec.load.read_share = share;
			spec.load.batch = 5;
			outcome = run(&spec);
			ck_assert_int_eq(outcome.status, RACE_OK);
			ck_assert_uint_eq(increments(&outcome), 2000);
			ck_assert_uint_eq(reads(&outcome), 20 * share);
			ck_assert_uint_eq(outcome.final, 2000 - 20 * share);
			race_outcome_free(&outcome);
		}
	}
}
END_TEST

START_TEST(what_takes_no_share_of_reads_has_none)
{
	struct race_spec spec = spec_of(strategy_find("mutex"), MODE_THREADS);
	struct race_outcome outcome;

	spec.load.read_share = 90;
	outcome = run(&spec);
	ck_assert_uint_eq(reads(&outcome), 0);
	ck_assert_uint_eq(outcome.final, 2000);
	race_outcome_free(&outcome);
}
END_TEST

/* Of tracebench, for this pid namespace, whoever's. */
static unsigned int shared_memory_objects(void)
{
	unsigned int n = 0;
	glob_t found;

	if (glob("/dev/shm/tracebench.*", 0, NULL, &found) == 0) {
		n = (unsigned int)found.gl_pathc;
		globfree(&found);
	}
	return n;
}

/* The first CPU that this process may run on, or the last. */
static int allowed_cpu(bool last)
{
	int found = -1;
	cpu_set_t set;

	ck_assert_int_eq(sched_getaffinity(0, sizeof(set), &set), 0);
	for (int cpu = 0; cpu < CPU_SETSIZE && (last || found < 0); cpu++)
		if (CPU_ISSET((size_t)cpu, &set))
			found = cpu;
	return found;
}

/* A worker that hangs after its object was made: nothing tidies up but the engine. */
static int hang_with_object(struct worker *worker)
{
	(void)worker;
	return pause();
}

START_TEST(a_race_that_is_ended_leaves_no_shared_memory)
{
	struct strategy strategy = *strategy_find("shm");
	struct race_spec spec = spec_of(&strategy, MODE_PROCESSES);
	struct race_outcome outcome;

	strategy.work = hang_with_object;
	spec.deadline_ns = 200 * NS_PER_MS;
	outcome = run(&spec);
	ck_assert_int_eq(outcome.status, RACE_TIMED_OUT);
	ck_assert_uint_eq(shared_memory_objects(), 0);
}
END_TEST

/* The id of the semaphore of the race in it, told through memory that outlives the race. */
static int *semaphore_id;

static int tell_id_and_hang(struct worker *worker)
{
	*semaphore_id = *(const int *)worker->race->object;
	return pause();
}

START_TEST(a_race_that_is_ended_leaves_no_semaphore)
{
	struct strategy strategy = *strategy_find("sem-sysv");
	struct race_spec spec = spec_of(&strategy, MODE_PROCESSES);
	struct race_outcome outcome;

	if (strategy.unsupported())
		return;
	semaphore_id = mmap(NULL, sizeof(*semaphore_id), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(semaphore_id, MAP_FAILED);
	*semaphore_id = -1;
	strategy.work = tell_id_and_hang;
	spec.deadline_ns = 200 * NS_PER_MS;
	outcome = run(&spec);
	ck_assert_int_eq(outcome.status, RACE_TIMED_OUT);
	ck_assert_int_ge(*semaphore_id, 0);
	ck_assert_int_eq(semctl(*semaphore_id, 0, GETVAL), -1);
	munmap(semaphore_id, sizeof(*semaphore_id));
}
END_TEST

START_TEST(more_workers_than_cpus_count_right)
{
	int cpus[17];

	for (int i = 0; i < 17; i++)
		cpus[i] = allowed_cpu(false);
	for (size_t i = 0; i < n_strategies; i++) {
		struct race_spec spec = spec_of(strategies[i], MODE_THREADS);
		struct race_outcome outcome;

		if (!races_can_run(strategies[i], MODE_THREADS))
			continue;
		spec.workers = strategies[i]->one_worker ? 1 : 16;
		spec.cpus = cpus;
		spec.iterations = 200;
		outcome = run(&spec);
		ck_assert_msg(outcome.status == RACE_OK, "%s: %s", strategies[i]->name,
			      outcome.reason);
		if (strategies[i]->promises_exact)
			ck_assert_uint_eq(outcome.final, spec.workers * 200);
		race_outcome_free(&outcome);
	}
}
END_TEST

START_TEST(the_placement_is_the_one_asked_for)
{
	int first = allowed_cpu(false), last = allowed_cpu(true);
	const int cpus[] = { last, first };
	struct race_spec spec = spec_of(strategy_find("atomic"), MODE_THREADS);
	struct race_outcome outcome;

	spec.cpus = cpus;
	outcome = run(&spec);
	ck_assert_int_eq(outcome.tasks[0].cpu, last);
	ck_assert_int_eq(outcome.tasks[1].cpu, first);
	race_outcome_free(&outcome);
}
END_TEST

/* ---- Strategies that go wrong ---- */

static int hang(struct worker *worker)
{
	(void)worker;
	return pause();
}

static int die(struct worker *worker)
{
	if (worker->index == 1)
		raise(SIGKILL);
	return hang(worker);
}

static int give_error(struct worker *worker)
{
	return worker->index == 1 ? -ENOSPC : hang(worker);
}

static int quit(struct worker *worker)
{
	if (worker->index == 1)
		_exit(7);
	return hang(worker);
}

static int leave(struct worker *worker)
{
	if (worker->index == 1)
		_exit(0);
	return 0;
}

static int setup_fails(struct race *race)
{
	(void)race;
	return -EMFILE;
}

#define BROKEN(work_hook) \
	{ \
		.name = #work_hook, .modes = IN_BOTH, .work = work_hook \
	}

static void assert_fails(const struct strategy *strategy, enum mode mode, enum race_status status,
			 const char *reason)
{
	struct race_spec spec = spec_of(strategy, mode);
	struct race_outcome outcome;

	if (status == RACE_TIMED_OUT)
		spec.deadline_ns = 300 * NS_PER_MS;
	outcome = run(&spec);
	ck_assert_int_eq(outcome.status, status);
	ck_assert_msg(strstr(outcome.reason, reason) != NULL, "reason: %s", outcome.reason);
	ck_assert_ptr_null(outcome.tasks);
}

START_TEST(a_race_that_hangs_is_ended_at_its_deadline)
{
	static const struct strategy strategy = BROKEN(hang);

	for (enum mode mode = 0; mode < MODES; mode++)
		assert_fails(&strategy, mode, RACE_TIMED_OUT, "not over after 0.3 s");
}
END_TEST

/* Grants more time until it has been asked so often, then whatever `last_ns` says. */
struct patience {
	unsigned int asked, often;
	uint64_t last_ns;
	pid_t arena;
	uint32_t *over;
};

static uint64_t grant(void *context, pid_t arena)
{
	struct patience *patience = context;

	patience->arena = arena;
	if (++patience->asked < patience->often)
		return 20 * NS_PER_MS;
	if (patience->over)
		__atomic_store_n(patience->over, 1, __ATOMIC_RELEASE);
	return patience->last_ns;
}

START_TEST(a_race_is_ended_when_no_more_time_is_granted)
{
	const struct strategy strategy = { .name = "hang", .modes = IN_BOTH, .work = hang };
	struct patience patience = { .often = 3 };
	struct race_spec spec = spec_of(&strategy, MODE_THREADS);
	struct race_outcome outcome;

	spec.deadline_ns = 20 * NS_PER_MS;
	spec.at_deadline = grant;
	spec.deadline_context = &patience;
	outcome = run(&spec);
	ck_assert_int_eq(outcome.status, RACE_TIMED_OUT);
	ck_assert_uint_eq(patience.asked, 3);
	ck_assert_int_gt(patience.arena, 0);
}
END_TEST

/* Each worker leaves a trace in the object, and stays until the object says otherwise. */
static int wait_for_object(struct worker *worker)
{
	uint32_t *over = worker->race->object;

	__atomic_add_fetch(&over[1], 1, __ATOMIC_RELAXED);
	while (!__atomic_load_n(&over[0], __ATOMIC_ACQUIRE))
		sched_yield();
	return 0;
}

START_TEST(a_race_that_is_granted_more_time_ends_well_and_leaves_the_callers_object)
{
	const struct strategy strategy = { .name = "wait",
					   .modes = IN_BOTH,
					   .work = wait_for_object };
	uint32_t *object =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(object, MAP_FAILED);
	for (enum mode mode = 0; mode < MODES; mode++) {
		struct patience patience = { .often = 2, .last_ns = 20 * NS_PER_S, .over = object };
		struct race_spec spec = spec_of(&strategy, mode);
		struct race_outcome outcome;

		memset(object, 0, 4096);
		spec.deadline_ns = 20 * NS_PER_MS;
		spec.at_deadline = grant;
		spec.deadline_context = &patience;
		spec.object = object;
		outcome = run(&spec);
		ck_assert_msg(outcome.status == RACE_OK, "%s", outcome.reason);
		ck_assert_uint_eq(outcome.object, (uintptr_t)object);
		ck_assert_uint_eq(object[1], spec.workers);
		race_outcome_free(&outcome);
	}
	munmap(object, 4096);
}
END_TEST

START_TEST(a_worker_that_is_killed_costs_its_race_and_is_named)
{
	static const struct strategy strategy = BROKEN(die);

	assert_fails(&strategy, MODE_PROCESSES, RACE_FAILED, "worker 1 was killed by SIGKILL");
	assert_fails(&strategy, MODE_THREADS, RACE_FAILED, "the arena was killed by SIGKILL");
}
END_TEST

START_TEST(a_worker_that_exits_costs_its_race_and_is_named)
{
	static const struct strategy strategy = BROKEN(quit);

	assert_fails(&strategy, MODE_PROCESSES, RACE_FAILED, "worker 1 exited with status 7");
	assert_fails(&strategy, MODE_THREADS, RACE_FAILED, "the arena exited early, with status 7");
}
END_TEST

START_TEST(a_worker_that_leaves_without_finishing_costs_its_race)
{
	static const struct strategy strategy = BROKEN(leave);

	assert_fails(&strategy, MODE_PROCESSES, RACE_FAILED, "ended before its race did");
	assert_fails(&strategy, MODE_THREADS, RACE_FAILED, "the arena exited early");
}
END_TEST

/* Its owner ends without giving the lock back; the other worker comes later. */
static int end_as_owner(struct worker *worker)
{
	if (worker->index == 0) {
		while (!__atomic_load_n(&worker->race->stop, __ATOMIC_ACQUIRE))
			usleep(1000);
		__atomic_store_n(&worker->race->stop, false, __ATOMIC_RELAXED);
		return strategy_find("mutex-robust")->work(worker);
	}
	pthread_mutex_lock(worker->race->object);
	__atomic_store_n(&worker->race->stop, true, __ATOMIC_RELEASE);
	pthread_exit(NULL);
}

/* And not hung until its deadline, as with any other mutex. */
START_TEST(a_robust_mutex_outlives_an_owner_who_ends)
{
	struct strategy strategy = *strategy_find("mutex-robust");
	struct race_spec spec = spec_of(&strategy, MODE_THREADS);
	struct race_outcome outcome;

	strategy.work = end_as_owner;
	outcome = run(&spec);
	ck_assert_int_eq(outcome.status, RACE_FAILED);
	ck_assert_str_eq(outcome.reason, "a task ended before its race did");
}
END_TEST

static int die_as_owner(struct worker *worker)
{
	if (worker->index == 1) {
		pthread_mutex_lock(worker->race->object);
		raise(SIGKILL);
	}
	return strategy_find("mutex-robust")->work(worker);
}

START_TEST(an_owner_of_a_robust_mutex_who_is_killed_is_named)
{
	struct strategy strategy = *strategy_find("mutex-robust");

	strategy.work = die_as_owner;
	assert_fails(&strategy, MODE_PROCESSES, RACE_FAILED, "worker 1 was killed by SIGKILL");
}
END_TEST

/* Shared memory is the tasks' to write to: nothing in it may lead the parent astray. */
static int scribble(struct worker *worker)
{
	worker->race->workers = 1U << 30;
	worker->race->object = NULL;
	worker->done = 1;
	return 0;
}

START_TEST(a_worker_that_scribbles_over_the_race_harms_nobody_else)
{
	static const struct strategy strategy = BROKEN(scribble);
	struct race_spec spec = spec_of(&strategy, MODE_PROCESSES);
	struct race_outcome outcome = run(&spec);

	ck_assert_int_eq(outcome.status, RACE_OK);
	ck_assert_uint_eq(outcome.n_tasks, 2);
	race_outcome_free(&outcome);
}
END_TEST

START_TEST(an_error_of_a_strategy_ends_the_race_with_its_reason)
{
	static const struct strategy strategy = BROKEN(give_error);

	for (enum mode mode = 0; mode < MODES; mode++)
		assert_fails(&strategy, mode, RACE_FAILED, "worker 1: No space left on device");
}
END_TEST

START_TEST(a_set_up_that_fails_is_a_failed_race)
{
	static const struct strategy strategy = {
		.name = "setup", .modes = IN_BOTH, .setup = setup_fails, .work = hang
	};

	for (enum mode mode = 0; mode < MODES; mode++)
		assert_fails(&strategy, mode, RACE_FAILED, "set-up failed: Too many open files");
}
END_TEST

START_TEST(a_cpu_that_is_not_there_is_a_failed_race)
{
	static const int cpus[] = { 1023, 1023 };
	struct race_spec spec = spec_of(strategy_find("atomic"), MODE_PROCESSES);
	struct race_outcome outcome;

	spec.cpus = cpus;
	outcome = run(&spec);
	ck_assert_int_eq(outcome.status, RACE_FAILED);
	ck_assert_ptr_nonnull(strstr(outcome.reason, "cannot be pinned to CPU 1023"));
}
END_TEST

START_TEST(an_interruption_ends_the_race_at_once)
{
	static const struct strategy strategy = BROKEN(hang);
	struct race_spec spec = spec_of(&strategy, MODE_PROCESSES);
	struct race_outcome outcome;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], "", 1), 1);
	spec.interrupt_fd = ends[0];
	outcome = run(&spec);
	ck_assert_int_eq(outcome.status, RACE_INTERRUPTED);
}
END_TEST

/* ---- Faults of the kernel's making: limits ---- */

/* Runs a race of `atomic` under a limit, which must cost it. */
static void assert_limited(__rlimit_resource_t resource, rlim_t value, const char *reason)
{
	struct race_spec spec = spec_of(strategy_find("atomic"), MODE_PROCESSES);
	struct race_outcome outcome;
	struct rlimit before, limit;

	ck_assert_int_eq(getrlimit(resource, &before), 0);
	limit = before;
	limit.rlim_cur = value;
	ck_assert_int_eq(setrlimit(resource, &limit), 0);
	outcome = run(&spec);
	ck_assert_int_eq(setrlimit(resource, &before), 0);
	ck_assert_int_eq(outcome.status, RACE_FAILED);
	ck_assert_msg(strstr(outcome.reason, reason) != NULL, "reason: %s", outcome.reason);
}

START_TEST(no_descriptor_is_a_failed_race_with_a_cure)
{
	assert_limited(RLIMIT_NOFILE, 4, "ulimit -n");
}
END_TEST

/* Root may go beyond this limit; the arena becomes somebody who may not. */
START_TEST(no_process_is_a_failed_race_with_a_cure)
{
	assert_limited(RLIMIT_NPROC, 1, "ulimit -u");
}
END_TEST

#ifndef __SANITIZE_ADDRESS__ /* whose shadow memory is beyond any limit */
START_TEST(no_memory_for_the_arena_is_a_failed_race_with_a_cure)
{
	assert_limited(RLIMIT_AS, 1 << 20, "ulimit -v");
}
END_TEST
#endif

/* Leaves in `done` whether the worker could do something only root can. */
static int try_root(struct worker *worker)
{
	worker->done = geteuid() == 0 || getegid() == 0 || setuid(0) == 0;
	return 0;
}

START_TEST(root_is_dropped_unless_it_is_to_be_kept)
{
	static const struct strategy strategy = BROKEN(try_root);

	if (geteuid() != 0)
		return;
	for (int keep = 0; keep <= 1; keep++) {
		struct race_spec spec = spec_of(&strategy, MODE_PROCESSES);
		struct race_outcome outcome;

		spec.keep_root = keep;
		outcome = run(&spec);
		ck_assert_int_eq(outcome.status, RACE_OK);
		ck_assert_uint_eq(outcome.tasks[0].done, (uint64_t)keep);
		race_outcome_free(&outcome);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("engine");

	add_test(suite, fixed_work_is_done_to_the_last_increment_by_every_strategy);
	add_test(suite, a_duration_is_kept_and_every_increment_counted);
	add_test(suite, batches_change_nothing_about_the_sum);
	add_test(suite, of_a_share_of_reads_the_counter_shows_the_rest);
	add_test(suite, what_takes_no_share_of_reads_has_none);
	add_test(suite, more_workers_than_cpus_count_right);
	add_test(suite, a_race_that_is_ended_leaves_no_shared_memory);
	add_test(suite, a_race_that_is_ended_leaves_no_semaphore);
	add_test(suite, the_placement_is_the_one_asked_for);
	add_test(suite, a_race_that_hangs_is_ended_at_its_deadline);
	add_test(suite, a_race_is_ended_when_no_more_time_is_granted);
	add_test(suite, a_race_that_is_granted_more_time_ends_well_and_leaves_the_callers_object);
	add_test(suite, a_worker_that_is_killed_costs_its_race_and_is_named);
	add_test(suite, a_worker_that_exits_costs_its_race_and_is_named);
	add_test(suite, a_worker_that_leaves_without_finishing_costs_its_race);
	add_test(suite, a_robust_mutex_outlives_an_owner_who_ends);
	add_test(suite, an_owner_of_a_robust_mutex_who_is_killed_is_named);
	add_test(suite, a_worker_that_scribbles_over_the_race_harms_nobody_else);
	add_test(suite, an_error_of_a_strategy_ends_the_race_with_its_reason);
	add_test(suite, a_set_up_that_fails_is_a_failed_race);
	add_test(suite, a_cpu_that_is_not_there_is_a_failed_race);
	add_test(suite, an_interruption_ends_the_race_at_once);
	add_test(suite, no_descriptor_is_a_failed_race_with_a_cure);
	add_test(suite, no_process_is_a_failed_race_with_a_cure);
#ifndef __SANITIZE_ADDRESS__
	add_test(suite, no_memory_for_the_arena_is_a_failed_race_with_a_cure);
#endif
	add_test(suite, root_is_dropped_unless_it_is_to_be_kept);
	return run_suite(suite);
}
