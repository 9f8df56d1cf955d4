/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is traced. User space marks the arena; every task that a marked task makes is marked too
 * and takes a slot. The mark is task storage: it dies with the task, so a pid that is used again
 * is never taken for the task that had it before.
 */
#include "maps.bpf.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* include/linux/sched.h: a thread that io_uring has made, in the name of the task that uses it. */
#define PF_IO_WORKER 0x10

const volatile __u32 task_slots = 1; /* of all slots; those behind are for the kernel's threads */

/* The index of a slot nobody has, or TB_NO_SLOT. */
static __always_inline __u32 take_slot(struct tb_tally *tally, struct task_struct *task)
{
	bool is_kernels = task->flags & PF_IO_WORKER;
	__u32 index;

	if (is_kernels)
		index = task_slots + __sync_fetch_and_add(&tally->kernel_taken, 1);
	else
		index = __sync_fetch_and_add(&tally->taken, 1);
	if ((is_kernels || index < task_slots) && bpf_map_lookup_elem(&slots, &index))
		return index;
	__sync_fetch_and_add(&tally->lost[TB_LOST_SLOTS], 1);
	return TB_NO_SLOT;
}

#define PID_OF_NOBODY (~0U)

/* A fault that the tests inject: no task finds room in its bucket. */
const volatile bool buckets_are_full = false;

/* Makes the slot the one that slot_of() finds. */
static __always_inline void enter(struct tb_tally *tally, struct task_struct *task, __u32 slot)
{
	struct tb_bucket *bucket = bucket_of(task);

	for (int i = 0; bucket && !buckets_are_full && i < TB_WAYS; i++) {
		if (__sync_val_compare_and_swap(&bucket->way[i].pid, 0, PID_OF_NOBODY))
			continue;
		/* The task has not run yet: nobody looks for it before both are written. */
		bucket->way[i].slot = slot;
		bucket->way[i].pid = (__u32)task->pid;
		return;
	}
	__sync_fetch_and_add(&tally->crowded, 1);
}

/*
 * The task's id in its own pid namespace, which is what gettid() returns to it. Its struct pid is
 * read as a number: the verifier of Linux 6.1 adds no unbounded number to a typed pointer.
 */
static __always_inline __u32 own_tid(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	void *number = (void *)pid + bpf_core_field_offset(struct pid, numbers) +
		       BPF_CORE_READ(pid, level) * bpf_core_type_size(struct upid) +
		       bpf_core_field_offset(struct upid, nr);
	__u32 tid = 0;

	bpf_probe_read_kernel(&tid, sizeof(tid), number);
	return tid;
}

SEC("tp_btf/task_newtask")
int BPF_PROG(on_newtask, struct task_struct *child, __u64 clone_flags)
{
	struct task_struct *parent = bpf_get_current_task_btf();
	struct tb_tally *tally;
	struct tb_mark *mark;
	struct tb_slot *slot;
	__u32 index;

	if (!bpf_task_storage_get(&marks, parent, NULL, 0))
		return 0;
	tally = the_tally();
	if (!tally)
		return 0;
	mark = bpf_task_storage_get(&marks, child, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!mark) {
		__sync_fetch_and_add(&tally->lost[TB_LOST_STORAGE], 1);
		return 0;
	}
	mark->slot = take_slot(tally, child);
	index = mark->slot;
	slot = bpf_map_lookup_elem(&slots, &index);
	if (!slot)
		return 0;
	slot->index = index;
	slot->lock = TB_NO_LOCK;
	slot->last_lock = TB_NO_LOCK;
	slot->looks_for_wakers = tally->looks_for_wakers;
	slot->tid = own_tid(child);
	enter(tally, child, index);
	return 0;
}
