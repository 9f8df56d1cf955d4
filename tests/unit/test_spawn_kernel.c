/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is concluded from the slots of a traced repeat of `spawn`, which are made up here. */
#include <math.h>
#include <string.h>

#include "experiment/spawn_kernel.h"
#include "lib/check_main.h"

#define SPAWNER 100
#define CHILDREN 3
#define SLOTS 8

static struct tb_slot slots[SLOTS];
static union {
	struct spawn_memory memory;
	char room[sizeof(struct spawn_memory) + CHILDREN * sizeof(struct spawn_child)];
} shared;
static struct spawn_memory *const memory = &shared.memory;
static struct task_report spawner;

/* A child that was called for at 1000 ns, ran from 1500 on, and was blocked once. */
static void give_birth(unsigned int slot, pid_t tid, uint64_t voluntary, uint64_t involuntary)
{
	slots[slot] = (struct tb_slot){
		.tid = (uint32_t)tid,
		.state = TB_BLOCKED,
		.voluntary = voluntary,
		.involuntary = involuntary,
		.on_cpu_ns = 300,
		.run_queue_ns = 20,
		.blocked_ns[TB_FUTEX] = 80,
		.since_ns = 1900,
	};
}

/* Three processes with two voluntary switches and one involuntary each. */
static void set_up(void)
{
	memset(slots, 0, sizeof(slots));
	memset(&shared, 0, sizeof(shared));
	spawner = (struct task_report){ .tid = SPAWNER, .has_slot = true };
	slots[0].tid = SPAWNER;
	for (unsigned int i = 0; i < CHILDREN; i++) {
		give_birth(1 + i, (pid_t)(SPAWNER + 1 + i), 2, 1);
		memory->child[i] = (struct spawn_child){
			.called_ns = 1000,
			.pid = (pid_t)(SPAWNER + 1 + i),
			.voluntary = 2,
			.involuntary = 1,
		};
	}
	memory->children.voluntary = 2 * CHILDREN;
	memory->children.involuntary = CHILDREN;
}

static struct spawn_kernel conclude(enum spawn_makes makes, double *starts_ns)
{
	const struct spawn_repeat repeat = {
		.makes = makes,
		.memory = memory,
		.spawner = &spawner,
		.slots = slots,
		.n_slots = SLOTS,
		.n = CHILDREN,
	};
	struct spawn_kernel kernel = { 0 };

	*starts_ns = spawn_kernel_add(&kernel, &repeat);
	return kernel;
}

/* How many agree when the first child shows so many switches in its slot. */
static uint64_t agreeing(uint64_t voluntary, uint64_t involuntary)
{
	double starts_ns;

	set_up();
	give_birth(1, SPAWNER + 1, voluntary, involuntary);
	return conclude(MAKES_PROCESS, &starts_ns).agree;
}

START_TEST(lives_are_added_up_and_start_with_the_first_moment_on_a_cpu)
{
	struct spawn_kernel kernel;
	double starts_ns;

	set_up();
	kernel = conclude(MAKES_PROCESS, &starts_ns);
	ck_assert_uint_eq(kernel.tasks, CHILDREN);
	ck_assert_uint_eq(kernel.voluntary, 2 * CHILDREN);
	ck_assert_uint_eq(kernel.involuntary, CHILDREN);
	ck_assert_uint_eq(kernel.on_cpu_ns, 300 * CHILDREN);
	ck_assert_uint_eq(kernel.run_queue_ns, 20 * CHILDREN);
	ck_assert_uint_eq(kernel.blocked_ns, 80 * CHILDREN);
	/* Dead at 1900, after 400 ns of which none is missing. */
	ck_assert_double_eq(starts_ns, 500);
	ck_assert_uint_eq(spawn_strangers(&kernel), 0);
	ck_assert(spawn_is_reconciled(&kernel));
}
END_TEST

