/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sleeps whose reason is none of those that have a name, told apart by the system call. Looked at in
 * such sleeps only, so that all others cost nothing more.
 */
#ifndef BPF_OTHER_H
#define BPF_OTHER_H

#include "maps.bpf.h"

/* The last entry is kept for what the others have no room for, so that the table adds up. */
static __always_inline __u32 other_entry(struct tb_slot *slot, __u32 call)
{
	for (__u32 i = 0; i < TB_OTHERS - 1; i++) {
		struct tb_other *entry = &slot->others[i];

		if (entry->taken && entry->call == call)
			return i;
		if (!entry->taken) {
			entry->taken = 1;
			entry->call = call;
			return i;
		}
	}
	slot->others[TB_OTHERS - 1].taken = 1;
	slot->others[TB_OTHERS - 1].call = TB_OTHER_REST;
	slot->lost[TB_LOST_OTHERS]++;
	return TB_OTHERS - 1;
}

static __always_inline void sleeps_in_other(struct tb_slot *slot, __u32 call)
{
	slot->other = other_entry(slot, call);
}

static __always_inline void wakes_from_other(struct tb_slot *slot, __u64 slept_ns)
{
	__u32 index = slot->other;

	if (index >= TB_OTHERS)
		return;
	slot->others[index].slept++;
	slot->others[index].wait_ns += slept_ns;
}

#endif
