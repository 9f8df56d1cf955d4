/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel's BTF, of btf__load_vmlinux_btf(), tells of its tracepoints and functions. Reading
 * it takes 10 ms, so it is handed on. NULL, no BTF, has none of either.
 */
#ifndef PROBE_TRACEPOINT_H
#define PROBE_TRACEPOINT_H

#include <stdbool.h>

struct btf;

/* How many arguments its programs get; -1: this kernel has no such tracepoint. */
int tracepoint_arguments(const struct btf *kernel, const char *name);

/* The signatures that sched_switch has had, see bpf/sched.bpf.c. */
enum switch_signature {
	SWITCH_UNKNOWN, /* none of them: it cannot be traced */
	SWITCH_STATELESS, /* (preempt, prev, next) */
	SWITCH_STATE_SECOND, /* (preempt, prev_state, prev, next) */
	SWITCH_STATE_LAST, /* (preempt, prev, next, prev_state) */
};

enum switch_signature tracepoint_switch(const struct btf *kernel);

/* Whether the kernel has a function of that name which programs may be attached to. */
bool function_exists(const struct btf *kernel, const char *name);

#endif
