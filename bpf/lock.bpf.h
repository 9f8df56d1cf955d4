/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a task waited for: its entries in the table of locks. */
#ifndef BPF_LOCK_H
#define BPF_LOCK_H

#include "maps.bpf.h"

/* Entries of the table, less one. */
const volatile __u32 lock_mask __weak = 0;

/* The entry, made when it is new; TB_NO_LOCK where there is no room. */
static __always_inline __u32 lock_entry(struct tb_slot *slot, __u32 what, __u64 address)
{
	__u32 task = slot->index + 1;
	__u32 hash = tb_lock_hash(task, what, address);

	for (__u32 i = 0; i < TB_LOCK_PROBES; i++) {
		__u32 index = (hash + i) & lock_mask;
		struct tb_lock *lock = bpf_map_lookup_elem(&locks, &index);

		if (!lock)
			break;
		if (lock->task == task && lock->what == what && lock->address == address)
			return index;
		if (lock->task || __sync_val_compare_and_swap(&lock->task, 0, task))
			continue;
		lock->what = what;
		lock->address = address;
		return index;
	}
	slot->lost[TB_LOST_LOCKS]++;
	return TB_NO_LOCK;
}

/* The same of a futex word. Who slept on it last time mostly does so again. */
static __always_inline __u32 futex_entry(struct tb_slot *slot, __u64 address)
{
	__u32 last = slot->last_lock;
	struct tb_lock *lock = bpf_map_lookup_elem(&locks, &last);

	if (!lock || lock->address != address)
		slot->last_lock = lock_entry(slot, TB_WHAT_FUTEX, address);
	return slot->last_lock;
}

static __always_inline void lock_waited(__u32 index, __u64 ns, bool acquired)
{
	struct tb_lock *lock = bpf_map_lookup_elem(&locks, &index);

	if (!lock)
		return;
	lock->count++;
	lock->wait_ns += ns;
	if (ns > lock->max_ns)
		lock->max_ns = ns;
	lock->not_acquired += !acquired;
}

#endif
