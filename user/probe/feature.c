/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/feature.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "feature.skel.h"
#include "probe/tracepoint.h"

static const struct {
	const char *name;
	const char *program; /* of feature.bpf.c; NULL: no program */
	const char *obstacle; /* without it there is no tracing; NULL: there is */
} features[FEATURES] = {
	[FEATURE_BTF] = { "BTF", NULL,
			  "this kernel does not describe its types (no /sys/kernel/btf/vmlinux; "
			  "CONFIG_DEBUG_INFO_BTF)" },
	[FEATURE_TP_BTF] = { "tp_btf", "can_tp_btf",
			     "BPF needs CAP_BPF and CAP_PERFMON (or root), and a kernel that "
			     "allows tp_btf programs" },
	[FEATURE_SWITCH] = { "sched_switch", NULL,
			     "sched_switch of this kernel has arguments that are not known "
			     "(it is newer than this program: is there a newer one?)" },
	[FEATURE_TASK_STORAGE] = { "task storage", "can_task_storage", NULL },
	[FEATURE_TASK_REGS] = { "task registers", "can_task_regs",
				"this kernel has no bpf_task_pt_regs (Linux 5.15 or later has)" },
	[FEATURE_CONTENTION] = { "contention", "can_contention",
				 "this kernel has no lock-contention tracepoints (Linux 5.19 or "
				 "later has)" },
	[FEATURE_CALLS] = { "system calls", "can_calls", NULL },
	[FEATURE_FEXIT] = { "fexit", "can_fexit", NULL },
};

/* Kernels without task storage refuse to make the map, which only one of the programs uses. */
static void leave_out_storage(struct bpf_object *object, const char *program)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
		if (bpf_map__type(map) == BPF_MAP_TYPE_TASK_STORAGE)
			bpf_map__set_autocreate(map, strcmp(program, "can_task_storage") == 0);
}

/* Attached, too, for that may be refused where loading is not. */
static int try_attaching(struct bpf_program *program)
{
	struct bpf_link *link = bpf_program__attach(program);

	if (!link)
		return -errno;
	bpf_link__destroy(link);
	return 0;
}

/* Loads one program of the skeleton and no other. */
static int try_program(const char *name)
{
	struct feature_bpf *skeleton = feature_bpf__open();
	struct bpf_program *program;
	int err;

	if (!skeleton)
		return -errno;
	bpf_object__for_each_program(program, skeleton->obj)
		bpf_program__set_autoload(program, false);
	program = bpf_object__find_program_by_name(skeleton->obj, name);
	bpf_program__set_autoload(program, true);
	leave_out_storage(skeleton->obj, name);
	err = feature_bpf__load(skeleton);
	if (!err && program == skeleton->progs.can_fexit)
		err = try_attaching(program);
	feature_bpf__destroy(skeleton);
	return err;
}

static int try_switch(void)
{
	struct btf *kernel = btf__load_vmlinux_btf();
	enum switch_signature signature = tracepoint_switch(kernel);

	btf__free(kernel);
	return signature == SWITCH_UNKNOWN ? -ENOTSUP : 0;
}

static int try_feature(enum feature feature)
{
	if (features[feature].program)
		return try_program(features[feature].program);
	if (feature == FEATURE_SWITCH)
		return try_switch();
	return access("/sys/kernel/btf/vmlinux", R_OK) ? -errno : 0;
}

struct feature_state feature_try(enum feature feature)
{
	libbpf_print_fn_t before = libbpf_set_print(NULL);
	int err = try_feature(feature);

	libbpf_set_print(before);
	return (struct feature_state){ .works = err == 0, .error = err };
}

void feature_probe(struct feature_state states[FEATURES])
{
	for (int i = 0; i < FEATURES; i++)
		states[i] = feature_try((enum feature)i);
}

const char *feature_name(enum feature feature)
{
	return features[feature].name;
}

/* A limit says nothing about the kernel or the rights. NULL: the error is none of a limit's. */
static const char *limit_obstacle(int error)
{
	switch (-error) {
	case EMFILE:
	case ENFILE:
		return "no file descriptors are left for BPF programs and maps (ulimit -n)";
	case ENOMEM:
		return "no memory is left for BPF programs and maps (ulimit -v, or the control "
		       "group's limit)";
	default:
		return NULL;
	}
}

const char *feature_obstacle(const struct feature_state states[FEATURES])
{
	for (int i = 0; i < FEATURES; i++) {
		const char *limit = limit_obstacle(states[i].error);

		if (!states[i].works && features[i].obstacle)
			return limit ? limit : features[i].obstacle;
	}
	return NULL;
}