START_TEST(a_process_may_have_its_last_switches_late_and_no_others)
{
	ck_assert_uint_eq(agreeing(2, 1), CHILDREN);
	ck_assert_uint_eq(agreeing(3, 1), CHILDREN); /* the last one */
	ck_assert_uint_eq(agreeing(3, 2), CHILDREN); /* preempted before it */
	ck_assert_uint_eq(agreeing(2, 2), CHILDREN - 1); /* preempted, and no last one */
	ck_assert_uint_eq(agreeing(4, 1), CHILDREN - 1); /* two last ones */
	ck_assert_uint_eq(agreeing(1, 1), CHILDREN - 1); /* the probe missed one */
	ck_assert_uint_eq(agreeing(2, 0), CHILDREN - 1);
	ck_assert_uint_eq(agreeing(3, 0), CHILDREN - 1);
}
END_TEST

/* Threads have no count each: the sum of their slots, with so many switches more in the first. */
static uint64_t threads_agreeing(uint64_t voluntary, uint64_t involuntary)
{
	double starts_ns;

	set_up();
	for (int i = 0; i < CHILDREN; i++)
		memory->child[i].pid = 0;
	for (unsigned int i = 0; i < CHILDREN; i++)
		give_birth(1 + i, (pid_t)(SPAWNER + 1 + i), 3, 1);
	slots[1].voluntary += voluntary;
	slots[1].involuntary += involuntary;
	return conclude(MAKES_THREAD, &starts_ns).agree;
}

START_TEST(every_thread_has_exactly_one_voluntary_switch_more)
{
	ck_assert_uint_eq(threads_agreeing(0, 0), CHILDREN);
	ck_assert_uint_eq(threads_agreeing(0, 1), CHILDREN);
	ck_assert_uint_eq(threads_agreeing(1, 0), 0);
	ck_assert_uint_eq(threads_agreeing(UINT64_MAX, 0), 0);
	ck_assert_uint_eq(threads_agreeing(0, UINT64_MAX), 0);
}
END_TEST

START_TEST(tasks_of_the_programs_own_are_told_and_not_taken_for_children)
{
	struct spawn_kernel kernel;
	double starts_ns;

	set_up();
	/* The first child made one before the second was born. */
	slots[4] = slots[3];
	slots[3] = slots[2];
	give_birth(2, SPAWNER + 50, 7, 7);
	kernel = conclude(MAKES_PROGRAM, &starts_ns);
	ck_assert_uint_eq(kernel.agree, CHILDREN);
	ck_assert_uint_eq(kernel.tasks, CHILDREN + 1);
	ck_assert_uint_eq(spawn_strangers(&kernel), 1);
	ck_assert(!spawn_is_reconciled(&kernel));
}
END_TEST

START_TEST(a_child_without_a_slot_is_not_made_up)
{
	struct spawn_kernel kernel;
	double starts_ns;

	set_up();
	slots[3].tid = 0;
	kernel = conclude(MAKES_PROCESS, &starts_ns);
	ck_assert_uint_eq(kernel.agree, CHILDREN - 1);
	ck_assert(isnan(starts_ns));
	ck_assert(!spawn_is_reconciled(&kernel));
}
END_TEST

START_TEST(a_loss_or_a_spawner_that_does_not_agree_is_not_reconciled)
{
	struct spawn_kernel kernel;
	double starts_ns;

	set_up();
	spawner.end.voluntary = 1; /* by getrusage, and none in its slot */
	kernel = conclude(MAKES_PROCESS, &starts_ns);
	ck_assert_uint_eq(kernel.spawners_agree, 0);
	ck_assert(!spawn_is_reconciled(&kernel));

	set_up();
	slots[1].lost[TB_LOST_ORDER] = 1;
	kernel = conclude(MAKES_PROCESS, &starts_ns);
	ck_assert(!spawn_is_reconciled(&kernel));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("spawn kernel");

	add_test(suite, lives_are_added_up_and_start_with_the_first_moment_on_a_cpu);
	add_test(suite, a_process_may_have_its_last_switches_late_and_no_others);
	add_test(suite, every_thread_has_exactly_one_voluntary_switch_more);
	add_test(suite, tasks_of_the_programs_own_are_told_and_not_taken_for_children);
	add_test(suite, a_child_without_a_slot_is_not_made_up);
	add_test(suite, a_loss_or_a_spawner_that_does_not_agree_is_not_reconciled);
	return run_suite(suite);
}
