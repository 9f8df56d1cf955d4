/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strategies that send messages or hand a turn on, raced in all the ways that differ for them. */
#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/check_main.h"
#include "lib/races.h"
#include "race/engine.h"
#include "strategy/registry.h"

#define ITERATIONS 300

static int cpus[RACES_TASKS];

static void pin_all(int cpu)
{
	for (int i = 0; i < RACES_TASKS; i++)
		cpus[i] = cpu;
}

static int first_cpu(void)
{
	cpu_set_t set;
	int cpu = 0;

	ck_assert_int_eq(sched_getaffinity(0, sizeof(set), &set), 0);
	while (!CPU_ISSET((size_t)cpu, &set))
		cpu++;
	return cpu;
}

static bool runs(const struct strategy *strategy, enum mode mode, uint64_t message)
{
	if (strategy->family != FAMILY_MESSAGE && strategy->family != FAMILY_TURN)
		return false;
	if (!races_can_run(strategy, mode))
		return false;
	if (message > RACE_MESSAGE_MIN && !strategy->takes_message)
		return false;
	return !strategy->message_obstacle || !strategy->message_obstacle(message);
}

static struct race_spec spec_of(const struct strategy *strategy, enum mode mode,
				unsigned int workers)
{
	struct race_spec spec = races_spec(strategy, mode, ITERATIONS);

	spec.workers = workers;
	spec.cpus = cpus;
	return spec;
}

static void counts_exactly(const struct race_spec *spec)
{
	struct race_outcome outcome;

	race_run(spec, &outcome);
	ck_assert_msg(outcome.status == RACE_OK, "%s, %s, %u workers, batch %lu, message %lu: %s",
		      spec->strategy->name, mode_name(spec->mode), spec->workers,
		      (unsigned long)spec->load.batch, (unsigned long)spec->load.message,
		      outcome.reason);
	ck_assert_uint_eq(outcome.final, (uint64_t)spec->workers * ITERATIONS);
	race_outcome_free(&outcome);
}

/* Every strategy of the two families, with messages of so many bytes, by 1, 2 and 4 workers. */
static void all_count_exactly(enum mode mode, uint64_t batch, uint64_t message)
{
	for (size_t i = 0; i < n_strategies; i++) {
		for (unsigned int workers = 1; workers <= 4; workers *= 2) {
			struct race_spec spec = spec_of(strategies[i], mode, workers);

			if (!runs(strategies[i], mode, message))
				continue;
			spec.load.batch = batch;
			spec.load.message = message;
			counts_exactly(&spec);
		}
	}
}

START_TEST(one_two_and_four_threads_count_exactly)
{
	pin_all(-1);
	all_count_exactly(MODE_THREADS, 1, 8);
	all_count_exactly(MODE_THREADS, 7, 8);
}
END_TEST

START_TEST(one_two_and_four_processes_count_exactly)
{
	pin_all(-1);
	all_count_exactly(MODE_PROCESSES, 1, 8);
	all_count_exactly(MODE_PROCESSES, 7, 8);
}
END_TEST

START_TEST(one_cpu_is_enough_for_all)
{
	pin_all(first_cpu());
	all_count_exactly(MODE_THREADS, 1, 8);
	all_count_exactly(MODE_PROCESSES, 1, 8);
}
END_TEST

/* 16: a word besides the count; 136: more than a line; 4096: the most of several; 40000: of few. */
START_TEST(messages_arrive_whole_whatever_their_length)
{
	static const uint64_t messages[] = { 16, 136, 4096, 40000 };

	pin_all(-1);
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		all_count_exactly(MODE_THREADS, 1, messages[i]);
		all_count_exactly(MODE_PROCESSES, 7, messages[i]);
	}
}
END_TEST

START_TEST(every_length_is_carried_or_refused_with_a_reason)
{
	for (size_t i = 0; i < n_strategies; i++) {
		const struct strategy *strategy = strategies[i];
		const char *why = strategy->message_obstacle ? strategy->message_obstacle(1 << 20) :
							       NULL;

		ck_assert(strategy->takes_message || !strategy->message_obstacle);
		ck_assert(!strategy->takes_message || strategy_has_owner(strategy));
		ck_assert(!why || strlen(why) > 20);
	}
}
END_TEST

static const struct strategy *original;

/* The ways to the owner fill up meanwhile, and the workers have to wait. */
static int own_late(struct worker *owner)
{
	const struct timespec meanwhile = clock_timespec(50 * NS_PER_MS);

	if (clock_nanosleep(CLOCK_MONOTONIC, 0, &meanwhile, NULL))
		return -EIO;
	return original->own(owner);
}

