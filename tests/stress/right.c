/* SPDX-License-Identifier: GPL-3.0-or-later */
/* As they are. */
#define STRESS_TABLE stress_right
#include "stress/locks.h"
