/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Waits for kernel locks, by type. User-space locks are not seen here: their waiters sleep in a
 * futex, and only the kernel's own locks on the way there can be contended.
 */
#include "maps.bpf.h"

#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* include/trace/events/lock.h */
#define LCB_F_SPIN (1U << 0)
#define LCB_F_READ (1U << 1)
#define LCB_F_WRITE (1U << 2)
#define LCB_F_RT (1U << 3)
#define LCB_F_PERCPU (1U << 4)
#define LCB_F_MUTEX (1U << 5)

/* A mutex that spins before it sleeps has both flags. Before Linux 6.2 a mutex had none. */
static __always_inline enum tb_lock_type lock_type(unsigned int flags)
{
	if (flags & LCB_F_MUTEX || flags == 0)
		return TB_MUTEX;
	if (flags & LCB_F_SPIN)
		return TB_SPINLOCK;
	if (flags & LCB_F_RT)
		return TB_RTMUTEX;
	if (flags & LCB_F_PERCPU)
		return TB_PERCPU;
	return TB_RWSEM;
}

/* A wait may begin several times before it ends (spins, then sleeps): the first time counts. */
static __always_inline void begin(struct tb_slot *slot, struct tb_lock_wait *wait, __u64 lock,
				  enum tb_lock_type type)
{
	if (wait->lock == lock)
		return;
	if (wait->lock) {
		slot->lost[TB_LOST_NESTED]++;
		return;
	}
	wait->lock = lock;
	wait->type = type;
	wait->since_ns = bpf_ktime_get_ns();
}

static __always_inline void end(struct tb_slot *slot, struct tb_lock_wait *wait)
{
	__u32 type = wait->type;

	if (type < TB_LOCK_TYPES) {
		slot->contention[type].count++;
		slot->contention[type].wait_ns += bpf_ktime_get_ns() - wait->since_ns;
	}
	wait->lock = 0;
}

SEC("tp_btf/contention_begin")
int BPF_PROG(on_contention_begin, void *lock, unsigned int flags)
{
	struct tb_slot *slot = slot_of(bpf_get_current_task_btf());
	enum tb_lock_type type = lock_type(flags);

	if (!slot)
		return 0;
	if (type == TB_SPINLOCK)
		begin(slot, &slot->spinning_lock, (__u64)lock, type);
	else
		begin(slot, &slot->sleeping_lock, (__u64)lock, type);
	return 0;
}

SEC("tp_btf/contention_end")
int BPF_PROG(on_contention_end, void *lock, int ret)
{
	struct tb_slot *slot = slot_of(bpf_get_current_task_btf());

	if (!slot)
		return 0;
	if (slot->spinning_lock.lock == (__u64)lock)
		end(slot, &slot->spinning_lock);
	else if (slot->sleeping_lock.lock == (__u64)lock)
		end(slot, &slot->sleeping_lock);
	return 0;
}
