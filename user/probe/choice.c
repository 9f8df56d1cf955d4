/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/choice.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

#include "probe.skel.h"
#include "probe/probe.h"
#include "probe/tracepoint.h"
#include "probe/way.h"

/* A completion is passed as itself (kernels of late) or as its members. */
#define ARGUMENTS_WITH_CQE 3
#define ARGUMENTS_WITH_MEMBERS 7

/* Programs that no level needs are not even verified. */
static void choose_calls(struct choice *choice, struct probe_bpf *skeleton,
			 const struct btf *kernel, const struct probe_options *options)
{
	int arguments;

	choice->calls = options->calls && !options->timeline && !options->no_syscall_tracepoints &&
			tracepoint_arguments(kernel, "sys_enter") >= 0;
	arguments = choice->calls ? tracepoint_arguments(kernel, "io_uring_complete") : -1;
	choice->uring = arguments == ARGUMENTS_WITH_CQE || arguments == ARGUMENTS_WITH_MEMBERS;
	skeleton->rodata->completes_with_cqe = arguments == ARGUMENTS_WITH_CQE;
	bpf_program__set_autoload(skeleton->progs.on_uring_complete, choice->uring);
	bpf_program__set_autoload(skeleton->progs.on_sys_enter, choice->calls);
	bpf_program__set_autoload(skeleton->progs.on_sys_exit, choice->calls);
}

static int choose_stacks(struct probe_bpf *skeleton, bool stacks)
{
	struct bpf_map *const maps[] = {
		skeleton->maps.places,
		skeleton->maps.samples,
		skeleton->maps.near_stack,
	};
	int err = 0;

	skeleton->rodata->traces_stacks = stacks;
	bpf_program__set_autoload(skeleton->progs.on_waking_stack, stacks);
	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]) && !err; i++)
		err = bpf_map__set_autocreate(maps[i], stacks);
	return err;
}

/* The function of a futex system call, as an fexit program's section names it. */
static bool has_target(const struct btf *kernel, const struct bpf_program *program)
{
	const char *function = strchr(bpf_program__section_name(program), '/');

	return function && function_exists(kernel, function + 1);
}

static void choose_futex(const struct choice *choice, struct probe_bpf *skeleton,
			 const struct btf *kernel)
{
	struct bpf_program *const programs[] = {
		skeleton->progs.on_futex,	  skeleton->progs.on_futex_waitv,
		skeleton->progs.on_futex_wake,	  skeleton->progs.on_futex_wait,
		skeleton->progs.on_futex_requeue,
	};
	bool by_fexit = choice->calls && choice->ways & WAY_FUTEX_FEXIT;

	skeleton->rodata->futex_by_fexit = by_fexit;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		bpf_program__set_autoload(programs[i], by_fexit && has_target(kernel, programs[i]));
}

/* Without system-call tracepoints a timeline has no calls, and all else. */
static void choose_timeline(struct probe_bpf *skeleton, const struct btf *kernel,
			    const struct probe_options *options)
{
	bool calls = options->timeline && !options->no_syscall_tracepoints &&
		     tracepoint_arguments(kernel, "sys_enter") >= 0;

	bpf_program__set_autoload(skeleton->progs.on_waking_shown, options->timeline);
	bpf_program__set_autoload(skeleton->progs.on_futex_enter, calls);
	bpf_program__set_autoload(skeleton->progs.on_futex_exit, calls);
}

static int choose_switch(const struct choice *choice, struct probe_bpf *skeleton,
			 const struct btf *kernel)
{
	enum switch_signature signature = tracepoint_switch(kernel);

	/* Whatever comes behind `next` is not looked at then. */
	if (choice->ways & WAY_SWITCH_TASK && signature == SWITCH_STATE_LAST)
		signature = SWITCH_STATELESS;
	bpf_program__set_autoload(skeleton->progs.on_switch, signature == SWITCH_STATE_LAST);
	bpf_program__set_autoload(skeleton->progs.on_switch_state_second,
				  signature == SWITCH_STATE_SECOND);
	bpf_program__set_autoload(skeleton->progs.on_switch_stateless,
				  signature == SWITCH_STATELESS);
	return signature == SWITCH_UNKNOWN ? -ENOTSUP : 0;
}

/* The map that is not used is not made, and the verifier finds that nothing gets to it. */
static int choose_storage(const struct choice *choice, struct probe_bpf *skeleton)
{
	bool by_pid = choice->ways & WAY_STORAGE_HASH;
	int err;

	skeleton->rodata->marks_by_pid = by_pid;
	bpf_program__set_autoload(skeleton->progs.note_namespace, by_pid);
	bpf_program__set_autoload(skeleton->progs.on_free, by_pid);
	err = bpf_map__set_autocreate(skeleton->maps.marks, !by_pid);
	return err ? err : bpf_map__set_autocreate(skeleton->maps.pid_marks, by_pid);
}

int choose_loaded(struct choice *choice, struct probe_bpf *skeleton, const struct btf *kernel,
		  const struct probe_options *options)
{
	const struct ways_found found =
		ways_find(kernel, options->calls || options->ways & WAYS_FUTEX);
	int err;

	if (ways_choose(options->ways, &found, &choice->ways))
		return -ENOTSUP;
	bpf_program__set_autoload(skeleton->progs.on_waking, options->wakers && !options->timeline);
	choose_timeline(skeleton, kernel, options);
	choose_calls(choice, skeleton, kernel, options);
	choose_futex(choice, skeleton, kernel);
	err = choose_stacks(skeleton, options->stacks);
	if (!err)
		err = choose_switch(choice, skeleton, kernel);
	return err ? err : choose_storage(choice, skeleton);
}

/* Attaching is of programs that were loaded only, whatever is wished here. */
void choose_attached(struct probe_bpf *skeleton, enum level level, bool by_account)
{
	bool calls = level == LEVEL_CALLS;

	bpf_program__set_autoattach(skeleton->progs.on_wakeup, !by_account);
	bpf_program__set_autoattach(skeleton->progs.on_waking, level == LEVEL_WAKERS);
	bpf_program__set_autoattach(skeleton->progs.on_waking_stack, level == LEVEL_STACKS);
	bpf_program__set_autoattach(skeleton->progs.on_sys_enter, calls);
	bpf_program__set_autoattach(skeleton->progs.on_sys_exit, calls);
	bpf_program__set_autoattach(skeleton->progs.on_uring_complete, calls);
	bpf_program__set_autoattach(skeleton->progs.on_futex, calls);
	bpf_program__set_autoattach(skeleton->progs.on_futex_waitv, calls);
	bpf_program__set_autoattach(skeleton->progs.on_futex_wake, calls);
	bpf_program__set_autoattach(skeleton->progs.on_futex_wait, calls);
	bpf_program__set_autoattach(skeleton->progs.on_futex_requeue, calls);
}
