/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/call_totals.h"

#include <inttypes.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/syscall.h>

static void add_futex(struct tb_futex_calls *sum, const struct tb_futex_calls *from,
		      const struct tb_futex_calls *to)
{
	sum->calls += to->calls - from->calls;
	sum->slept += to->slept - from->slept;
	sum->eagain += to->eagain - from->eagain;
	sum->timedout += to->timedout - from->timedout;
	sum->interrupted += to->interrupted - from->interrupted;
	sum->failed += to->failed - from->failed;
	sum->zero += to->zero - from->zero;
	sum->sum += to->sum - from->sum;
}

/* A number keeps its place in a slot's table, so entries of two snapshots pair by index. */
static void add_syscall(struct call_totals *totals, const struct tb_syscall *from,
			const struct tb_syscall *to)
{
	struct tb_syscall *sum = &totals->syscalls[to->number % TB_SYSCALL_NUMBERS];

	sum->count += to->count - from->count;
	sum->errors += to->errors - from->errors;
	sum->time_ns += to->time_ns - from->time_ns;
}

static bool is_futex(uint64_t number)
{
	switch (number) {
	case SYS_futex:
	case 449: /* futex_waitv, Linux 5.16 */
	case 454: /* futex_wake, Linux 6.7 */
	case 455: /* futex_wait */
	case 456: /* futex_requeue */
		return true;
	default:
		return false;
	}
}

uint64_t call_totals_futex_named(const struct call_totals *totals)
{
	uint64_t sum = 0;

	for (uint64_t number = 0; number < TB_SYSCALL_NUMBERS; number++)
		sum += is_futex(number) ? totals->syscalls[number].count : 0;
	return sum;
}

uint64_t call_totals_futex_told(const struct call_totals *totals)
{
	uint64_t sum = 0;

	for (int way = 0; way < TB_URING_FUTEX_WAIT; way++)
		sum += totals->futex[way].calls;
	return sum;
}

static bool futex_agrees(const struct tb_calls *from, const struct tb_calls *to)
{
	uint64_t named = 0, told = 0;

	for (int i = 0; i < TB_SYSCALLS; i++)
		if (is_futex(to->syscalls[i].number))
			named += to->syscalls[i].count - from->syscalls[i].count;
	for (int way = 0; way < TB_URING_FUTEX_WAIT; way++)
		told += to->futex[way].calls - from->futex[way].calls;
	return named == told;
}

void call_totals_add(struct call_totals *totals, const struct tb_calls *from,
		     const struct tb_calls *to, double crossing_ns)
{
	totals->entered += to->entered - from->entered;
	totals->returned += to->returned - from->returned;
	totals->system_ns += to->system_ns - from->system_ns;
	totals->crossing_ns += crossing_ns * (double)(to->returned - from->returned);
	totals->windows_agree += to->entered - from->entered == to->returned - from->returned;
	totals->futex_agree += futex_agrees(from, to);
	for (int i = 0; i < TB_SYSCALLS; i++)
		add_syscall(totals, &from->syscalls[i], &to->syscalls[i]);
	for (int i = 0; i < TB_FUTEX_WAYS; i++)
		add_futex(&totals->futex[i], &from->futex[i], &to->futex[i]);
}

char *syscall_name(uint64_t number)
{
	char *name = NULL;

	if (number != TB_SYSCALL_UNKNOWN)
		name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, (int)number);
	if (!name && asprintf(&name, "syscall %" PRIu64, number) < 0)
		return NULL;
	return name;
}
