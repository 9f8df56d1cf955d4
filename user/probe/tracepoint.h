/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel's BTF tells of its tracepoints. */
#ifndef PROBE_TRACEPOINT_H
#define PROBE_TRACEPOINT_H

/* How many arguments its programs get; -1: this kernel has no such tracepoint, or no BTF. */
int tracepoint_arguments(const char *name);

#endif
