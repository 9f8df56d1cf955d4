/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is traced. User space marks the arena; every task that a marked task makes is marked too
 * and takes a slot. The mark is task storage: it dies with the task, so a pid that is used again
 * is never taken for the task that had it before. See maps.bpf.h for kernels that have none.
 */
#include "maps.bpf.h"
#include "timeline.bpf.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

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

struct number {
	__u32 nr;
	__u64 ns;
};

/* What the pid is in its namespace of that level. */
static __always_inline struct number pid_at(struct pid *pid, __u32 level)
{
	void *at = (void *)pid + bpf_core_field_offset(struct pid, numbers) +
		   level * bpf_core_type_size(struct upid);
	struct number number = {};

	bpf_probe_read_kernel(&number.nr, sizeof(number.nr),
			      at + bpf_core_field_offset(struct upid, nr));
	bpf_probe_read_kernel(&number.ns, sizeof(number.ns),
			      at + bpf_core_field_offset(struct upid, ns));
	return number;
}

/*
 * The task's id in its own pid namespace, which is what gettid() returns to it. Its struct pid is
 * read as a number: the verifier of Linux 6.1 adds no unbounded number to a typed pointer.
 */
static __always_inline __u32 own_tid(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);

	return pid_at(pid, BPF_CORE_READ(pid, level)).nr;
}

/*
 * The pid namespace that user space is in: by its number there it names the arena, whose global
 * pid it does not know. The arena may be in another one, further in.
 */
static __u32 namespace_level;
static __u64 namespace;

/* For user space to run once, where marks are found by pid. */
SEC("syscall")
int note_namespace(void *ctx)
{
	struct pid *pid = BPF_CORE_READ(bpf_get_current_task_btf(), thread_pid);

	namespace_level = BPF_CORE_READ(pid, level);
	namespace = pid_at(pid, namespace_level).ns;
	return 0;
}

static __always_inline bool is_target(struct tb_tally *tally, struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	struct number number;

	if (!marks_by_pid || !tally->target || BPF_CORE_READ(pid, level) < namespace_level)
		return false;
	number = pid_at(pid, namespace_level);
	return number.ns == namespace && number.nr == tally->target;
}

SEC("tp_btf/task_newtask")
int BPF_PROG(on_newtask, struct task_struct *child, __u64 clone_flags)
{
	struct task_struct *parent = bpf_get_current_task_btf();
	struct tb_tally *tally;
	struct tb_mark *mark;
	struct tb_slot *slot;
	__u32 index;

	tally = the_tally();
	if (!tally)
		return 0;
	if (!mark_of(parent) && !(is_target(tally, parent) && make_mark(parent)))
		return 0;
	mark = make_mark(child);
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
	slot->looks_for_wakers = tally->looks_for_wakers != 0;
	slot->by_account = tally->by_account != 0;
	slot->stacks.on = tally->looks_for_stacks != 0;
	slot->tid = own_tid(child);
	if (timeline)
		note_identity(index, child);
	enter(tally, child, index);
	return 0;
}

/* Loaded only where marks are found by pid. What has the pid by now keeps its own. */
SEC("tp_btf/sched_process_free")
int BPF_PROG(on_free, struct task_struct *task)
{
	__u32 pid = (__u32)task->pid;

	if (mark_of(task))
		bpf_map_delete_elem(&pid_marks, &pid);
	return 0;
}
