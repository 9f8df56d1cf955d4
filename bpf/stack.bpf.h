/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * At which place a task sleeps, or wakes another one, and its stacks where that place is new. See
 * tracebench/stack.h.
 *
 * All of it runs with interrupts off, in the context of the task whose stacks are looked at. Pages
 * cannot be faulted in there: what of a stack is not resident ends the copy.
 */
#ifndef BPF_STACK_H
#define BPF_STACK_H

#include "waker.bpf.h"

/* Where it is false the verifier finds that nothing below is reached. */
const volatile bool traces_stacks __weak = false;

/* Rows of the table of places, less one. */
const volatile __u32 place_mask __weak = 0;

/* Where code is mapped: a word of the stack that points into it is taken for a return address. */
const volatile __u64 program_code __weak = 0;
const volatile __u64 program_bytes __weak = 0;
const volatile __u64 library_code __weak = 0;
const volatile __u64 library_bytes __weak = 0;

/* User space sets how many, a power of two, empties and maps it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tb_place);
} places SEC(".maps") __weak;

/* User space sets how many and maps it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tb_sample);
} samples SEC(".maps") __weak;

struct near_words {
	__u64 word[TB_NEAR_WORDS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct near_words);
} near_stack SEC(".maps") __weak;

static __always_inline bool is_code(__u64 word)
{
	return word - program_code < program_bytes || word - library_code < library_bytes;
}

/*
 * Two callers of one function may leave the same stack pointer, and what else is on the stack changes
 * all the time: so return addresses are looked at and nothing else. One that an earlier call has left
 * behind may be among them; then a place has two rows, and they have the same stack in the end.
 */
static __always_inline __u64 callers_near(__u64 sp)
{
	__u32 zero = 0;
	struct near_words *near = bpf_map_lookup_elem(&near_stack, &zero);
	__u64 hash = 0;

	if (!near || bpf_probe_read_user(near, sizeof(*near), (const void *)sp))
		return 0;
	for (int i = 0; i < TB_NEAR_WORDS; i++)
		if (is_code(near->word[i]))
			hash = (hash ^ near->word[i]) * 0x9e3779b97f4a7c15ULL;
	return hash;
}

static __always_inline void copy_registers(struct tb_sample *sample, struct pt_regs *regs)
{
	__u64 *to = sample->registers;

#if defined(__TARGET_ARCH_x86)
	to[0] = regs->ax;
	to[1] = regs->dx;
	to[2] = regs->cx;
	to[3] = regs->bx;
	to[4] = regs->si;
	to[5] = regs->di;
	to[6] = regs->bp;
	to[7] = regs->sp;
	to[8] = regs->r8;
	to[9] = regs->r9;
	to[10] = regs->r10;
	to[11] = regs->r11;
	to[12] = regs->r12;
	to[13] = regs->r13;
	to[14] = regs->r14;
	to[15] = regs->r15;
	to[16] = regs->ip;
#elif defined(__TARGET_ARCH_arm64)
	for (int i = 0; i < TB_STACK_POINTER; i++)
		to[i] = regs->regs[i];
	to[TB_STACK_POINTER] = regs->sp;
	to[TB_PROGRAM_COUNTER] = regs->pc;
#endif
}

static __always_inline __u64 user_ip(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return regs->ip;
#elif defined(__TARGET_ARCH_arm64)
	return regs->pc;
#endif
}

/* Up to the end of the stack's mapping, to a page that is not resident, or to the sample's end. */
static __always_inline void copy_stack(struct tb_sample *sample, __u64 sp)
{
	__u64 from = sp & ~(__u64)(TB_STACK_CHUNK - 1);

	sample->stack_from = from;
	sample->stack_bytes = 0;
	for (int i = 0; i < TB_STACK_BYTES; i += TB_STACK_CHUNK) {
		if (bpf_probe_read_user(sample->stack + i, TB_STACK_CHUNK,
					(const void *)(from + i)))
			return;
		sample->stack_bytes = i + TB_STACK_CHUNK;
	}
}

