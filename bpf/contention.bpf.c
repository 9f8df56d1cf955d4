/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Waits for kernel locks, by type. User-space locks are not seen here: their waiters sleep in a
 * futex, and only the kernel's own locks on the way there can be contended.
 */
#include "lock.bpf.h"
#include "reason.bpf.h"
#include "timeline.bpf.h"

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

/*
 * The slots can be read by the tasks themselves, which may not know where the kernel's memory is: a
 * lock stands in there by its address and a number that user space draws. Never 0, which is none.
 */
const volatile __u64 address_key = 0;

static __always_inline __u64 disguised(void *lock)
{
	return ((__u64)lock ^ address_key) | 1;
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
	if (timeline)
		show_contention(TB_EVENT_CONTENDS, wait, wait->since_ns, 0);
}

/* In the system call that the task is in; an interrupt that waits is taken for a part of it. */
static __always_inline void waited_in_call(struct tb_slot *slot, struct task_struct *task,
					   void *lock, __u32 type, __u64 ns, bool acquired)
{
	__u32 what = tb_lock_what(type, entry_registers(task).syscall);
	__u32 entry = lock_entry(slot, what, (__u64)lock);

	if (entry != TB_NO_LOCK)
		lock_waited(entry, ns, acquired);
}

/* `ret`: below 0 when it was given up, by a signal or a time-out. */
static __always_inline void end(struct tb_slot *slot, struct task_struct *task,
				struct tb_lock_wait *wait, void *lock, int ret)
{
	__u64 now = bpf_ktime_get_ns();
	__u64 ns = now - wait->since_ns;
	__u32 type = wait->type;

	if (timeline)
		show_contention(TB_EVENT_CONTENDED, wait, now, ret);

	if (type < TB_LOCK_TYPES) {
		slot->contention[type].count++;
		slot->contention[type].wait_ns += ns;
	}
	if (slot->in_window)
		waited_in_call(slot, task, lock, type, ns, ret >= 0);
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
		begin(slot, &slot->spinning_lock, disguised(lock), type);
	else
		begin(slot, &slot->sleeping_lock, disguised(lock), type);
	return 0;
}

SEC("tp_btf/contention_end")
int BPF_PROG(on_contention_end, void *lock, int ret)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tb_slot *slot = slot_of(task);

	if (!slot)
		return 0;
	if (slot->spinning_lock.lock == disguised(lock))
		end(slot, task, &slot->spinning_lock, lock, ret);
	else if (slot->sleeping_lock.lock == disguised(lock))
		end(slot, task, &slot->sleeping_lock, lock, ret);
	return 0;
}
