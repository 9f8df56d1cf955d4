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

/* sched_switch(preempt, prev, next, prev_state): since Linux 5.18, fbe8d3a1f7a6, and 9c2136be0878
 * which moved prev_state to the end. An argument that is not a task is refused. */
SEC("tp_btf/sched_switch")
int BPF_PROG(can_switch_state, bool preempt, struct task_struct *prev, struct task_struct *next,
	     unsigned int prev_state)
{
	return prev->thread_pid && next->thread_pid && prev_state;
}

/* Task storage in tracing programs: Linux 5.11, a10787e6d58c. */
SEC("tp_btf/sched_wakeup")
int BPF_PROG(can_task_storage, struct task_struct *task)
{
	return slot_of(task) != NULL;
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

/* Return hooks of kernel functions: Linux 5.5, fec56f5890d9; some kernels refuse them. */
SEC("fexit/futex_wait")
int can_fexit(void *ctx)
{
	return 0;
}