/* The stacks of the task that is current, in a place of its own. Returns its index or TB_NO_SAMPLE. */
static __always_inline __u32 take_sample(void *ctx, struct task_struct *task, __u64 ip, __u64 sp)
{
	struct tb_tally *tally = the_tally();
	struct tb_sample *sample;
	__u32 index;
	long bytes;

	if (!tally)
		return TB_NO_SAMPLE;
	index = __sync_fetch_and_add(&tally->samples_taken, 1);
	sample = bpf_map_lookup_elem(&samples, &index);
	if (!sample)
		return TB_NO_SAMPLE;
	bytes = bpf_get_stack(ctx, sample->kernel, sizeof(sample->kernel), 0);
	sample->kernel_frames = bytes > 0 ? bytes / sizeof(sample->kernel[0]) : 0;
	sample->stack_bytes = 0;
	sample->registers[TB_PROGRAM_COUNTER] = 0;
	if (ip) {
		copy_registers(sample, (struct pt_regs *)bpf_task_pt_regs(task));
		copy_stack(sample, sp);
	}
	return index;
}

static __always_inline bool is_place(const struct tb_place *place, const struct tb_place *wanted)
{
	return place->task == wanted->task && place->kind == wanted->kind &&
	       place->reason == wanted->reason && place->call == wanted->call &&
	       place->state == wanted->state && place->ip == wanted->ip &&
	       place->sp == wanted->sp && place->callers == wanted->callers;
}

/*
 * 1 + the row of the place, taken with its stacks where it is new; 1 + `lost` where there is no room. A
 * row is made by its own task alone, but for those of wakers that are of no race: they may get two.
 */
static __always_inline __u32 place_of(void *ctx, struct task_struct *task,
				      const struct tb_place *wanted, __u32 lost)
{
	__u32 hash = tb_place_hash(wanted);
	struct tb_place *place = NULL;
	__u32 index;

	for (__u32 i = 0; i < TB_PLACE_PROBES; i++) {
		index = (hash + i) & place_mask;
		place = bpf_map_lookup_elem(&places, &index);
		if (!place)
			return 1 + lost;
		if (is_place(place, wanted))
			return 1 + index;
		if (!place->task && !__sync_val_compare_and_swap(&place->task, 0, wanted->task))
			break;
		place = NULL;
	}
	if (!place)
		return 1 + lost;
	place->kind = wanted->kind;
	place->reason = wanted->reason;
	place->call = wanted->call;
	place->state = wanted->state;
	place->ip = wanted->ip;
	place->sp = wanted->sp;
	place->callers = wanted->callers;
	place->sample = take_sample(ctx, task, wanted->ip, wanted->sp);
	return 1 + index;
}

/* Fills in where the current task is in user space. */
static __always_inline void locate(struct task_struct *task, struct tb_place *place)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);

	place->call = (__u32)registers_in(regs).syscall;
	place->ip = user_ip(regs);
	place->sp = regs->sp;
	place->callers = callers_near(place->sp);
}

/* The task, which is current, goes to sleep; the reason is in its slot. */
static __always_inline void sleeps_at(void *ctx, struct tb_slot *slot, struct task_struct *task,
				      unsigned int task_state)
{
	struct tb_place place = {
		.task = 1 + slot->index,
		.kind = TB_PLACE_SLEEP,
		.reason = slot->reason,
		.state = task_state,
	};

	slot->stacks.sleep = 0;
	if (!slot->in_window)
		return;
	locate(task, &place);
	slot->stacks.sleep = place_of(ctx, task, &place, TB_PLACE_LOST_SLEEP);
}

static __always_inline void add_to_place(__u32 index, __u64 ns)
{
	struct tb_place *place = bpf_map_lookup_elem(&places, &index);

	if (!place)
		return;
	/* Several tasks may be woken from one place at the same time. */
	__sync_fetch_and_add(&place->count, 1);
	__sync_fetch_and_add(&place->ns, ns);
}

/* The sleep is over. */
static __always_inline void wakes_at(struct tb_slot *slot, __u64 slept_ns)
{
	if (!slot->stacks.sleep)
		return;
	add_to_place(slot->stacks.sleep - 1, slept_ns);
	add_to_place(slot->stacks.waking ? slot->stacks.waking - 1 : TB_PLACE_UNSEEN, slept_ns);
	slot->stacks.sleep = 0;
	slot->stacks.waking = 0;
}

#endif
