/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bug: wake-ups are lost. It is one only of locks that sleep. */
#include "base/futex.h"

#define futex_wake(word, how_many, shared) ((void)(shared), 0)

#define STRESS_TABLE stress_unwoken
#include "stress/locks.h"
