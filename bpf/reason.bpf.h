/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why a task sleeps, read from the user registers it saved when it entered the kernel: the system
 * call's number and first arguments. No system-call tracepoint is needed, so calls that do not
 * sleep cost nothing.
 */
#ifndef BPF_REASON_H
#define BPF_REASON_H

#include "maps.bpf.h"

#include <asm/unistd.h>
#include <bpf/bpf_core_read.h>
#include <tracebench/histogram.h>

#define S_IFMT 0170000
#define S_IFIFO 0010000
#define S_IFSOCK 0140000

/* No system call: the task entered the kernel by a fault or an interrupt. */
#define NO_SYSCALL (-1L)

struct entry_registers {
	long syscall;
	__u64 first; /* argument */
	__u64 second;
	__u64 third;
};

static __always_inline struct entry_registers registers_in(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return (struct entry_registers){ (long)regs->orig_ax, regs->di, regs->si, regs->dx };
#elif defined(__TARGET_ARCH_arm64)
	return (struct entry_registers){ regs->syscallno, regs->regs[0], regs->regs[1],
					 regs->regs[2] };
#endif
}

static __always_inline struct entry_registers entry_registers(struct task_struct *task)
{
	return registers_in((struct pt_regs *)bpf_task_pt_regs(task));
}

static __always_inline unsigned int state_of(struct task_struct *task)
{
	if (bpf_core_field_exists(task->__state))
		return task->__state;
	return (unsigned int)((struct task_struct___before_5_14 *)task)->state;
}

/* The file behind a descriptor of a task, or NULL. */
static __always_inline struct file *file_of(struct task_struct *task, __u64 fd)
{
	struct fdtable *table = task->files->fdt;
	struct file *file = NULL;

	if (fd >= table->max_fds)
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), table->fd + fd);
	return file;
}

/* Event descriptors have no inode of their own; what tells them apart is their name. */
static __always_inline bool is_eventfd(struct file *file)
{
	static const char expected[] = "[eventfd]";
	char name[sizeof(expected)] = {};
	const unsigned char *kernel_name = BPF_CORE_READ(file, f_path.dentry, d_name.name);

	bpf_probe_read_kernel_str(name, sizeof(name), kernel_name);
	for (unsigned int i = 0; i < sizeof(expected); i++)
		if (name[i] != expected[i])
			return false;
	return true;
}

static __always_inline enum tb_reason reason_for(struct file *file)
{
	unsigned short kind;

	if (!file)
		return TB_OTHER;
	kind = BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT;
	if (kind == S_IFIFO)
		return TB_PIPE;
	if (kind == S_IFSOCK)
		return TB_SOCKET;
	return is_eventfd(file) ? TB_EVENTFD : TB_OTHER;
}

static __always_inline enum tb_reason file_reason(struct task_struct *task, __u64 fd)
{
	return reason_for(file_of(task, fd));
}

/* One end or both are pipes; where the other one is none, either may be what is waited for. */
static __always_inline enum tb_reason spliced_reason(struct task_struct *task, __u64 in, __u64 out)
{
	return file_reason(task, in) == TB_PIPE && file_reason(task, out) == TB_PIPE ? TB_PIPE :
										       TB_OTHER;
}

/* As in poll.h, which includes what the target bpf has not. */
struct polled {
	int fd;
	short events;
	short revents;
};

/* Entries that are looked at: those that are not polled any more have a negative descriptor. */
#define POLLED_MAX 8

/*
 * Whoever polls sleeps for all at once; they are taken to be of the kind that the first is. The list
 * is the sleeper's own memory, which is the current one while it is switched out.
 */
static __always_inline enum tb_reason polled_reason(struct task_struct *task,
						    const struct polled *list, __u64 length)
{
	for (int i = 0; i < POLLED_MAX && (__u64)i < length; i++) {
		struct polled polled;

		if (bpf_probe_read_user(&polled, sizeof(polled), list + i))
			return TB_OTHER;
		if (polled.fd >= 0)
			return file_reason(task, (__u64)polled.fd);
	}
	return TB_OTHER;
}

