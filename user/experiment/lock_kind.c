/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/lock_kind.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "strategy/semaphore.h"

/* ---- pthread_mutex_t ---- */

static int init_mutex(void *lock, int type, int robust, int protocol)
{
	pthread_mutexattr_t attributes;
	int err = pthread_mutexattr_init(&attributes);

	if (err)
		return -err;
	err = pthread_mutexattr_settype(&attributes, type);
	if (!err)
		err = pthread_mutexattr_setrobust(&attributes, robust);
	if (!err)
		err = pthread_mutexattr_setprotocol(&attributes, protocol);
	if (!err)
		err = pthread_mutex_init(lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return -err;
}

static int init_default(void *lock)
{
	return -pthread_mutex_init(lock, NULL);
}

static int init_errorcheck(void *lock)
{
	return init_mutex(lock, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE);
}

static int init_recursive(void *lock)
{
	return init_mutex(lock, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE);
}

static int init_adaptive(void *lock)
{
	return init_mutex(lock, PTHREAD_MUTEX_ADAPTIVE_NP, PTHREAD_MUTEX_STALLED,
			  PTHREAD_PRIO_NONE);
}

static int init_robust(void *lock)
{
	return init_mutex(lock, PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE);
}

static int init_pi(void *lock)
{
	return init_mutex(lock, PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_INHERIT);
}

static int init_pi_errorcheck(void *lock)
{
	return init_mutex(lock, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED,
			  PTHREAD_PRIO_INHERIT);
}

static int take_mutex(void *lock)
{
	return -pthread_mutex_lock(lock);
}

static int release_mutex(void *lock)
{
	return -pthread_mutex_unlock(lock);
}

/* There is no function that tells: a member of glibc's (bits/struct_mutex.h). */
static pid_t mutex_owner(const void *lock)
{
	const pthread_mutex_t *mutex = lock;

	return __atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED);
}

/* The futex word of robust and of PI mutexes holds the owner, because the kernel has to know it. */
static pid_t word_owner(const void *lock)
{
	const uint32_t *word = lock;

	return (pid_t)(__atomic_load_n(word, __ATOMIC_RELAXED) & FUTEX_TID_MASK);
}

/* ---- FUTEX_LOCK_PI by hand: what the kernel itself says ---- */

static int take_futex_pi(void *lock)
{
	uint32_t *word = lock;
	uint32_t nobody = 0;

	if (__atomic_compare_exchange_n(word, &nobody, (uint32_t)gettid(), false, __ATOMIC_ACQUIRE,
					__ATOMIC_RELAXED))
		return 0;
	return syscall(SYS_futex, word, FUTEX_LOCK_PI_PRIVATE, 0, NULL) ? -errno : 0;
}

