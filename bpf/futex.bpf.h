/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which system calls are calls into a futex, and by which way. */
#ifndef BPF_FUTEX_H
#define BPF_FUTEX_H

#include "reason.bpf.h"

#define FUTEX_CMD_MASK 127U

/* Linux 6.7; unistd.h of 6.1 does not know them. */
#define NR_FUTEX_WAKE 454
#define NR_FUTEX_WAIT 455
#define NR_FUTEX_REQUEUE 456

/* TB_FUTEX_WAYS: the call is none into a futex. */
static __always_inline __u32 futex_way(__u64 number, struct pt_regs *regs)
{
	__u32 operation;

	switch (number) {
	case __NR_futex:
		operation = (__u32)registers_in(regs).second & FUTEX_CMD_MASK;
		return operation <= TB_FUTEX_LAST_OP ? operation : TB_FUTEX_UNKNOWN_OP;
	case __NR_futex_waitv:
		return TB_FUTEX_WAITV;
	case NR_FUTEX_WAKE:
		return TB_FUTEX2_WAKE;
	case NR_FUTEX_WAIT:
		return TB_FUTEX2_WAIT;
	case NR_FUTEX_REQUEUE:
		return TB_FUTEX2_REQUEUE;
	default:
		return TB_FUTEX_WAYS;
	}
}

#endif