#define SELECTED_WORDS 16 /* a set has 1,024 descriptors */
#define WORD_BITS 64

/* The number of the lowest bit that is set. The logarithm takes no value with the topmost one. */
static __always_inline int lowest_bit(__u64 word)
{
	__u64 lowest = word & -word;

	return lowest >> (WORD_BITS - 1) ? WORD_BITS - 1 : (int)tb_hist_log2(lowest);
}

/* The first descriptor of a set, which select(2) changes only when it returns; or -1. */
static __always_inline int first_selected(const __u64 *set, __u64 length)
{
	for (int i = 0; set && i < SELECTED_WORDS && (__u64)i * WORD_BITS < length; i++) {
		__u64 word;

		if (bpf_probe_read_user(&word, sizeof(word), set + i))
			return -1;
		if (word)
			return i * WORD_BITS + lowest_bit(word);
	}
	return -1;
}

/* As of those that are polled: the first to be read from, else the first to be written to. */
static __always_inline enum tb_reason selected_reason(struct task_struct *task,
						      struct entry_registers entry)
{
	int fd = first_selected((const __u64 *)entry.second, entry.first);

	if (fd < 0)
		fd = first_selected((const __u64 *)entry.third, entry.first);
	return fd < 0 ? TB_OTHER : file_reason(task, (__u64)fd);
}

/* An epoll instance's first is that whose file has the lowest address in the kernel. */
static __always_inline enum tb_reason watched_reason(struct task_struct *task, __u64 epoll)
{
	struct file *file = file_of(task, epoll);
	struct eventpoll *instance;
	struct epitem *item;

	if (!bpf_core_field_exists(struct eventpoll, rbr) ||
	    !bpf_core_field_exists(struct epitem, ffd) || !file)
		return TB_OTHER;
	instance = BPF_CORE_READ(file, private_data);
	item = (struct epitem *)BPF_CORE_READ(instance, rbr.rb_leftmost);
	return item ? reason_for(BPF_CORE_READ(item, ffd.file)) : TB_OTHER;
}

static __always_inline enum tb_reason reason_of(struct task_struct *task,
						struct entry_registers entry)
{
	switch (entry.syscall) {
	case __NR_futex:
	case __NR_futex_waitv:
	case 455: /* futex_wait, Linux 6.7; unistd.h of 6.1 does not know it */
		return TB_FUTEX;
	case __NR_read:
	case __NR_write:
	case __NR_readv:
	case __NR_writev:
	case __NR_preadv2: /* where the file has no positions, at -1 */
	case __NR_pwritev2:
	case __NR_vmsplice:
	case __NR_tee:
	case __NR_sendfile: /* to the first, from a file that is never waited for like that */
		return file_reason(task, entry.first);
	case __NR_splice:
		return spliced_reason(task, entry.first, entry.third);
#ifdef __NR_poll
	case __NR_poll:
#endif
	case __NR_ppoll:
		return polled_reason(task, (const struct polled *)entry.first, entry.second);
#ifdef __NR_select
	case __NR_select:
#endif
	case __NR_pselect6:
		return selected_reason(task, entry);
#ifdef __NR_epoll_wait
	case __NR_epoll_wait:
#endif
	case __NR_epoll_pwait:
	case __NR_epoll_pwait2:
		return watched_reason(task, entry.first);
	case __NR_sendto:
	case __NR_recvfrom:
	case __NR_sendmsg:
	case __NR_recvmsg:
	case __NR_sendmmsg:
	case __NR_recvmmsg:
	case __NR_accept:
	case __NR_accept4:
	case __NR_connect:
		return TB_SOCKET;
	case __NR_mq_timedsend:
	case __NR_mq_timedreceive:
		return TB_MQUEUE;
	case __NR_msgsnd:
	case __NR_msgrcv:
	case __NR_semop:
	case __NR_semtimedop:
		return TB_SYSV;
	case __NR_io_uring_enter:
		return TB_IO_URING;
	case __NR_nanosleep:
	case __NR_clock_nanosleep:
		return TB_SLEEP;
	case NO_SYSCALL:
		return TB_PAGE_FAULT;
	default:
		return TB_OTHER;
	}
}

#endif
