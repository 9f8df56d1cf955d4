/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The timeline: events into the ring of the CPU that they happen on. Where none is asked for,
 * `timeline` is false by the time the verifier sees it: all that is behind it is gone, and its maps
 * are not made. What stands in the other programs stands behind it.
 *
 * An event has the time that its slot is given, so that sums over both are equal.
 */
#ifndef BPF_TIMELINE_H
#define BPF_TIMELINE_H

#include "maps.bpf.h"

#include <bpf/bpf_core_read.h>
#include <tracebench/event.h>
#include <tracebench/timeline.h>

const volatile bool timeline __weak = false;

/* Unread bytes at which a ring's reader is woken. Nobody is before: it costs as much as a switch. */
const volatile __u64 wake_bytes __weak = 0;

/* User space makes the rings, one a CPU; so many entries as there can be CPUs. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(
		values, struct {
			__uint(type, BPF_MAP_TYPE_RINGBUF);
			__uint(max_entries, 4096);
		});
} rings SEC(".maps") __weak;

/* The rest is mapped by user space, and emptied before a race. By CPU: */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tb_timeline_cpu);
} timeline_cpus SEC(".maps") __weak;

/* By slot: */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tb_identity);
} identities SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, TB_PID_WORDS);
	__type(key, __u32);
	__type(value, __u64);
} named_pids SEC(".maps") __weak;

static __always_inline void lose(__u32 cpu, __u64 events)
{
	struct tb_timeline_cpu *here = bpf_map_lookup_elem(&timeline_cpus, &cpu);
	__u32 first = 0;

	/* Numbers of CPUs may have holes, and then end above what there is room for. */
	if (!here)
		here = bpf_map_lookup_elem(&timeline_cpus, &first);
	if (here)
		__sync_fetch_and_add(&here->lost, events);
}

/*
 * The reader is woken by whoever fills the ring up to that mark, and so once: who fills it further
 * has been preceded. Little is touched on the way, for in a VM that was just entered from user mode
 * each page costs a walk through two page tables.
 */
static __always_inline void put(struct tb_event *events, __u32 cpu, __u64 bytes)
{
	void *ring = bpf_map_lookup_elem(&rings, &cpu);
	__u64 unread, flags = BPF_RB_NO_WAKEUP;

	if (!ring) {
		lose(cpu, bytes / sizeof(*events));
		return;
	}
	unread = bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA);
	if (unread < wake_bytes && unread + TB_RING_HEADER_BYTES + bytes >= wake_bytes)
		flags = BPF_RB_FORCE_WAKEUP;
	if (bpf_ringbuf_output(ring, events, bytes, flags))
		lose(cpu, bytes / sizeof(*events));
}

/* An interrupt that comes in between has the later time and the earlier place: the reader puts that
 * right. */
static __noinline int emit(struct tb_event *event)
{
	__u32 cpu = bpf_get_smp_processor_id();

	event->cpu = (__u16)cpu;
	put(event, cpu, sizeof(*event));
	return 0;
}

/* Two for little more than the price of one. */
static __noinline int emit_two(struct tb_event *events)
{
	__u32 cpu = bpf_get_smp_processor_id();

	events[0].cpu = (__u16)cpu;
	events[1].cpu = (__u16)cpu;
	put(events, cpu, 2 * sizeof(*events));
	return 0;
}

/* Tells once what a task is called whom the end of the race does not name: a stranger, or a thread
 * of the kernel's. */
static __noinline int introduce(struct task_struct *task, __u64 now)
{
	__u32 pid = (__u32)task->pid;
	struct tb_event event = { .ns = now, .task = pid, .kind = TB_EVENT_NAMED };
	__u32 index = pid / TB_PIDS_PER_WORD;
	__u64 bit = 1ULL << pid % TB_PIDS_PER_WORD;
	__u64 *word = bpf_map_lookup_elem(&named_pids, &index);

	if (!pid || !word || *word & bit || __sync_fetch_and_or(word, bit) & bit)
		return 0;
	bpf_probe_read_kernel_str(event.name, sizeof(event.name), task->comm);
	return emit(&event);
}

static __always_inline bool is_known(struct task_struct *task, bool traced)
{
	return traced && !(task->flags & PF_IO_WORKER);
}

