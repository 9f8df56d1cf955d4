/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where tasks slept inside their timed windows, and where their wakers were when they ended that.
 *
 * A place is known again by what is at hand without walking any stack: the system call, why and in which
 * state the task sleeps, its user space's registers, and a hash of the return addresses next to the
 * top of its user stack. (How deep the kernel's own stack is would tell as little as nothing, since the
 * kernel moves it at random in every call; so two ways to sleep within the kernel that have all of that
 * in common are told as the first one.) Only a place that is new has its stacks taken: the kernel's return
 * addresses, and, since most of user space is compiled without frame pointers, the registers and a
 * copy of the stack itself, to be unwound when the race is over.
 *
 * One table for all tasks, open addressing as in lock.h. Nothing is ever removed: user space empties
 * the table before a race.
 */
#ifndef TRACEBENCH_STACK_H
#define TRACEBENCH_STACK_H

#include <linux/types.h>

#define TB_PLACE_PROBES 8

enum tb_place_kind {
	TB_PLACE_SLEEP,
	TB_PLACE_WAKER, /* ... of the one who ended a sleep */
};

/* The first rows: places that are none. Many tasks add to them. */
enum tb_special_place {
	TB_PLACE_LOST_SLEEP, /* no room was left for the place */
	TB_PLACE_LOST_WAKER,
	TB_PLACE_INTERRUPT, /* it ended the sleep: the stack is that of a bystander */
	TB_PLACE_UNSEEN, /* the kernel did not show the waking */
	TB_SPECIAL_PLACES,
};

/* Of a row: its stacks were not taken, there was no room left. */
#define TB_NO_SAMPLE (~0U)

struct tb_place {
	__u32 task; /* 1 + the index of its slot, or TB_WAKER_...; 0: this row is free */
	__u16 kind; /* enum tb_place_kind */
	__u16 reason; /* enum tb_reason of the sleep that begins here; of wakers 0 */
	__u32 state; /* of the kernel's: TASK_INTERRUPTIBLE and so on, of that sleep; of wakers 0 */
	__u32 call; /* system call, -1: none */
	__u64 ip; /* in user space; 0: the task is of no race, and only the kernel's stack is taken */
	__u64 sp;
	__u64 callers; /* hash of the return addresses near sp */
	__u64 count; /* sleeps that have ended */
	__u64 ns; /* from switch-out to wake-up, all together */
	__u32 sample; /* index of the stacks; TB_NO_SAMPLE */
	__u32 pad;
};

/* Words above the stack pointer among which return addresses are looked for. */
#define TB_NEAR_WORDS 64

/* What is copied of a user stack, in chunks that lie inside one page each: the next may be missing. */
#define TB_STACK_BYTES (16 * 1024)
#define TB_STACK_CHUNK 1024

#define TB_KERNEL_FRAMES 64

/* In the order and number that DWARF gives them, with the program counter behind them. */
#if defined(__x86_64__)
#define TB_REGISTERS 17
#define TB_STACK_POINTER 7
#elif defined(__aarch64__)
#define TB_REGISTERS 33
#define TB_STACK_POINTER 31
#endif
#define TB_PROGRAM_COUNTER (TB_REGISTERS - 1)

struct tb_sample {
	__u32 kernel_frames;
	__u32 stack_bytes; /* that were copied */
	__u64 stack_from; /* the address of the first of them, at most a chunk below sp */
	__u64 registers[TB_REGISTERS]; /* of user space; all zero where that is not looked at */
	__u64 kernel[TB_KERNEL_FRAMES]; /* innermost first, the probe's own included */
	__u8 stack[TB_STACK_BYTES];
};

/* What a task is at, in its slot. All zero where stacks are not looked for. */
struct tb_at_place {
	__u32 on; /* the tally's, copied at birth */
	__u32 sleep; /* 1 + the row of the present sleep; 0: none, or outside of the window */
	__u32 waking; /* 1 + the row of the waking that the next wake-up is by; 0: none */
	__u32 pad;
};

/* Multiplicative hashing, as in lock.h. */
static inline __u32 tb_place_hash(const struct tb_place *place)
{
	__u64 key = place->ip ^ place->sp << 8 ^ place->callers ^ (__u64)place->call << 32 ^
		    (__u64)place->state << 40 ^ (__u64)place->kind << 60;

	return (__u32)((key * 0x9e3779b97f4a7c15ULL) >> 32) + place->task * 2654435761U;
}

_Static_assert(sizeof(struct tb_place) == 64, "one cache line each");
_Static_assert(sizeof(struct tb_at_place) == 16, "same layout on both sides");
_Static_assert(sizeof(struct tb_sample) ==
		       16 + 8 * (TB_REGISTERS + TB_KERNEL_FRAMES) + TB_STACK_BYTES,
	       "same layout on both sides");

#endif
