/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The system calls of all tasks' timed windows, summed over races: ends minus starts. */
#ifndef SESSION_CALL_TOTALS_H
#define SESSION_CALL_TOTALS_H

#include <stdint.h>
#include <tracebench/calls.h>

struct call_totals {
	uint64_t entered;
	uint64_t returned;
	uint64_t system_ns; /* on CPU inside calls */
	double crossing_ns; /* entering and leaving, by what a call of each task costs */
	uint64_t windows_agree; /* of tasks in which as many returned as were entered */
	struct tb_syscall syscalls[TB_SYSCALL_NUMBERS]; /* by number */
	struct tb_futex_calls futex[TB_FUTEX_WAYS];
	uint64_t futex_agree; /* windows with as many futex calls by way as by name */
};

/* Calls into futexes: by the system calls' names, and by the operations, io_uring's left out. */
uint64_t call_totals_futex_named(const struct call_totals *totals);
uint64_t call_totals_futex_told(const struct call_totals *totals);

/* Adds one window, from two snapshots of one task; `crossing_ns` of one call. */
void call_totals_add(struct call_totals *totals, const struct tb_calls *from,
		     const struct tb_calls *to, double crossing_ns);

/* The kernel's name of a system call of this machine, "syscall 511" if it has none. To be freed; NULL: no memory. */
char *syscall_name(uint64_t number);

#endif