/*
 * A call is shown when the task returns or is switched out, together with that: most calls then take
 * one record. It has the time of its beginning, and the reader finds its place. False: the task is in
 * none, or it was shown.
 */
static __always_inline bool take_call(struct tb_event *event, struct tb_slot *slot, __u32 pid)
{
	struct tb_open_call *call = &slot->open_call;

	if (!call->since_ns)
		return false;
	*event = (struct tb_event){
		.ns = call->since_ns,
		.task = pid,
		.kind = TB_EVENT_CALL,
		.call = { .word = call->word, .operation = call->way },
	};
	call->since_ns = 0;
	return true;
}

/* Of a switch, before either side is looked at. */
static __always_inline void switch_begins(struct tb_event *events, struct task_struct *prev,
					  struct task_struct *next, bool preempted,
					  unsigned int prev_state)
{
	bool awake = preempted || !prev_state;

	events[1] = (struct tb_event){ .kind = TB_EVENT_NONE };
	*events = (struct tb_event){
		.task = (__u32)prev->pid,
		.kind = TB_EVENT_SWITCH,
		.flags = awake ? TB_EVENT_PREEMPTED : 0,
		.of_switch = {
			.next = (__u32)next->pid,
			.reason = awake ? TB_EVENT_AWAKE : TB_OTHER,
			.priority = (__u8)prev->prio,
			.next_priority = (__u8)next->prio,
			.state = awake ? 0 : (__u8)prev_state,
		},
	};
}

/* `prev` is traced, and its slot says how it left. */
static __always_inline void switch_leaves(struct tb_event *events, struct tb_slot *slot,
					  struct task_struct *prev, bool voluntary)
{
	events->flags = TB_EVENT_TRACED | (voluntary ? 0 : TB_EVENT_PREEMPTED);
	take_call(&events[1], slot, (__u32)prev->pid);
	if (slot->state == TB_BLOCKED) {
		events->of_switch.reason = (__u8)slot->reason;
		events->of_switch.word = slot->futex;
		return;
	}
	events->of_switch.reason = TB_EVENT_AWAKE;
	events->of_switch.state = 0;
}

/* `events`: the switch, and behind it what take_call() gave, if it did. */
static __always_inline void switch_ends(struct tb_event *events, struct task_struct *prev,
					struct task_struct *next, __u64 now)
{
	__u8 flags = events->flags;

	if (!(flags & (TB_EVENT_TRACED | TB_EVENT_TRACED_NEXT)))
		return;
	events->ns = now;
	if (!is_known(prev, flags & TB_EVENT_TRACED))
		introduce(prev, now);
	if (!is_known(next, flags & TB_EVENT_TRACED_NEXT))
		introduce(next, now);
	if (events[1].kind)
		emit_two(events);
	else
		emit(events);
}

/* The task was not seen to get this CPU. The reader knows who was shown to have it before. */
static __always_inline void show_arrival(struct task_struct *task, __u64 at)
{
	struct tb_event event = {
		.ns = at,
		.kind = TB_EVENT_SWITCH,
		.flags = TB_EVENT_RECOVERED | TB_EVENT_TRACED_NEXT,
		.of_switch = {
			.next = (__u32)task->pid,
			.reason = TB_EVENT_AWAKE,
			.next_priority = (__u8)task->prio,
		},
	};

	if (!is_known(task, true))
		introduce(task, at);
	emit(&event);
}

/* That its window opens or closes. */
static __always_inline void show_window(struct task_struct *task, enum tb_event_kind kind)
{
	struct tb_event event = {
		.ns = bpf_ktime_get_ns(),
		.task = (__u32)task->pid,
		.kind = (__u8)kind,
	};

	emit(&event);
}

static __always_inline void show_contention(enum tb_event_kind kind,
					    const struct tb_lock_wait *wait, __u64 now, int result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tb_event event = {
		.ns = now,
		.task = (__u32)task->pid,
		.kind = (__u8)kind,
		.contention = { .lock = wait->lock, .type = wait->type, .result = result },
	};

	if (!is_known(task, true))
		introduce(task, now);
	emit(&event);
}

static __always_inline void note_identity(__u32 slot, struct task_struct *task)
{
	struct tb_identity *identity = bpf_map_lookup_elem(&identities, &slot);

	if (!identity)
		return;
	identity->pid = (__u32)task->pid;
	identity->process = (__u32)task->tgid;
}

#endif
