/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who wakes whom. Attached only where wakers are looked for: it is one program more on every
 * wake-up of the machine.
 *
 * sched_waking fires in the waker's context, before the wake-up takes effect; the last one before
 * the wakee leaves its sleep is the one that ended it. It may fire when the wakee is still on its
 * way to sleep, so it says nothing of the wakee's state.
 */
#include "wake.bpf.h"
#include "waker.bpf.h"

#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tp_btf/sched_waking")
int BPF_PROG(on_waking, struct task_struct *wakee)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tb_slot *slot = slot_of(wakee);
	__u64 word;

	if (!slot)
		return 0;
	slot->waker = waker_now(ctx, task, &word);
	/* Compared when the wakee has gone to sleep for certain, and its word is known. */
	slot->waker_futex = word;
	slot->waking_ns = bpf_ktime_get_ns();
	return 0;
}
