/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every strategy, in the order of the reports: by family, the baseline first. A line X(name) here
 * and a `const struct strategy strategy_name` in a file of its own make a strategy.
 */
#ifndef STRATEGY_LIST_H
#define STRATEGY_LIST_H

#define STRATEGY_LIST(X) \
	X(sequential) \
	X(none) \
	X(atomic) \
	X(cas) \
	X(mutex) \
	X(mutex_adaptive) \
	X(mutex_errorcheck) \
	X(mutex_recursive) \
	X(mutex_robust) \
	X(mutex_pi) \
	X(futex_mutex) \
	X(spin_ttas) \
	X(spin_ticket) \
	X(spin_mcs) \
	X(spin_pthread) \
	X(rwlock) \
	X(sem_futex) \
	X(sem_posix) \
	X(sem_sysv) \
	X(pipe_token) \
	X(eventfd_sem) \
	X(ofd_lock) \
	X(gil) \
	X(pipe) \
	X(pipe_duplex) \
	X(socketpair) \
	X(socketpair_seqpacket) \
	X(unix_dgram) \
	X(mqueue) \
	X(sysv_msg) \
	X(queue) \
	X(eventfd_queue) \
	X(shm_ring) \
	X(uring_msg) \
	X(uring_pipe) \
	X(sharded) \
	X(percpu_rseq) \
	X(shm) \
	X(turn_futex) \
	X(turn_futex2) \
	X(turn_spin) \
	X(turn_pipe) \
	X(turn_eventfd) \
	X(turn_cond) \
	X(turn_sem) \
	X(turn_signal) \
	X(turn_uring_futex) \
	X(turn_uring_msg)

#endif
