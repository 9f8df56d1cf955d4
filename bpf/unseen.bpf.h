/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Some kernels hide tasks from tracing: on some VMs no tracepoint fires while a thread of the
 * hypervisor's agent is current (ftrace does not see it either). A traced task that takes
 * the CPU from such a thread, or is woken by it, gets no sched_switch or sched_wakeup for that.
 * Its own switch-outs always fire, for then it is itself current.
 *
 * The scheduler keeps its own account of when a task was queued and when it got the CPU
 * (task_struct.sched_info), in the run queue's clock, which was last read at the beginning of this
 * switch, or by the wake-up that led to it. So what was not seen is taken from there, and counted as recovered. Where the kernel
 * keeps no such account (CONFIG_SCHED_INFO), or does not say which run queue a task is on
 * (CONFIG_FAIR_GROUP_SCHED; the symbol `runqueues` is often not exported), it counts as lost.
 */
#ifndef BPF_UNSEEN_H
#define BPF_UNSEEN_H

#include "maps.bpf.h"

#include <bpf/bpf_core_read.h>

struct arrival {
	__u64 queued_ns;
	__u64 on_cpu_ns;
};

static __always_inline bool has_account(void)
{
	return bpf_core_field_exists(struct task_struct, sched_info) &&
	       bpf_core_field_exists(struct sched_entity, cfs_rq) &&
	       bpf_core_field_exists(struct cfs_rq, rq);
}

/* Of the run queue that the task is on, or was until this switch. */
static __always_inline __u64 run_queue_clock(struct task_struct *task)
{
	return task->se.cfs_rq->rq->clock;
}

/* Total wait in run queues so far; of use only as a difference. */
static __always_inline __u64 run_delay_of(struct task_struct *task)
{
	return has_account() ? task->sched_info.run_delay : 0;
}

/* `ago` before now, but not before the state that the task is still in began. */
static __always_inline __u64 before(const struct tb_slot *slot, __u64 now, __u64 ago)
{
	__u64 elapsed = now - slot->since_ns;

	return now - (ago < elapsed ? ago : elapsed);
}

/* At a switch-in, of a task that was not seen to wake up: when it was queued. */
static __always_inline __u64 unseen_wakeup(struct tb_slot *slot, struct task_struct *task,
					   __u64 now)
{
	if (!has_account() || !task->sched_info.last_queued) {
		slot->lost[TB_LOST_ORDER]++;
		return now;
	}
	/* Where wake-ups are not watched at all, one that was not seen is none that is missed. */
	slot->recovered += !slot->by_account;
	return before(slot, now, run_queue_clock(task) - task->sched_info.last_queued);
}

/*
 * Of a task that was not seen to be switched in: when it was, and since when it had been queued.
 * Its total wait has grown by this one since it was switched out. That tells the arrival of one that
 * was runnable all the time; of one that slept, the run queue's clock has to tell how long ago it
 * was, which is as old as its last reading.
 */
static __always_inline struct arrival unseen_arrival(struct tb_slot *slot, struct task_struct *task,
						     __u64 now)
{
	struct arrival arrival = { .queued_ns = now, .on_cpu_ns = now };
	__u64 waited;

	if (!has_account()) {
		slot->lost[TB_LOST_ORDER]++;
		return arrival;
	}
	slot->recovered++;
	waited = task->sched_info.run_delay - slot->run_delay_ns;
	if (slot->state == TB_RUNNABLE) {
		arrival.on_cpu_ns = slot->since_ns + waited;
		if (arrival.on_cpu_ns > now)
			arrival.on_cpu_ns = now;
		return arrival;
	}
	arrival.on_cpu_ns =
		before(slot, now, run_queue_clock(task) - task->sched_info.last_arrival);
	arrival.queued_ns = before(slot, arrival.on_cpu_ns, waited);
	return arrival;
}

#endif
