/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The few kernel types that the programs read, with only the fields they read. Offsets come from
 * the running kernel's BTF at load time (CO-RE), so this need not match any one kernel, and the
 * build needs no vmlinux.h generated from the build machine's kernel.
 */
#ifndef BPF_KERNEL_H
#define BPF_KERNEL_H

#include <linux/types.h>
#include <stdbool.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct qstr {
	const unsigned char *name;
};

struct dentry {
	struct qstr d_name;
};

struct path {
	struct dentry *dentry;
};

struct inode {
	unsigned short i_mode;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	void *private_data;
};

struct rb_node;

struct rb_root_cached {
	struct rb_node *rb_leftmost;
};

/* What an epoll instance watches: a tree of items, each of which begins with its node. */
struct eventpoll {
	struct rb_root_cached rbr;
};

struct epoll_filefd {
	struct file *file;
};

struct epitem {
	struct epoll_filefd ffd;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct pid_namespace;

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

/* The scheduler's own account of a task's waits, in rq.clock time. */
struct sched_info {
	unsigned long long run_delay;
	unsigned long long last_arrival;
	unsigned long long last_queued;
};

struct rq {
	__u64 clock;
};

struct cfs_rq {
	struct rq *rq;
};

struct sched_entity {
	struct cfs_rq *cfs_rq;
};

struct thread_info {
	__u32 cpu;
};

struct task_struct {
	struct thread_info
		thread_info; /* first, where it is the task's (CONFIG_THREAD_INFO_IN_TASK) */
	unsigned int __state; /* since Linux 5.14, 2f064a59a11f */
	int pid;
	int tgid;
	unsigned int flags;
	int prio;
	void *stack;
	char comm[16];
	unsigned long nvcsw;
	__u64 start_time;
	struct sched_entity se;
	struct sched_info sched_info;
	struct pid *thread_pid;
	struct files_struct *files;
};

struct task_struct___before_5_14 {
	long state;
};

struct io_kiocb {
	__u8 opcode;
};

struct io_uring_cqe {
	__s32 res;
};

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long r15, r14, r13, r12;
	unsigned long bp, bx;
	unsigned long r11, r10, r9, r8;
	unsigned long ax, cx, dx, si, di;
	unsigned long orig_ax;
	unsigned long ip, sp;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
	unsigned long regs[31];
	unsigned long sp;
	unsigned long pc;
	int syscallno;
};
#else
#error "which registers hold a system call's number and arguments on this architecture?"
#endif

#pragma clang attribute pop

#endif
