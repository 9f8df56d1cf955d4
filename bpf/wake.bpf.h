/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who woke whom, and who had the lock: the maps that it is counted in. */
#ifndef BPF_WAKE_H
#define BPF_WAKE_H

#include "maps.bpf.h"

/* User space sets how many there may be, and empties them. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct tb_edge_key);
	__type(value, struct tb_edge);
} edges SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct tb_owner_key);
	__type(value, __u64);
} owners SEC(".maps") __weak;

/* A wakee's events are serialised, so its edges have one writer at a time. */
static __always_inline void count_edge(struct tb_slot *slot, __u64 latency_ns)
{
	__u64 futex = slot->waker_futex == slot->futex ? slot->futex : 0;
	struct tb_edge_key key = { slot->index, slot->waker, futex };
	struct tb_edge *edge = bpf_map_lookup_elem(&edges, &key);
	struct tb_edge first = { 1, latency_ns, latency_ns };

	if (!edge) {
		if (bpf_map_update_elem(&edges, &key, &first, BPF_NOEXIST))
			slot->lost[TB_LOST_EDGES]++;
		return;
	}
	edge->count++;
	edge->latency_ns += latency_ns;
	if (latency_ns > edge->max_ns)
		edge->max_ns = latency_ns;
}

/* The wake-up is known from its effect alone. */
static __always_inline void waking_unseen(struct tb_slot *slot, __u64 now)
{
	slot->waker = TB_WAKER_UNSEEN;
	slot->waker_futex = 0;
	slot->waking_ns = now;
}

/* The task that was woken has the CPU. */
static __always_inline void edge_ends(struct tb_slot *slot, __u64 now)
{
	if (slot->in_window)
		count_edge(slot, now - slot->waking_ns);
	slot->waking_ns = 0;
}

/* Several may go to sleep for one lock at the same time. */
static __always_inline void count_owner(struct tb_slot *slot, __u64 futex, __u32 owner)
{
	struct tb_owner_key key = { futex, owner, 0 };
	__u64 *count = bpf_map_lookup_elem(&owners, &key);
	__u64 none = 0;

	if (!count) {
		bpf_map_update_elem(&owners, &key, &none, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&owners, &key);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		slot->lost[TB_LOST_EDGES]++;
}

/*
 * The task is about to sleep on the word. Its memory is the current one, and the page was touched
 * just now; where the word is that of a lock that says who has it, it is asked.
 */
static __always_inline void note_owner(struct tb_slot *slot, __u64 futex)
{
	struct tb_tally *tally = the_tally();
	__u64 offset;
	__u32 owner;

	if (!tally || !tally->mutexes.stride)
		return;
	offset = futex - tally->mutexes.first;
	if (offset >= tally->mutexes.end - tally->mutexes.first || offset % tally->mutexes.stride)
		return;
	if (bpf_probe_read_user(&owner, sizeof(owner), (void *)(futex + tally->mutexes.owner)))
		slot->lost[TB_LOST_EDGES]++;
	else
		count_owner(slot, futex, owner);
}

#endif