START_TEST(an_owner_that_falls_behind_makes_workers_wait_and_loses_nothing)
{
	pin_all(-1);
	for (size_t i = 0; i < n_strategies; i++) {
		struct strategy late = *strategies[i];
		struct race_spec spec = spec_of(&late, MODE_THREADS, 2);
		struct race_outcome outcome;

		if (!late.own || !runs(strategies[i], MODE_THREADS, 8))
			continue;
		original = strategies[i];
		late.own = own_late;
		spec.iterations = 20000;
		if (strstr(late.name, "duplex")) /* a round trip each */
			spec.iterations = 200;
		race_run(&spec, &outcome);
		ck_assert_msg(outcome.status == RACE_OK, "%s: %s", late.name, outcome.reason);
		ck_assert_uint_eq(outcome.final, 2 * spec.iterations);
		race_outcome_free(&outcome);
	}
}
END_TEST

/* A worker that does not do what the others wait for: the last message, or the next turn. */
static int never(struct worker *worker)
{
	if (worker->index == 1)
		for (;;)
			pause();
	return original->work(worker);
}

START_TEST(a_wait_that_never_ends_is_a_race_that_timed_out)
{
	pin_all(-1);
	for (size_t i = 0; i < n_strategies; i++) {
		struct strategy stuck = *strategies[i];
		struct race_spec spec = spec_of(&stuck, MODE_PROCESSES, 2);
		struct race_outcome outcome;

		if (!runs(strategies[i], MODE_PROCESSES, 8))
			continue;
		original = strategies[i];
		stuck.work = never;
		spec.deadline_ns = 200 * NS_PER_MS;
		race_run(&spec, &outcome);
		ck_assert_msg(outcome.status == RACE_TIMED_OUT, "%s: %d", stuck.name,
			      (int)outcome.status);
		ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	}
}
END_TEST

/* Whose first worker gets no CPU before the time is up. */
static int begin_late(struct worker *worker)
{
	const struct timespec too_long = clock_timespec(60 * NS_PER_MS);

	if (worker->index == 0 && clock_nanosleep(CLOCK_MONOTONIC, 0, &too_long, NULL))
		return -EIO;
	return original->work(worker);
}

START_TEST(a_ring_of_turns_begins_however_late_its_first_worker_is)
{
	pin_all(-1);
	for (size_t i = 0; i < n_strategies; i++) {
		struct strategy late = *strategies[i];
		struct race_spec spec = spec_of(&late, MODE_THREADS, 2);
		struct race_outcome outcome;

		if (late.family != FAMILY_TURN || !runs(strategies[i], MODE_THREADS, 8))
			continue;
		original = strategies[i];
		late.work = begin_late;
		spec.iterations = RACE_NO_LIMIT;
		spec.duration_ns = 20 * NS_PER_MS;
		race_run(&spec, &outcome);
		ck_assert_msg(outcome.status == RACE_OK, "%s: %s", late.name, outcome.reason);
		ck_assert_uint_gt(outcome.final, 0);
		race_outcome_free(&outcome);
	}
}
END_TEST

static int *id_seen;

static int hang(struct worker *worker)
{
	/* The first member of its object. */
	if (worker->index == 0)
		*id_seen = *(int *)worker->race->object;
	return pause();
}

static bool queue_is_there(int id)
{
	struct msqid_ds queue;

	return msgctl(id, IPC_STAT, &queue) == 0 || errno == EACCES;
}

START_TEST(a_race_that_is_ended_leaves_no_system_v_queue)
{
	struct strategy strategy = *strategy_find("sysv-msg");
	struct race_spec spec = spec_of(&strategy, MODE_PROCESSES, 2);
	struct race_outcome outcome;

	if (!runs(&strategy, MODE_PROCESSES, 8))
		return;
	pin_all(-1);
	id_seen = mmap(NULL, sizeof(*id_seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	ck_assert_ptr_ne(id_seen, MAP_FAILED);
	*id_seen = -1;
	strategy.work = hang;
	spec.deadline_ns = 300 * NS_PER_MS;
	race_run(&spec, &outcome);
	ck_assert_int_eq(outcome.status, RACE_TIMED_OUT);
	ck_assert_int_ge(*id_seen, 0);
	ck_assert(!queue_is_there(*id_seen));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("messages");

	add_test(suite, one_two_and_four_threads_count_exactly);
	add_test(suite, one_two_and_four_processes_count_exactly);
	add_test(suite, one_cpu_is_enough_for_all);
	add_test(suite, messages_arrive_whole_whatever_their_length);
	add_test(suite, every_length_is_carried_or_refused_with_a_reason);
	add_test(suite, an_owner_that_falls_behind_makes_workers_wait_and_loses_nothing);
	add_test(suite, a_wait_that_never_ends_is_a_race_that_timed_out);
	add_test(suite, a_ring_of_turns_begins_however_late_its_first_worker_is);
	add_test(suite, a_race_that_is_ended_leaves_no_system_v_queue);
	return run_suite(suite);
}
