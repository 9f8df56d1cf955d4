/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Empty programs at the tracepoints that the probe uses: what the kernel charges for calling a
 * program at all, the floor below which no probe can come.
 */
#include "kernel.bpf.h"

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tp_btf/task_newtask")
int empty_newtask(void *ctx)
{
	return 0;
}

SEC("tp_btf/sched_switch")
int empty_switch(void *ctx)
{
	return 0;
}

SEC("tp_btf/sched_wakeup")
int empty_wakeup(void *ctx)
{
	return 0;
}

SEC("tp_btf/task_rename")
int empty_rename(void *ctx)
{
	return 0;
}

SEC("tp_btf/contention_begin")
int empty_contention_begin(void *ctx)
{
	return 0;
}

SEC("tp_btf/contention_end")
int empty_contention_end(void *ctx)
{
	return 0;
}

SEC("tp_btf/sys_enter")
int empty_sys_enter(void *ctx)
{
	return 0;
}

SEC("tp_btf/sys_exit")
int empty_sys_exit(void *ctx)
{
	return 0;
}
