/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is decided from a kernel's BTF, with types that are made up as each kernel has them. */
#include <bpf/btf.h>

#include "lib/check_main.h"
#include "probe/tracepoint.h"
#include "probe/way.h"

struct types {
	struct btf *btf;
	int data; /* void * */
	int flag; /* bool */
	int task; /* struct task_struct * */
	int state; /* a typedef of unsigned int, as const as it can be */
};

static struct types make_types(void)
{
	struct types types = { .btf = btf__new_empty() };
	int number, name;

	ck_assert_ptr_nonnull(types.btf);
	types.data = btf__add_ptr(types.btf, 0);
	types.flag = btf__add_int(types.btf, "_Bool", 1, BTF_INT_BOOL);
	types.task =
		btf__add_ptr(types.btf, btf__add_fwd(types.btf, "task_struct", BTF_FWD_STRUCT));
	number = btf__add_int(types.btf, "unsigned int", 4, 0);
	name = btf__add_typedef(types.btf, "task_state_t", number);
	types.state = btf__add_const(types.btf, name);
	return types;
}

/* typedef void (*btf_trace_NAME)(void *data, ...): the types behind `data`, up to a 0. */
static void add_tracepoint(struct types *types, const char *name, const int *arguments)
{
	int proto = btf__add_func_proto(types->btf, 0);

	ck_assert_int_eq(btf__add_func_param(types->btf, "__data", types->data), 0);
	for (; *arguments; arguments++)
		ck_assert_int_eq(btf__add_func_param(types->btf, "argument", *arguments), 0);
	ck_assert_int_gt(btf__add_typedef(types->btf, name, btf__add_ptr(types->btf, proto)), 0);
}

static enum switch_signature decide(const int *arguments, struct types *types)
{
	enum switch_signature signature;

	add_tracepoint(types, "btf_trace_sched_switch", arguments);
	signature = tracepoint_switch(types->btf);
	ck_assert_int_eq(tracepoint_arguments(types->btf, "sched_wakeup"), -1);
	btf__free(types->btf);
	return signature;
}

START_TEST(the_state_is_the_last_argument)
{
	struct types t = make_types();
	const int arguments[] = { t.flag, t.task, t.task, t.state, 0 };

	ck_assert_int_eq(decide(arguments, &t), SWITCH_STATE_LAST);
}
END_TEST

START_TEST(the_state_is_the_second_argument)
{
	struct types t = make_types();
	const int arguments[] = { t.flag, t.state, t.task, t.task, 0 };

	ck_assert_int_eq(decide(arguments, &t), SWITCH_STATE_SECOND);
}
END_TEST

START_TEST(the_state_is_no_argument)
{
	struct types t = make_types();
	const int arguments[] = { t.flag, t.task, t.task, 0 };

	ck_assert_int_eq(decide(arguments, &t), SWITCH_STATELESS);
}
END_TEST

START_TEST(what_is_none_of_them_is_not_known)
{
	for (int i = 0; i < 5; i++) {
		struct types t = make_types();
		const int odd[][6] = {
			{ t.task, t.task, t.flag, 0 },
			{ t.flag, t.task, 0 },
			{ t.flag, t.state, t.task, t.state, 0 },
			{ t.flag, t.task, t.task, t.task, 0 },
			{ t.flag, t.task, t.task, t.state, t.state, 0 },
		};

		ck_assert_int_eq(decide(odd[i], &t), SWITCH_UNKNOWN);
	}
	ck_assert_int_eq(tracepoint_switch(NULL), SWITCH_UNKNOWN);
}
END_TEST

START_TEST(functions_are_known_by_name)
{
	struct types t = make_types();
	int proto = btf__add_func_proto(t.btf, 0);

	ck_assert_int_gt(btf__add_func(t.btf, "__x64_sys_futex", BTF_FUNC_STATIC, proto), 0);
	ck_assert(function_exists(t.btf, "__x64_sys_futex"));
	ck_assert(!function_exists(t.btf, "__x64_sys_futex_wake"));
	ck_assert(!function_exists(t.btf, "_Bool"));
	ck_assert(!function_exists(NULL, "__x64_sys_futex"));
	btf__free(t.btf);
}
END_TEST

/* ---- Ways ---- */

START_TEST(the_better_way_is_taken_where_it_is_found)
{
	const struct ways_found all = { true, true, true }, none = { false, false, false };
	unsigned int chosen;

	ck_assert_uint_eq(ways_choose(0, &all, &chosen), 0);
	ck_assert_uint_eq(chosen, WAY_FUTEX_FEXIT | WAY_SWITCH_ARGUMENT | WAY_STORAGE_TASK);
	ck_assert_uint_eq(ways_choose(0, &none, &chosen), 0);
	ck_assert_uint_eq(chosen, WAY_FUTEX_SYSCALL | WAY_SWITCH_TASK | WAY_STORAGE_HASH);
}
END_TEST

START_TEST(what_is_wished_is_taken)
{
	const struct ways_found all = { true, true, true };
	const unsigned int others = WAY_FUTEX_SYSCALL | WAY_SWITCH_TASK | WAY_STORAGE_HASH;
	unsigned int chosen;

	ck_assert_uint_eq(ways_choose(others, &all, &chosen), 0);
	ck_assert_uint_eq(chosen, others);
	ck_assert_uint_eq(ways_choose(WAY_STORAGE_HASH, &all, &chosen), 0);
	ck_assert_uint_eq(chosen, WAY_FUTEX_FEXIT | WAY_SWITCH_ARGUMENT | WAY_STORAGE_HASH);
}
END_TEST

START_TEST(what_is_wished_and_not_found_is_refused)
{
	const struct ways_found none = { false, false, false };
	unsigned int chosen;

	for (unsigned int way = 1; way < 1U << WAYS; way <<= 1) {
		bool better = way & (WAY_FUTEX_FEXIT | WAY_SWITCH_ARGUMENT | WAY_STORAGE_TASK);

		ck_assert_uint_eq(ways_choose(way, &none, &chosen), better ? way : 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tracepoint");

	add_test(suite, the_state_is_the_last_argument);
	add_test(suite, the_state_is_the_second_argument);
	add_test(suite, the_state_is_no_argument);
	add_test(suite, what_is_none_of_them_is_not_known);
	add_test(suite, functions_are_known_by_name);
	add_test(suite, the_better_way_is_taken_where_it_is_found);
	add_test(suite, what_is_wished_is_taken);
	add_test(suite, what_is_wished_and_not_found_is_refused);
	return run_suite(suite);
}