static int release_futex_pi(void *lock)
{
	uint32_t *word = lock;
	uint32_t us = (uint32_t)gettid();

	if (__atomic_compare_exchange_n(word, &us, 0, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		return 0;
	return syscall(SYS_futex, word, FUTEX_UNLOCK_PI_PRIVATE) ? -errno : 0;
}

/* ---- pthread_rwlock_t ---- */

static int take_to_read(void *lock)
{
	return -pthread_rwlock_rdlock(lock);
}

static int take_to_write(void *lock)
{
	return -pthread_rwlock_wrlock(lock);
}

static int release_rwlock(void *lock)
{
	return -pthread_rwlock_unlock(lock);
}

/* Readers are only counted. A member of glibc's, too (bits/struct_rwlock.h). */
static pid_t writer(const void *lock)
{
	const pthread_rwlock_t *rwlock = lock;

	return __atomic_load_n(&rwlock->__data.__cur_writer, __ATOMIC_RELAXED);
}

/* ---- Locks without an owner ---- */

static int init_spin(void *lock)
{
	return -pthread_spin_init(lock, PTHREAD_PROCESS_PRIVATE);
}

static int take_spin(void *lock)
{
	return -pthread_spin_lock(lock);
}

static int release_spin(void *lock)
{
	return -pthread_spin_unlock(lock);
}

static int init_sem(void *lock)
{
	return sem_init(lock, 0, 1) ? -errno : 0;
}

static int take_sem(void *lock)
{
	return sem_wait(lock) ? -errno : 0;
}

static int release_sem(void *lock)
{
	return sem_post(lock) ? -errno : 0;
}

static int init_own_semaphore(void *lock)
{
	semaphore_init(lock, 1, false);
	return 0;
}

static int take_own_semaphore(void *lock)
{
	return semaphore_wait(lock);
}

static int release_own_semaphore(void *lock)
{
	return semaphore_post(lock);
}

/* ---- The list ---- */

#define MUTEX .bytes = sizeof(pthread_mutex_t), .take = take_mutex, .release = release_mutex

const struct lock_kind lock_kinds[] = {
	{ .name = "mutex",
	  .summary = "pthread_mutex_t as it is by default, which is NORMAL",
	  MUTEX,
	  .init = init_default,
	  .owner = mutex_owner },
	{ .name = "errorcheck",
	  .summary = "PTHREAD_MUTEX_ERRORCHECK: compares the owner before it takes the lock",
	  MUTEX,
	  .init = init_errorcheck,
	  .owner = mutex_owner },
	{ .name = "recursive",
	  .summary = "PTHREAD_MUTEX_RECURSIVE: counts how often its owner has taken it",
	  MUTEX,
	  .init = init_recursive,
	  .owner = mutex_owner },
	{ .name = "adaptive",
	  .summary = "PTHREAD_MUTEX_ADAPTIVE_NP: spins a little before it sleeps",
	  MUTEX,
	  .init = init_adaptive,
	  .owner = mutex_owner },
	{ .name = "robust",
	  .summary = "PTHREAD_MUTEX_ROBUST: the kernel frees it when its owner dies",
	  MUTEX,
	  .init = init_robust,
	  .owner = word_owner },
	{ .name = "pi",
	  .summary = "PTHREAD_PRIO_INHERIT: the kernel hands it over (FUTEX_LOCK_PI); glibc parks "
		     "whom it refuses",
	  MUTEX,
	  .init = init_pi,
	  .owner = word_owner },
	{ .name = "pi-errorcheck",
	  .summary = "PTHREAD_PRIO_INHERIT and PTHREAD_MUTEX_ERRORCHECK",
	  MUTEX,
	  .init = init_pi_errorcheck,
	  .owner = word_owner },
	{ .name = "futex-pi",
	  .summary = "FUTEX_LOCK_PI itself, without the C library",
	  .bytes = sizeof(uint32_t),
	  .take = take_futex_pi,
	  .release = release_futex_pi,
	  .owner = word_owner },
	{ .name = "rwlock-ww",
	  .summary = "pthread_rwlock_t: a writer locks it for writing",
	  .bytes = sizeof(pthread_rwlock_t),
	  .take = take_to_write,
	  .release = release_rwlock,
	  .owner = writer },
	{ .name = "rwlock-wr",
	  .summary = "pthread_rwlock_t: a writer locks it for reading",
	  .bytes = sizeof(pthread_rwlock_t),
	  .take = take_to_write,
	  .again = take_to_read,
	  .release = release_rwlock,
	  .owner = writer },
	{ .name = "rwlock-rw",
	  .summary = "pthread_rwlock_t: a reader locks it for writing, an upgrade",
	  .bytes = sizeof(pthread_rwlock_t),
	  .take = take_to_read,
	  .again = take_to_write,
	  .release = release_rwlock,
	  .owner = writer },
	{ .name = "rwlock-rr",
	  .summary = "pthread_rwlock_t: a reader locks it for reading",
	  .bytes = sizeof(pthread_rwlock_t),
	  .take = take_to_read,
	  .release = release_rwlock,
	  .owner = writer },
	{ .name = "spin",
	  .summary = "pthread_spinlock_t",
	  .bytes = sizeof(pthread_spinlock_t),
	  .init = init_spin,
	  .take = take_spin,
	  .release = release_spin },
	{ .name = "sem",
	  .summary = "sem_t with one permit, as Python's multiprocessing.Lock is one",
	  .bytes = sizeof(sem_t),
	  .init = init_sem,
	  .take = take_sem,
	  .release = release_sem },
	{ .name = "sem-futex",
	  .summary = "the semaphore of the strategy of that name, with one permit",
	  .bytes = sizeof(struct semaphore),
	  .init = init_own_semaphore,
	  .take = take_own_semaphore,
	  .release = release_own_semaphore },
};

const size_t n_lock_kinds = sizeof(lock_kinds) / sizeof(lock_kinds[0]);

_Static_assert(sizeof(pthread_mutex_t) <= LOCK_KIND_BYTES &&
		       sizeof(pthread_rwlock_t) <= LOCK_KIND_BYTES &&
		       sizeof(sem_t) <= LOCK_KIND_BYTES,
	       "raise LOCK_KIND_BYTES");
