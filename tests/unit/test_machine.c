/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/machine.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <string.h>
#include <sys/utsname.h>

#include "lib/check_main.h"
#include "plan/host.h"
#include "plan/topology.h"

START_TEST(the_cpus_are_exactly_those_this_process_may_use)
{
	struct machine machine;
	cpu_set_t allowed;

	ck_assert_int_eq(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
	ck_assert_int_eq(machine_read(&machine), 0);
	ck_assert_int_eq((int)machine.n_cpus, CPU_COUNT(&allowed));
	for (size_t i = 0; i < machine.n_cpus; i++) {
		ck_assert(CPU_ISSET((size_t)machine.cpus[i], &allowed));
		CPU_CLR((size_t)machine.cpus[i], &allowed);
	}
	ck_assert_int_ge(machine.cpus_online, (int64_t)machine.n_cpus);
	machine_free(&machine);
}
END_TEST

START_TEST(affinity_narrows_the_cpus_but_not_the_machine)
{
	struct machine whole, narrow;
	cpu_set_t allowed, one;

	ck_assert_int_eq(machine_read(&whole), 0);
	ck_assert_int_eq(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
	CPU_ZERO(&one);
	CPU_SET((size_t)whole.cpus[whole.n_cpus - 1], &one);
	ck_assert_int_eq(sched_setaffinity(0, sizeof(one), &one), 0);
	ck_assert_int_eq(machine_read(&narrow), 0);
	ck_assert_int_eq(sched_setaffinity(0, sizeof(allowed), &allowed), 0);

	ck_assert_uint_eq(narrow.n_cpus, 1);
	ck_assert_int_eq(narrow.cpus[0], whole.cpus[whole.n_cpus - 1]);
	ck_assert_str_eq(narrow.topology, whole.topology);
	ck_assert_int_eq(narrow.cpus_online, whole.cpus_online);
	machine_free(&narrow);
	machine_free(&whole);
}
END_TEST

START_TEST(facts_are_those_of_the_kernel_or_missing)
{
	struct machine machine;
	struct utsname names;

	uname(&names);
	ck_assert_int_eq(machine_read(&machine), 0);
	ck_assert_str_eq(machine.hostname, names.nodename);
	ck_assert_str_eq(machine.kernel, names.release);
	ck_assert_str_eq(machine.arch, names.machine);
	ck_assert(!machine.cpu_model || *machine.cpu_model);
	ck_assert(!machine.governor || *machine.governor);
	ck_assert(!machine.clocksource || *machine.clocksource);
	ck_assert(!machine.preemption || *machine.preemption);
	ck_assert_ptr_nonnull(strstr(machine.topology, "CPU"));
	ck_assert(isnan(machine.cpu_quota) || machine.cpu_quota > 0);
	ck_assert(machine.timer_cost_ns > 1 && machine.timer_cost_ns < 100000);
	machine_free(&machine);
}
END_TEST

static hwloc_topology_t made_up(const char *synthetic)
{
	hwloc_topology_t topology;

	ck_assert_int_eq(hwloc_topology_init(&topology), 0);
	ck_assert_int_eq(hwloc_topology_set_synthetic(topology, synthetic), 0);
	ck_assert_int_eq(hwloc_topology_load(topology), 0);
	return topology;
}

/* A made-up machine, and the order its CPUs are used in when these are allowed. */
static void spread_is(const char *synthetic, const char *allowed_list, const int *want,
		      size_t n_want)
{
	hwloc_topology_t topology = made_up(synthetic);
	hwloc_bitmap_t allowed = hwloc_bitmap_alloc();
	size_t n_cpus = 0;
	int *cpus = NULL;

	ck_assert_int_ge(hwloc_bitmap_list_sscanf(allowed, allowed_list), 0);
	ck_assert_int_eq(topology_spread(topology, allowed, &cpus, &n_cpus), 0);
	ck_assert_uint_eq(n_cpus, n_want);
	for (size_t i = 0; i < n_want; i++)
		ck_assert_msg(cpus[i] == want[i], "%s, %s: CPU %d comes %zu.", synthetic,
			      allowed_list, cpus[i], i);
	free(cpus);
	hwloc_topology_destroy(topology);
	hwloc_bitmap_free(allowed);
}

START_TEST(every_core_is_used_before_a_second_thread_of_any)
{
	spread_is("core:3 pu:2", "0-5", (int[]){ 0, 2, 4, 1, 3, 5 }, 6);
	spread_is("core:2 pu:4", "0-7", (int[]){ 0, 4, 1, 5, 2, 6, 3, 7 }, 8);
	spread_is("package:2 core:2 pu:1", "0-3", (int[]){ 0, 1, 2, 3 }, 4);
	/* Numbered as most x86 machines are: the second threads behind all first ones. */
	spread_is("core:2 pu:2(indexes=0,2,1,3)", "0-3", (int[]){ 0, 1, 2, 3 }, 4);
}
END_TEST

START_TEST(only_allowed_threads_of_a_core_count)
{
	spread_is("core:3 pu:2", "1,3,4-5", (int[]){ 1, 3, 4, 5 }, 4);
	spread_is("core:3 pu:2", "5", (int[]){ 5 }, 1);
	spread_is("core:2 pu:2", "0-99", (int[]){ 0, 2, 1, 3 }, 4);
}
END_TEST

static void list_is(const int *cpus, size_t n_cpus, const int *want, size_t n_want, const char *of)
{
	ck_assert_msg(n_cpus == n_want, "%s: %zu CPUs", of, n_cpus);
	for (size_t i = 0; i < n_want; i++)
		ck_assert_msg(cpus[i] == want[i], "%s: CPU %d comes %zu.", of, cpus[i], i);
}

static void siblings_are(const char *synthetic, const char *allowed_list, const int *want,
			 size_t n_want)
{
	hwloc_topology_t topology = made_up(synthetic);
	hwloc_bitmap_t allowed = hwloc_bitmap_alloc();
	size_t n_cpus;
	int *cpus;

	hwloc_bitmap_list_sscanf(allowed, allowed_list);
	ck_assert_int_eq(topology_siblings(topology, allowed, &cpus, &n_cpus), 0);
	list_is(cpus, n_cpus, want, n_want, synthetic);
	free(cpus);
	hwloc_topology_destroy(topology);
	hwloc_bitmap_free(allowed);
}

START_TEST(siblings_are_the_threads_of_one_core_of_which_two_are_allowed)
{
	siblings_are("core:3 pu:2", "0-5", (int[]){ 0, 1 }, 2);
	siblings_are("core:2 pu:4", "1,4-6", (int[]){ 4, 5, 6 }, 3);
	siblings_are("core:2 pu:2(indexes=0,2,1,3)", "0-3", (int[]){ 0, 2 }, 2);
	siblings_are("core:3 pu:2", "0,2,4", NULL, 0);
	siblings_are("core:4 pu:1", "0-3", NULL, 0);
}
END_TEST

static void l3_is(const char *synthetic, const char *allowed_list, size_t n_want_caches,
		  const int *want, size_t n_want)
{
	hwloc_topology_t topology = made_up(synthetic);
	hwloc_bitmap_t allowed = hwloc_bitmap_alloc();
	size_t n_cpus, n_caches;
	int *cpus;

	hwloc_bitmap_list_sscanf(allowed, allowed_list);
	ck_assert_int_eq(topology_l3(topology, allowed, &cpus, &n_cpus, &n_caches), 0);
	ck_assert_uint_eq(n_caches, n_want_caches);
	list_is(cpus, n_cpus, want, n_want, synthetic);
	free(cpus);
	hwloc_topology_destroy(topology);
	hwloc_bitmap_free(allowed);
}

START_TEST(an_l3_cache_is_one_that_two_allowed_cpus_share_core_by_core)
{
	l3_is("l3:2 core:2 pu:2", "0-7", 2, (int[]){ 0, 2, 1, 3 }, 4);
	l3_is("l3:2 core:2 pu:2", "0,4-6", 2, (int[]){ 4, 6, 5 }, 3);
	l3_is("l3:4 core:1 pu:1", "0-3", 4, NULL, 0);
	l3_is("l3:2 core:2 pu:1", "0,2", 2, NULL, 0);
	l3_is("core:4 pu:1", "0-3", 0, NULL, 0);
}
END_TEST

START_TEST(no_cpu_at_all_is_an_error)
{
	hwloc_bitmap_t none = hwloc_bitmap_alloc();
	hwloc_topology_t topology;
	size_t n_cpus;
	int *cpus;

	hwloc_topology_init(&topology);
	hwloc_topology_set_synthetic(topology, "core:2 pu:1");
	hwloc_topology_load(topology);
	ck_assert_int_eq(topology_spread(topology, none, &cpus, &n_cpus), -ENODEV);
	hwloc_topology_destroy(topology);
	hwloc_bitmap_free(none);
}
END_TEST

static void text_is(const char *synthetic, const char *want)
{
	hwloc_topology_t topology;
	char *text;

	hwloc_topology_init(&topology);
	hwloc_topology_set_synthetic(topology, synthetic);
	hwloc_topology_load(topology);
	text = topology_text(topology);
	ck_assert_str_eq(text, want);
	free(text);
	hwloc_topology_destroy(topology);
}

START_TEST(the_topology_is_told_in_words)
{
	text_is("core:2 pu:1", "2 CPUs, 2 cores, no SMT");
	text_is("package:1 core:2 pu:1", "2 CPUs, 2 cores, no SMT");
	text_is("core:1 pu:1", "1 CPU, 1 core, no SMT");
	text_is("package:2 core:4 pu:2", "16 CPUs, 8 cores, 2 threads per core, 2 packages");
	text_is("node:2 core:2 pu:1", "4 CPUs, 4 cores, no SMT, 2 NUMA nodes");
}
END_TEST

START_TEST(a_quota_is_quota_over_period)
{
	ck_assert_double_eq(host_quota_of("50000 100000"), 0.5);
	ck_assert_double_eq(host_quota_of("250000 100000\n"), 2.5);
	ck_assert(isnan(host_quota_of("max 100000")));
	ck_assert(isnan(host_quota_of("-1 100000")));
	ck_assert(isnan(host_quota_of("50000 0")));
	ck_assert(isnan(host_quota_of("50000")));
	ck_assert(isnan(host_quota_of("")));
}
END_TEST

static void preemption_is(const char *choices, const char *version, const char *want)
{
	char *model = host_preemption_of(choices, version);

	ck_assert_pstr_eq(model, want);
	free(model);
}

START_TEST(preemption_is_what_is_chosen_or_built_or_unknown)
{
	preemption_is("none voluntary (full) lazy", "#1 SMP PREEMPT_DYNAMIC", "full");
	preemption_is("(none) voluntary full", "#1 SMP PREEMPT_DYNAMIC", "none");
	preemption_is(NULL, "#1 SMP PREEMPT_DYNAMIC Debian 6.1", "PREEMPT_DYNAMIC");
	preemption_is(NULL, "#1 SMP PREEMPT_RT", "PREEMPT_RT");
	preemption_is("rubbish", "#1 SMP PREEMPT", "PREEMPT");
	preemption_is(NULL, "#1 SMP Debian 6.1", NULL);
}
END_TEST

START_TEST(no_turbo_is_the_opposite_of_boost)
{
	ck_assert_str_eq(host_boost_of("1", NULL), "on");
	ck_assert_str_eq(host_boost_of("0", NULL), "off");
	ck_assert_str_eq(host_boost_of(NULL, "0"), "on");
	ck_assert_str_eq(host_boost_of(NULL, "1"), "off");
	ck_assert_ptr_null(host_boost_of(NULL, NULL));
	ck_assert_ptr_null(host_boost_of("?", ""));
}
END_TEST

START_TEST(the_clock_moves_in_steps)
{
	ck_assert_double_ge(host_clock_step_ns(), 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("machine");

	add_test(suite, the_cpus_are_exactly_those_this_process_may_use);
	add_test(suite, affinity_narrows_the_cpus_but_not_the_machine);
	add_test(suite, facts_are_those_of_the_kernel_or_missing);
	add_test(suite, every_core_is_used_before_a_second_thread_of_any);
	add_test(suite, only_allowed_threads_of_a_core_count);
	add_test(suite, siblings_are_the_threads_of_one_core_of_which_two_are_allowed);
	add_test(suite, an_l3_cache_is_one_that_two_allowed_cpus_share_core_by_core);
	add_test(suite, no_cpu_at_all_is_an_error);
	add_test(suite, the_topology_is_told_in_words);
	add_test(suite, a_quota_is_quota_over_period);
	add_test(suite, no_turbo_is_the_opposite_of_boost);
	add_test(suite, the_clock_moves_in_steps);
	add_test(suite, preemption_is_what_is_chosen_or_built_or_unknown);
	return run_suite(suite);
}
