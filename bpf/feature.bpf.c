/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What this kernel can do, asked by trying: each program needs one feature and is loaded by
 * itself. What the verifier accepts here, it accepts in the probe.
 */
#include "maps.bpf.h"

#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* The rights, and BTF-typed tracepoints (Linux 5.5). */
SEC("tp_btf/task_newtask")
int can_tp_btf(void *ctx)
{
	return 0;
}

/* Task storage in tracing programs: Linux 5.11, a10787e6d58c. */
SEC("tp_btf/sched_wakeup")
int BPF_PROG(can_task_storage, struct task_struct *task)
{
	return bpf_task_storage_get(&marks, task, NULL, 0) != NULL;
}

/* A task's saved user registers: Linux 5.15, dd6e10fbd9fb. */
SEC("tp_btf/sched_wakeup")
int BPF_PROG(can_task_regs, struct task_struct *task)
{
	struct task_struct *current = bpf_get_current_task_btf();

	return bpf_task_pt_regs(current) != 0;
}

/* Contention tracepoints: Linux 5.19, 16edd9b511a1. */
SEC("tp_btf/contention_begin")
int BPF_PROG(can_contention, void *lock, unsigned int flags)
{
	return flags != 0;
}

/* System-call tracepoints: CONFIG_FTRACE_SYSCALLS. */
SEC("tp_btf/sys_enter")
int can_calls(void *ctx)
{
	return 0;
}

/*
 * Programs at the return of a system call's function: Linux 5.5, fec56f5890d9. Some kernels refuse
 * to load them; without trampolines (arm64 before Linux 6.0) they load, and cannot be attached.
 */
#if defined(__TARGET_ARCH_x86)
SEC("fexit/__x64_sys_futex")
#elif defined(__TARGET_ARCH_arm64)
SEC("fexit/__arm64_sys_futex")
#endif
int can_fexit(void *ctx)
{
	return 0;
}
