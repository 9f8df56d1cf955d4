/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The locks that `reentry` takes twice, each a descriptor. */
#ifndef EXPERIMENT_LOCK_KIND_H
#define EXPERIMENT_LOCK_KIND_H

#include <stddef.h>
#include <sys/types.h>

struct lock_kind {
	const char *name;
	const char *summary;
	size_t bytes;

	/* Each returns 0 or a negative errno. It is released as often as it was taken. */
	int (*init)(void *lock); /* NULL: all zero will do */
	int (*take)(void *lock);
	int (*again)(void *lock); /* the second time; NULL: as the first */
	int (*release)(void *lock);

	/*
	 * The thread that the lock itself says holds it, read while that one is blocked; 0: it says
	 * nobody. NULL: locks of this kind do not keep it.
	 */
	pid_t (*owner)(const void *lock);
};

extern const struct lock_kind lock_kinds[];
extern const size_t n_lock_kinds;

/* Room that is enough for any of them. */
#define LOCK_KIND_BYTES 128

#endif
