/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hardware.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>

#include "lib/check_main.h"
#include "session/hardware_sum.h"

START_TEST(each_obstacle_has_its_reason_and_what_can_be_done)
{
	static const struct {
		int err, paranoid;
		const char *said;
	} cases[] = {
		{ -ENOENT, 2, "ENOENT: this processor, or the VM" },
		{ -EOPNOTSUPP, 2, "EOPNOTSUPP: the kernel has no driver" },
		{ -ENOSYS, 2, "ENOSYS: no CONFIG_PERF_EVENTS" },
		{ -EACCES, 3, "EACCES: kernel.perf_event_paranoid is 3; " },
		{ -EACCES, 4, "sysctl kernel.perf_event_paranoid=2, or --keep-root" },
		{ -EPERM, 2, "EPERM: forbidden by a seccomp filter" },
		{ -EACCES, -1, "EACCES: forbidden by a seccomp filter" },
		{ -EMFILE, 2, "EMFILE: Too many open files" },
	};
	char reason[HARDWARE_REASON_BYTES];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		hardware_explain(cases[i].err, cases[i].paranoid, reason);
		ck_assert_msg(strstr(reason, cases[i].said) != NULL, "said: %s", reason);
		ck_assert_uint_lt(strlen(reason), sizeof(reason) - 1);
	}
}
END_TEST

START_TEST(it_works_or_says_why_not)
{
	struct hardware_support support;

	hardware_find(false, &support);
	ck_assert_int_eq(support.works, support.reason[0] == '\0');
}
END_TEST

/* check runs this in a process of its own. */
static void forbid(int err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	ck_assert_ptr_nonnull(filter);
	ck_assert_int_eq(seccomp_rule_add(filter, SCMP_ACT_ERRNO((uint32_t)err),
					  SCMP_SYS(perf_event_open), 0),
			 0);
	ck_assert_int_eq(seccomp_load(filter), 0);
	seccomp_release(filter);
}

START_TEST(what_a_filter_forbids_is_said)
{
	struct hardware_support support;

	forbid(ENOSYS);
	hardware_find(false, &support);
	ck_assert(!support.works);
	ck_assert_ptr_nonnull(strstr(support.reason, "ENOSYS"));
}
END_TEST

/* Two tasks, of which the first has read this, and the second all there is. */
static struct hardware_sum sum_of(struct perf_reading reading)
{
	const uint32_t all = (1U << HARDWARE_EVENTS) - 1;
	struct task_report tasks[2] = {
		{ .done = 10, .counted = reading },
		{ .done = 20,
		  .counted = { .values = { 7, 8 },
			       .counted = all,
			       .enabled_ns = 5,
			       .running_ns = 5 } },
	};
	const struct race_outcome outcome = { .tasks = tasks, .n_tasks = 2 };
	struct hardware_sum sum;

	ck_assert_int_eq(hardware_sum_init(&sum, 2), 0);
	hardware_sum_add(&sum, &outcome);
	hardware_sum_add(&sum, &outcome);
	ck_assert_uint_eq(sum.repeats, 2);
	ck_assert_uint_eq(sum.tasks[0].ops, 20);
	ck_assert_uint_eq(sum.tasks[1].values[HARDWARE_CYCLES], 14);
	ck_assert_uint_eq(sum.tasks[1].missing & all, 0);
	return sum;
}

START_TEST(a_share_of_the_time_is_scaled_to_all_of_it)
{
	/* More than fits in 64 bits on the way. */
	struct hardware_sum sum = sum_of((struct perf_reading){ .values = { 1ULL << 40, 3 },
								.counted = 3,
								.enabled_ns = 3ULL << 40,
								.running_ns = 1ULL << 40 });

	ck_assert(sum.multiplexed);
	ck_assert_str_eq(sum.reason, "");
	ck_assert_uint_eq(sum.tasks[0].values[HARDWARE_CYCLES], 6ULL << 40);
	ck_assert_uint_eq(sum.tasks[0].values[HARDWARE_INSTRUCTIONS], 18);
	ck_assert(sum.tasks[0].missing & 1U << HARDWARE_BRANCH_MISSES);
	ck_assert(!(sum.tasks[0].missing & 1U << HARDWARE_INSTRUCTIONS));
	hardware_sum_free(&sum);
}
END_TEST

START_TEST(counted_all_the_time_is_not_multiplexed)
{
	struct hardware_sum sum = sum_of((struct perf_reading){
		.values = { 50 }, .counted = 1, .enabled_ns = 100, .running_ns = 100 });

	ck_assert(!sum.multiplexed);
	ck_assert_uint_eq(sum.tasks[0].values[HARDWARE_CYCLES], 100);
	hardware_sum_free(&sum);
}
END_TEST

START_TEST(a_task_that_could_not_count_is_a_reason)
{
	struct hardware_sum never = sum_of((struct perf_reading){ .counted = 1, .enabled_ns = 9 });
	struct hardware_sum refused = sum_of((struct perf_reading){ .error = -EMFILE });

	ck_assert_ptr_nonnull(strstr(never.reason, "never on the counters"));
	ck_assert_ptr_nonnull(strstr(refused.reason, "Too many open files"));
	hardware_sum_free(&never);
	hardware_sum_free(&refused);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hardware");

	add_test(suite, each_obstacle_has_its_reason_and_what_can_be_done);
	add_test(suite, it_works_or_says_why_not);
	add_test(suite, what_a_filter_forbids_is_said);
	add_test(suite, a_share_of_the_time_is_scaled_to_all_of_it);
	add_test(suite, counted_all_the_time_is_not_multiplexed);
	add_test(suite, a_task_that_could_not_count_is_a_reason);
	return run_suite(suite);
}
