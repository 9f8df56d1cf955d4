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

static __always_inline struct tb_slot *slot_of(struct task_struct *task)
{
	struct tb_mark *mark = bpf_task_storage_get(&marks, task, NULL, 0);
	__u32 index;

	if (!mark)
		return NULL;
	index = mark->slot;
	return bpf_map_lookup_elem(&slots, &index);
}

#endif
