/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/tracepoint.h"

#include <bpf/btf.h>
#include <stdio.h>

/*
 * A tracepoint's callback is typedef btf_trace_NAME: void (*)(void *data, arguments). NULL: there is
 * no such tracepoint.
 */
static const struct btf_type *callback_of(const struct btf *btf, const char *name)
{
	const struct btf_type *type;
	char typedef_name[128];
	int id;

	snprintf(typedef_name, sizeof(typedef_name), "btf_trace_%s", name);
	id = btf__find_by_name_kind(btf, typedef_name, BTF_KIND_TYPEDEF);
	type = id > 0 ? btf__type_by_id(btf, btf__type_by_id(btf, (__u32)id)->type) : NULL;
	if (!type || !btf_is_ptr(type))
		return NULL;
	type = btf__type_by_id(btf, type->type);
	return btf_is_func_proto(type) ? type : NULL;
}

int tracepoint_arguments(const struct btf *kernel, const char *name)
{
	const struct btf_type *callback = kernel ? callback_of(kernel, name) : NULL;

	return callback ? btf_vlen(callback) - 1 : -1;
}

/* Whether an argument, counted from 1 behind `data`, is a pointer (else it is a number). */
static bool is_pointer(const struct btf *btf, const struct btf_type *callback, int argument)
{
	__u32 id = btf_params(callback)[argument].type;
	const struct btf_type *type = btf__type_by_id(btf, id);

	while (btf_is_mod(type) || btf_is_typedef(type))
		type = btf__type_by_id(btf, type->type);
	return btf_is_ptr(type);
}

enum switch_signature tracepoint_switch(const struct btf *kernel)
{
	const struct btf_type *callback = kernel ? callback_of(kernel, "sched_switch") : NULL;
	int n = callback ? btf_vlen(callback) - 1 : 0;

	if (n < 3 || n > 4 || is_pointer(kernel, callback, 1) || !is_pointer(kernel, callback, 3))
		return SWITCH_UNKNOWN;
	if (n == 3)
		return is_pointer(kernel, callback, 2) ? SWITCH_STATELESS : SWITCH_UNKNOWN;
	if (is_pointer(kernel, callback, 2) != is_pointer(kernel, callback, 4))
		return is_pointer(kernel, callback, 2) ? SWITCH_STATE_LAST : SWITCH_STATE_SECOND;
	return SWITCH_UNKNOWN;
}

bool function_exists(const struct btf *kernel, const char *name)
{
	return kernel && btf__find_by_name_kind(kernel, name, BTF_KIND_FUNC) > 0;
}
