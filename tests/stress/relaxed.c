/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bug: every order is dropped. Processors that keep their stores and loads in order anyway, as
 * x86 does, do not show it; the thread sanitizer does, for what the lock guards is then accessed
 * without any order.
 */
#undef __ATOMIC_ACQUIRE
#undef __ATOMIC_RELEASE
#undef __ATOMIC_ACQ_REL
#undef __ATOMIC_SEQ_CST
#define __ATOMIC_ACQUIRE __ATOMIC_RELAXED
#define __ATOMIC_RELEASE __ATOMIC_RELAXED
#define __ATOMIC_ACQ_REL __ATOMIC_RELAXED
#define __ATOMIC_SEQ_CST __ATOMIC_RELAXED

#define STRESS_TABLE stress_relaxed
#include "stress/locks.h"
