/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel's BTF tells of its tracepoints and functions. */
#ifndef PROBE_TRACEPOINT_H
#define PROBE_TRACEPOINT_H

#include <stdbool.h>

struct btf;

/* How many arguments its programs get; -1: this kernel has no such tracepoint, or no BTF. */
int tracepoint_arguments(const char *name);

/* The signatures that sched_switch has had, see bpf/sched.bpf.c. */
enum switch_signature {
	SWITCH_UNKNOWN, /* none of them: it cannot be traced */
	SWITCH_STATELESS, /* (preempt, prev, next) */
	SWITCH_STATE_SECOND, /* (preempt, prev_state, prev, next) */
	SWITCH_STATE_LAST, /* (preempt, prev, next, prev_state) */
};

enum switch_signature tracepoint_switch(void);
/* The same by a kernel's types; `btf` may be NULL. */
enum switch_signature tracepoint_switch_in(const struct btf *btf);

/* Whether the kernel has a function of that name which programs may be attached to. */
bool function_exists(const char *name);

#endif
