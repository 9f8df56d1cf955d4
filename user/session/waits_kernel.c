/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kernel locks by name. Most have none that the kernel tells (they are allocated, such as a pipe's
 * mutex). Those are named by the system call in which they were waited for, which is the same in
 * every race and says what to look for; one that is waited for in two calls has two rows.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "session/call_totals.h"
#include "session/waits.h"

static uint32_t type_of(const struct tb_lock *lock)
{
	return (lock->what >> TB_WHAT_TYPE_SHIFT) - 1;
}

/* Entries of one lock and call lie side by side, whichever task they are of. */
static int by_lock(const void *a, const void *b)
{
	const struct tb_lock *left = a, *right = b;

	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	return (left->what > right->what) - (left->what < right->what);
}

static bool is_same(const struct tb_lock *a, const struct tb_lock *b)
{
	return a->address == b->address && a->what == b->what;
}

static int name_lock(char name[WAIT_NAME], struct symbols *symbols, const struct tb_lock *lock)
{
	uint32_t number = lock->what & TB_WHAT_SYSCALL_MASK;
	char symbol[SYMBOL_NAME];
	char *call;

	if (symbols && symbols_kernel(symbols, lock->address, symbol)) {
		snprintf(name, WAIT_NAME, "%s", symbol);
		return 0;
	}
	call = number == TB_WHAT_NO_SYSCALL ? strdup("no call") : syscall_name(number);
	if (!call)
		return -ENOMEM;
	snprintf(name, WAIT_NAME, "in %s", call);
	free(call);
	return 0;
}

static struct kernel_lock_sum *sum_of(struct waits *waits, const char *name, uint32_t type)
{
	struct kernel_lock_sum *sum;

	for (size_t i = 0; i < waits->n_kernel_locks; i++) {
		sum = &waits->kernel_locks[i];
		if (sum->type == type && strcmp(sum->name, name) == 0)
			return sum;
	}
	sum = array_append(&waits->kernel_locks, &waits->n_kernel_locks, sizeof(*sum));
	if (!sum)
		return NULL;
	sum->type = type;
	snprintf(sum->name, sizeof(sum->name), "%s", name);
	return sum;
}

static void add_entry(struct kernel_lock_sum *sum, const struct tb_lock *entry)
{
	sum->count += entry->count;
	sum->wait_ns += entry->wait_ns;
	sum->not_acquired += entry->not_acquired;
	if (entry->max_ns > sum->max_ns)
		sum->max_ns = entry->max_ns;
}

/* `addresses`: how many of each sum's locks this race had so far. */
static int add_lock(struct waits *waits, struct symbols *symbols, const struct tb_lock *entries,
		    size_t n, uint64_t **addresses, size_t *n_addresses)
{
	struct kernel_lock_sum *sum;
	char name[WAIT_NAME];
	size_t at;
	int err = name_lock(name, symbols, entries);

	sum = err ? NULL : sum_of(waits, name, type_of(entries));
	if (!sum)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		add_entry(sum, &entries[i]);
	at = (size_t)(sum - waits->kernel_locks);
	while (*n_addresses <= at)
		if (!array_append(addresses, n_addresses, sizeof(**addresses)))
			return -ENOMEM;
	if (++(*addresses)[at] > sum->addresses)
		sum->addresses = (*addresses)[at];
	return 0;
}

static int add_sorted(struct waits *waits, struct symbols *symbols, const struct tb_lock *entries,
		      size_t n)
{
	uint64_t *addresses = NULL;
	size_t n_addresses = 0;
	int err = 0;

	for (size_t i = 0, end; i < n && !err; i = end) {
		for (end = i + 1; end < n && is_same(&entries[end], &entries[i]); end++)
			;
		err = add_lock(waits, symbols, entries + i, end - i, &addresses, &n_addresses);
	}
	free(addresses);
	return err;
}

int waits_add_kernel_locks(struct waits *waits, const struct found *found)
{
	const struct findings *findings = &found->findings;
	struct tb_lock *entries = calloc(findings->n_locks + 1, sizeof(*entries));
	size_t n = 0;
	int err;

	if (!entries)
		return -ENOMEM;
	for (size_t i = 0; i < findings->n_locks; i++)
		if (findings->locks[i].what != TB_WHAT_FUTEX && findings->locks[i].count)
			entries[n++] = findings->locks[i];
	qsort(entries, n, sizeof(*entries), by_lock);
	err = add_sorted(waits, found->symbols, entries, n);
	free(entries);
	return err;
}
