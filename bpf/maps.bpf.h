/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the programs share. Weak, so that the objects of several concerns link into one. */
#ifndef BPF_MAPS_H
#define BPF_MAPS_H

#include "kernel.bpf.h"

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <tracebench/slot.h>

/* include/linux/sched.h: a thread that io_uring has made, in the name of the task that uses it. */
#define PF_IO_WORKER 0x10

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tb_mark);
} marks SEC(".maps") __weak;

/*
 * For kernels without task storage: the same by pid, preallocated, for programs in the scheduler may
 * not allocate. Either this or the above is made.
 *
 * A pid that is used again is nobody's: a mark holds for the task that was born at its time, and is
 * removed when the kernel frees that task (on_free() in task.bpf.c), as task storage is.
 */
const volatile bool marks_by_pid __weak = false;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tb_pid_mark);
} pid_marks SEC(".maps") __weak;

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

/* NULL: the task is not traced. */
static __always_inline struct tb_mark *mark_of(struct task_struct *task)
{
	struct tb_pid_mark *found;
	__u32 pid;

	if (!marks_by_pid)
		return bpf_task_storage_get(&marks, task, NULL, 0);
	pid = (__u32)task->pid;
	found = bpf_map_lookup_elem(&pid_marks, &pid);
	return found && found->born_ns == task->start_time ? &found->mark : NULL;
}

/* A mark that names no slot yet; NULL: there is no room for it. */
static __always_inline struct tb_mark *make_mark(struct task_struct *task)
{
	struct tb_pid_mark fresh = { .mark = { .slot = TB_NO_SLOT } };
	__u32 pid;

	if (!marks_by_pid)
		return bpf_task_storage_get(&marks, task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	pid = (__u32)task->pid;
	fresh.born_ns = task->start_time;
	bpf_map_update_elem(&pid_marks, &pid, &fresh, BPF_ANY);
	return mark_of(task);
}

/* The slow way, for a task that its bucket had no room for. */
static __always_inline struct tb_slot *marked_slot_of(struct task_struct *task)
{
	struct tb_tally *tally = the_tally();
	struct tb_mark *mark;
	__u32 index;

	if (!tally || !tally->crowded)
		return NULL;
	mark = mark_of(task);
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
