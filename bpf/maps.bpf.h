/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the programs share. Weak, so that the objects of several concerns link into one. */
#ifndef BPF_MAPS_H
#define BPF_MAPS_H

#include "kernel.bpf.h"

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <tracebench/slot.h>

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tb_mark);
} marks SEC(".maps") __weak;

/* One per task of a race; user space sets how many, empties it before a race and maps it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tb_slot);
} slots SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tb_tally);
} tallies SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, TB_BUCKETS);
	__type(key, __u32);
	__type(value, struct tb_bucket);
} buckets SEC(".maps") __weak;

/* User space sets how many, a power of two, empties and maps it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tb_lock);
} locks SEC(".maps") __weak;

static __always_inline struct tb_tally *the_tally(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&tallies, &zero);
}

static __always_inline struct tb_bucket *bucket_of(struct task_struct *task)
{
	__u32 index = (__u32)task->pid % TB_BUCKETS;

	return bpf_map_lookup_elem(&buckets, &index);
}

/* The slow way, for a task that its bucket had no room for. */
static __always_inline struct tb_slot *marked_slot_of(struct task_struct *task)
{
	struct tb_tally *tally = the_tally();
	struct tb_mark *mark;
	__u32 index;

	if (!tally || !tally->crowded)
		return NULL;
	mark = bpf_task_storage_get(&marks, task, NULL, 0);
	if (!mark)
		return NULL;
	index = mark->slot;
	return bpf_map_lookup_elem(&slots, &index);
}

/* Task storage would do, and costs some 35 ns a look-up: three of them in every hand-off. */
static __always_inline struct tb_slot *slot_of(struct task_struct *task)
{
	struct tb_bucket *bucket = bucket_of(task);

	if (!bucket || !task->pid)
		return NULL;
#pragma unroll
	for (int i = 0; i < TB_WAYS; i++) {
		__u32 index = bucket->way[i].slot;

		if (bucket->way[i].pid == (__u32)task->pid)
			return bpf_map_lookup_elem(&slots, &index);
	}
	return marked_slot_of(task);
}

#endif
