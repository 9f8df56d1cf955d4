/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/tracepoint.h"

#include <bpf/btf.h>
#include <stdio.h>

/* A tracepoint's callback is typedef btf_trace_NAME: void (*)(void *data, arguments). */
static int callback_arguments(const struct btf *btf, const char *name)
{
	const struct btf_type *type;
	char typedef_name[128];
	int id;

	snprintf(typedef_name, sizeof(typedef_name), "btf_trace_%s", name);
	id = btf__find_by_name_kind(btf, typedef_name, BTF_KIND_TYPEDEF);
	type = id > 0 ? btf__type_by_id(btf, btf__type_by_id(btf, (__u32)id)->type) : NULL;
	if (!type || !btf_is_ptr(type))
		return -1;
	type = btf__type_by_id(btf, type->type);
	return btf_is_func_proto(type) ? btf_vlen(type) - 1 : -1;
}

int tracepoint_arguments(const char *name)
{
	struct btf *btf = btf__load_vmlinux_btf();
	int n = btf ? callback_arguments(btf, name) : -1;

	btf__free(btf);
	return n;
}
