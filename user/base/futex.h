/* SPDX-License-Identifier: GPL-3.0-or-later */
/* futex(2), which the C library has no wrapper for. */
#ifndef BASE_FUTEX_H
#define BASE_FUTEX_H

#include <errno.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A private futex is looked up by address alone, which is cheaper and does for one process. */
static inline int futex_flags(bool shared)
{
	return shared ? 0 : FUTEX_PRIVATE_FLAG;
}

/*
 * Sleeps while *word is `value`. Returns 0 when it may have changed: woken, interrupted, or it
 * was another value to begin with. Look again. Negative errno otherwise.
 */
static inline int futex_wait(uint32_t *word, uint32_t value, bool shared)
{
	long ret = syscall(SYS_futex, word, FUTEX_WAIT | futex_flags(shared), value, NULL);

	if (ret == 0 || errno == EAGAIN || errno == EINTR)
		return 0;
	return -errno;
}

/* Returns how many were woken, or a negative errno. */
static inline int futex_wake(uint32_t *word, int how_many, bool shared)
{
	long ret = syscall(SYS_futex, word, FUTEX_WAKE | futex_flags(shared), how_many);

	return ret < 0 ? -errno : (int)ret;
}

#endif
