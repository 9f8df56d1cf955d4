/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this kernel and these rights allow, found out by trying. Never by version or by errno. */
#ifndef PROBE_FEATURE_H
#define PROBE_FEATURE_H

#include <stdbool.h>

enum feature {
	FEATURE_BTF, /* the kernel describes its types */
	FEATURE_TP_BTF, /* and we may load BPF programs on its tracepoints */
	FEATURE_SWITCH, /* sched_switch has one of the signatures that are known */
	FEATURE_TASK_STORAGE, /* not needed: a hash by pid does as well */
	FEATURE_TASK_REGS, /* the reason of a sleep can be read */
	FEATURE_CONTENTION, /* kernel locks */
	FEATURE_CALLS, /* system calls; without them there is the sleeps level only */
	FEATURE_FEXIT, /* not needed: the system-call tracepoints tell as much of futexes */
	FEATURES,
};

struct feature_state {
	bool works;
	int error; /* the negative errno that loading ended with; 0 when it works */
};

void feature_probe(struct feature_state states[FEATURES]);

/* One of them. */
struct feature_state feature_try(enum feature feature);

/* Short name, and what is missing without it. */
const char *feature_name(enum feature feature);

/*
 * One line that says why the probe cannot be used and what to do, or NULL when it can. Points to
 * static text.
 */
const char *feature_obstacle(const struct feature_state states[FEATURES]);

#endif
