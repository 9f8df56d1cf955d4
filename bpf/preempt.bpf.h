/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who gets the CPU of a task that could have run on. Looked at in involuntary switches only, so that
 * one which sleeps of its own will costs nothing more.
 */
#ifndef BPF_PREEMPT_H
#define BPF_PREEMPT_H

#include "maps.bpf.h"

/*
 * The entry of a neighbour in this task's table, made when it is new; NULL when full. Names are
 * compared too: threads of one process have their own, and exec gives another.
 */
static __always_inline struct tb_preemptor *preemptor_of(struct tb_slot *slot, __u32 pid,
							 const __u64 name[2])
{
	for (__u32 i = 0; i < TB_PREEMPTORS; i++) {
		struct tb_preemptor *entry = &slot->preemptors[i];
		__u64 *known = (__u64 *)entry->comm;

		if (entry->pid == pid && known[0] == name[0] && known[1] == name[1])
			return entry;
		if (entry->pid == 0) {
			entry->pid = pid;
			known[0] = name[0];
			known[1] = name[1];
			return entry;
		}
	}
	return NULL;
}

/* A task of the race, or the arena that made them, which has a mark and no slot. */
static __always_inline bool is_of_race(struct task_struct *task)
{
	if (slot_of(task))
		return true;
	return mark_of(task) != NULL;
}

static __always_inline void preempted_by(struct tb_slot *slot, struct task_struct *next)
{
	struct tb_preemptor *preemptor;
	__u64 name[2] = {};

	if (next->pid == 0) {
		slot->preempted_by_idle++;
		return;
	}
	if (is_of_race(next)) {
		slot->preempted_by_race++;
		return;
	}
	/* As a string: some kernels leave what was there before behind the end. */
	bpf_probe_read_kernel_str(name, sizeof(name), next->comm);
	preemptor = preemptor_of(slot, (__u32)next->tgid, name);
	if (preemptor)
		preemptor->count++;
	else
		slot->preempted_by_others++;
}

#endif
